"""随车物品: what stays in the car is told and listed (RC-06), and ticked back at handover."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy.orm import Session

from webapp.domain.journey import revise
from webapp.domain.known import is_known, of_visit
from webapp.domain.sheet import sheet_of
from webapp.domain.words import Command, IdText, Note, Photos
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Belonging, Visit


class RecordBelonging(Command, frozen=True):
    belonging: IdText
    text: Annotated[str, Meta(min_length=1, max_length=200)]
    kept_in_car: bool
    photos: Photos = ()


class RetractBelonging(Command, frozen=True):
    belonging: IdText
    reason: Note


def record(db: Session, act: Act, visit: Visit, cmd: RecordBelonging) -> Done | None:
    """A thing of value in the car, in the customer's presence; kept there, or taken along."""
    sheet_of(db, visit, "walkaround")
    if is_known(db, Belonging, cmd.belonging):
        raise Refusal("walkaround.belonging_known", N_("这件物品已经记过"))

    facts = revise(visit, "pre_inspection")
    db.add(Belonging(id=cmd.belonging, store_id=act.store, visit_id=visit.id, text=cmd.text, photos=list(cmd.photos),
                     kept_in_car=cmd.kept_in_car, recorded_by=act.actor.staff, recorded_at=act.acted_at))
    return Done(facts)


def retract(db: Session, act: Act, visit: Visit, cmd: RetractBelonging) -> Done | None:
    """Listed by mistake: crossed out with a reason, and kept on record."""
    thing = of_visit(db, Belonging, cmd.belonging, visit)
    if thing is None:
        raise Refusal("walkaround.belonging_unknown", N_("没有这件物品的记录，请刷新后再看"))
    if thing.retracted:
        return None

    thing.retracted, thing.retract_reason = True, cmd.reason
    return Done(revise(visit, "pre_inspection"))
