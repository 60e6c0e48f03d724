"""删除个人信息: what identifies a person goes from one visit for ever; that something happened, and its hashes, stay.

The ledger is not touched: bodies of acts and documents go, entries stay, and the chain verifies as REDACTED. Whoever asks must
be allowed to by a rule: the customer asked (and the car has left), or the time for keeping is over. A hold stops both.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.erased_words import wipe
from webapp.domain.journey import ENDED
from webapp.domain.retention import FLOORS, ended_at, is_draft
from webapp.domain.words import Command, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.clock import to_wire
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Document, KeptAct, LedgerEntry, Photo, StatusLink, Visit

MANAGERS = frozenset({"service_manager", "owner"})
Rule = Literal["customer_request", "retention", "draft", "restored"]


class EraseVisit(Command, frozen=True):
    reason: Note
    rule: Rule


class HoldVisit(Command, frozen=True):
    reason: Note


class ReleaseHold(Command, frozen=True):
    reason: Note


class ExportVisit(Command, frozen=True):
    reason: Note


def erase(db: Session, act: Act, visit: Visit | None, cmd: EraseVisit) -> Done | None:
    """Everything personal of this visit goes, here and on every phone. It cannot be undone."""
    if visit is None:
        return _never_again(db, act, cmd)
    _allowed(db, act, visit, cmd.rule)

    counts = _counts(db, visit)
    visit.erased_at, visit.touched_at, visit.deleted = act.now, act.now, True
    if visit.state not in ENDED:
        visit.state = "cancelled"
    visit_id, car, customer = visit.id, visit.vehicle_id, visit.customer_id
    return Done({"rule": cmd.rule, "erased": counts}, then=lambda db: wipe(db, act, visit_id, car, customer))


def hold(db: Session, act: Act, visit: Visit, cmd: HoldVisit) -> Done | None:
    """A dispute or a court: nothing of this visit may be erased, by nobody, until the hold is lifted."""
    visit.hold = cmd.reason
    return None


def release_hold(db: Session, act: Act, visit: Visit, cmd: ReleaseHold) -> Done | None:
    if visit.hold is None:
        raise Refusal("visit.not_on_hold", N_("这次来店没有冻结，不用解除"))
    visit.hold = None
    return None


def export(db: Session, act: Act, visit: Visit, cmd: ExportVisit) -> Done | None:
    """Somebody took the whole of it out of the house: for the customer, an insurer, a court. The ledger says who and why."""
    return Done(_counts(db, visit))


def _allowed(db: Session, act: Act, visit: Visit, rule: str) -> None:
    if visit.hold is not None:
        raise Refusal("visit.on_hold", N_("这次来店已冻结（%(why)s），解除冻结前不能删除"), why=visit.hold)
    if rule == "customer_request":
        if not act.actor.roles & MANAGERS:
            raise Refusal("visit.rule_not_yours", N_("这条删除理由要由别人来用，请联系服务经理"))
        if visit.state not in ENDED:
            raise Refusal("visit.still_here", N_("车还没有离店，请先放行或取消，再删除个人信息"))
        return
    if "server" not in act.actor.roles:
        raise Refusal("visit.rule_not_yours", N_("这条删除理由要由别人来用，请联系服务经理"))
    if until := _too_early(db, visit, rule, act.now):
        raise Refusal("visit.keep_until", N_("这次来店依规定要保存到 %(until)s，不能提前删除"), until=to_wire(until))


def _too_early(db: Session, visit: Visit, rule: str, now: datetime) -> datetime | None:
    """Until when the floor keeps it, whatever the store has set; None when it may go."""
    if rule == "restored":
        return None
    if rule == "draft":
        until = visit.touched_at + FLOORS["draft_days"]
        return until if now < until or not is_draft(db, visit) else None
    ended = ended_at(visit)
    until = (ended or now) + FLOORS["visit_days"]
    return until if ended is None or now < until else None


def _never_again(db: Session, act: Act, cmd: EraseVisit) -> Done:
    """After a restore: the journal names a visit that this backup never knew. A tombstone keeps phones from bringing it back."""
    if cmd.rule != "restored" or "server" not in act.actor.roles:
        raise Refusal("visit.unknown", N_("本店没有这次来店"))
    db.add(Visit(id=act.visit, store_id=act.store, state="cancelled", advisor="", plate="", powertrain="fuel", customer_name="",
                 mobile="", sender="other", notice_version="", arrived_at=act.now, touched_at=act.now, erased_at=act.now,
                 deleted=True))
    return Done({"rule": cmd.rule, "erased": {}})


def _counts(db: Session, visit: Visit) -> dict[str, Any]:
    def many(query: Any) -> int:
        return int(db.scalar(query) or 0)

    mine = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    return {
        "acts": many(select(func.count()).select_from(LedgerEntry).join(KeptAct, mine).where(
            LedgerEntry.store_id == visit.store_id, LedgerEntry.visit_id == visit.id, KeptAct.body.is_not(None))),
        "documents": many(select(func.count()).select_from(Document).where(Document.visit_id == visit.id)),
        "photos": many(select(func.count()).select_from(Photo).where(Photo.visit_id == visit.id)),
        "links": many(select(func.count()).select_from(StatusLink).where(StatusLink.visit_id == visit.id)),
    }
