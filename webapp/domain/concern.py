"""客户主诉: the customer's own words, with when, where, condition and frequency (5W2H)."""

from sqlalchemy.orm import Session

from webapp.domain.journey import revise
from webapp.domain.known import is_known, of_visit
from webapp.domain.words import Command, IdText, Note, Short, Words
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Concern, Visit


class AddConcern(Command, frozen=True):
    concern: IdText
    text: Words
    when: Short | None = None
    where: Short | None = None
    condition: Short | None = None
    frequency: Short | None = None


class RetractConcern(Command, frozen=True):
    concern: IdText
    reason: Note


def add(db: Session, act: Act, visit: Visit, cmd: AddConcern) -> Done | None:
    """Written down as said; an edit is a retraction and a new entry."""
    if is_known(db, Concern, cmd.concern):
        raise Refusal("concern.known", N_("这条主诉已经记过"))

    db.add(Concern(id=cmd.concern, store_id=act.store, visit_id=visit.id, text=cmd.text, when=cmd.when, where=cmd.where,
                   condition=cmd.condition, frequency=cmd.frequency, recorded_by=act.actor.staff, recorded_at=act.acted_at))
    return Done(_revised(visit))


def retract(db: Session, act: Act, visit: Visit, cmd: RetractConcern) -> Done | None:
    concern = of_visit(db, Concern, cmd.concern, visit)
    if concern is None:
        raise Refusal("concern.unknown", N_("没有这条主诉，请刷新后再看"))
    if concern.retracted:
        return None

    concern.retracted, concern.retract_reason = True, cmd.reason
    return Done(_revised(visit))


def _revised(visit: Visit) -> dict[str, object]:
    """Sheet and order both show the customer's words."""
    return revise(visit, "pre_inspection") | revise(visit, "work_order")
