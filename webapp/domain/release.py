"""离店: the workshop elsewhere has finished, the car is released, or the visit comes to nothing (decisions.md 3)."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.journey import take_step
from webapp.domain.known import store_of
from webapp.domain.vehicle import keep_card
from webapp.domain.words import Command, Name, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import DeclinedItem, Document, DocumentRefusal, Visit


class MarkReady(Command, frozen=True):
    checked_by: Name
    note: Note | None = None


class ReleaseVisit(Command, frozen=True):
    gate_pass: Name | None = None
    settled_elsewhere: Note | None = None


class CancelVisit(Command, frozen=True):
    reason: Note


def mark_ready(db: Session, act: Act, visit: Visit, cmd: MarkReady) -> Done | None:
    """“Workshop finished, checked by …”: only where the workshop is elsewhere."""
    if store_of(db, act).workshop != "external":
        raise Refusal("visit.workshop_here", N_("本店有自己的车间，请由质检员终检"))
    take_step(visit, "visit.mark_ready")

    visit.ready_at, visit.checked_by, visit.ready_note = act.acted_at, cmd.checked_by, cmd.note
    return None


def release(db: Session, act: Act, visit: Visit, cmd: ReleaseVisit) -> Done | None:
    """The car leaves. Every declined safety item has the customer's written refusal first (G-REFUSE)."""
    if open_refusals(db, visit):
        raise Refusal("visit.refusal_missing", N_("有安全项客户不做，请先请客户签拒修声明，再放行"))
    take_step(visit, "visit.release")

    visit.released_at, visit.gate_pass, visit.settled_note = act.acted_at, cmd.gate_pass, cmd.settled_elsewhere
    keep_card(db, act, visit)
    return None


def cancel(db: Session, act: Act, visit: Visit, cmd: CancelVisit) -> Done | None:
    """Before work has begun the visit may end with a reason; what was recorded stays."""
    take_step(visit, "visit.cancel")

    visit.cancel_reason = cmd.reason
    return None


def open_refusals(db: Session, visit: Visit) -> list[str]:
    """Declined safety items that no written refusal covers: signed, on paper, or refused before a witness (G-REFUSE)."""
    declined = db.scalars(select(DeclinedItem).where(DeclinedItem.visit_id == visit.id, DeclinedItem.safety)).all()
    if not declined:
        return []
    statements = db.scalars(select(Document.body).where(
        Document.visit_id == visit.id, Document.kind == "refusal_statement", Document.void_reason.is_(None)))
    named = {item["declined"] for body in statements for item in json.loads(body)["declined"]}
    otherwise = db.scalars(select(DocumentRefusal).where(
        DocumentRefusal.visit_id == visit.id, DocumentRefusal.kind == "refusal_statement"))
    written = max((row.change_no for row in otherwise if row.reason == "paper" or row.witness), default=0)
    return [row.text for row in declined if row.id not in named and row.change_no > written]
