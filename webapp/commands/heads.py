"""Heads come back from phones: each is compared with the ledger, kept as a witness, and what differs is told the manager."""

from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.foundation.actor import Actor
from webapp.foundation.ids import new_id
from webapp.models import Incident, WitnessedHead
from webapp.queries.heads import Compared, HeldHead, compare

DIFFERS, TAKEN_BACK = "head_differs", "head_taken_back"


def take_heads(actor: Actor, key: ec.EllipticCurvePublicKey, held: Sequence[HeldHead]) -> Callable[[Session, datetime], Compared]:
    """What a phone of the store held. The same difference of the same phone is one incident, however often it is told."""

    def work(db: Session, now: datetime) -> Compared:
        told = compare(db, key, actor.store, held)
        genuine = {(head.index, head.hash): head for head in (*told.agree, *told.differ, *told.taken_back)}
        known = set(db.execute(select(WitnessedHead.idx, WitnessedHead.hash).where(
            WitnessedHead.store_id == actor.store, WitnessedHead.device_id == actor.device)).all())
        db.add_all(WitnessedHead(store_id=actor.store, device_id=actor.device, idx=head.index, hash=head.hash, epoch=head.epoch,
                                 at=now) for place, head in genuine.items() if place not in known)
        for kind, heads in ((DIFFERS, told.differ), (TAKEN_BACK, told.taken_back)):
            _report(db, actor, kind, heads, now)
        return told

    return work


def _report(db: Session, actor: Actor, kind: str, heads: Sequence[HeldHead], now: datetime) -> None:
    earlier = db.scalars(select(Incident).where(Incident.store_id == actor.store, Incident.kind == kind,
                                                Incident.device_id == actor.device))
    told = {(index, hash) for incident in earlier for index, hash in incident.facts["heads"]}
    fresh = sorted({(head.index, head.hash) for head in heads} - told)
    if fresh:
        db.add(Incident(id=new_id(), store_id=actor.store, change_no=None, kind=kind, device_id=actor.device, at=now,
                        facts={"staff": actor.staff, "heads": [list(head) for head in fresh]}))
