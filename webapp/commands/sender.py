"""Who sends, and where the store's chain stands, read and locked at the start of a push."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.commands.ledger import Head
from webapp.commands.parse import Envelope
from webapp.commands.registry import COMMANDS
from webapp.foundation.actor import Actor
from webapp.foundation.es256 import jwk_id, public_key, verify
from webapp.foundation.ids import is_id
from webapp.models import Device, Staff, StoreCounter, Synced


@dataclass
class Sender:
    """The device's own numbers while a push runs; they are written once, at its end."""

    id: str
    store: str
    staff: str | None
    name: str
    revoked: bool
    expect_seq: int
    failures: int
    app: str | None
    public_key: dict[str, str] | None

    def check(self, envelope: Envelope) -> bool:
        """Looks whether this phone's key made the act's signature, and notes the key. False: it is somebody else's.

        No signature is no fault (an older phone), and neither is one of a phone whose key we do not have, as after a
        backup was restored: what nobody can check says nothing. The entry's key_id stays empty, which tells it.
        """
        if envelope.sig is None or self.public_key is None:
            return True
        if not verify(self._key, envelope.sig, envelope.signed):
            return False
        envelope.key_id = self._key_id
        return True

    @cached_property
    def _key(self) -> ec.EllipticCurvePublicKey:
        return public_key(self.public_key or {})

    @cached_property
    def _key_id(self) -> str:
        return jwk_id(self.public_key or {})


def lock_head(db: Session, store: str) -> Head:
    """Locks the store's counter row: from here on this store's acts have one order (decision 0001)."""
    row = db.execute(select(StoreCounter.store_id, StoreCounter.n, StoreCounter.head, StoreCounter.epoch)
                     .where(StoreCounter.store_id == store).with_for_update()).one()
    return Head(*row)


def lock_sender(db: Session, id: str) -> Sender:
    row = db.execute(select(Device.store_id, Device.staff_id, Device.name, Device.revoked_at, Device.expect_seq,
                            Device.failures, Device.app, Device.public_key).where(Device.id == id).with_for_update()).one()
    return Sender(id, row.store_id, row.staff_id, row.name, row.revoked_at is not None, row.expect_seq, row.failures,
                  row.app, row.public_key)


def owner(db: Session, sender: Sender) -> Actor:
    """The person whose phone it is, with the roles of today; one who left has none."""
    staff = db.get(Staff, (sender.store, sender.staff)) if sender.staff else None
    if staff is None or not staff.active:
        return Actor(sender.store, sender.staff or "", sender.name, frozenset(), sender.id)
    return Actor(sender.store, staff.id, staff.name, frozenset(staff.roles), sender.id)


def absent(db: Session, envelopes: Sequence[Envelope]) -> dict[type[Synced], set[str]]:
    """Ids that these acts will make and that nobody has used yet: one question per table instead of one per act."""
    wanted: dict[type[Synced], set[str]] = defaultdict(set)
    for envelope in envelopes:
        entry = COMMANDS.get(envelope.command)
        if entry and entry.makes and is_id(id := envelope.args.get(entry.makes[1])):
            wanted[entry.makes[0]].add(str(id))
    for model, ids in wanted.items():
        key = model.__table__.c.id  # type: ignore[attr-defined]
        ids.difference_update(db.scalars(select(key).where(key.in_(ids))))
    return dict(wanted)
