"""交车: white towel in hand, the advisor and the customer go round the car together (HO-04 … HO-08)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.checklist import AnswerItem, AnswerZone, ClearAnswer
from webapp.domain.checklist import answer as answer_item
from webapp.domain.checklist import answer_zone as answer_items
from webapp.domain.checklist import clear_answer as clear_items
from webapp.domain.damage import check
from webapp.domain.journey import revise, take_step
from webapp.domain.known import of_visit
from webapp.domain.release import open_refusals
from webapp.domain.sheet import run_of, sheet_of, template
from webapp.domain.words import Command, HashText, IdText, Name, Note, Photos, Words
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Answer, Belonging, ChecklistRun, DamageMark, Defect, Vehicle, Visit


class StartHandover(Command, frozen=True):
    template_sha256: HashText
    person: Name


class ReturnBelonging(Command, frozen=True):
    belonging: IdText
    returned: bool
    note: Note | None = None


class CompareMark(Command, frozen=True):
    mark: IdText
    same: bool
    photos: Photos = ()
    note: Note | None = None


class FindDefect(Command, frozen=True):
    text: Words
    photos: Photos = ()


def start(db: Session, act: Act, visit: Visit, cmd: StartHandover) -> Done | None:
    """The customer is here. After a defect was mended the list is gone through again from the start."""
    template(db, act, cmd.template_sha256, "white_towel_handover")
    run = run_of(db, visit, "handover")
    if run is not None and visit.state == "handover":
        return Done({"joined": True})
    take_step(visit, "handover.start")

    if run is None:
        db.add(ChecklistRun(id=f"{visit.id}.handover", store_id=act.store, visit_id=visit.id, run="handover",
                            template_sha256=cmd.template_sha256, person=cmd.person, started_at=act.acted_at,
                            started_by=act.actor.staff))
    else:
        run.template_sha256, run.person, run.started_at = cmd.template_sha256, cmd.person, act.acted_at
        for row in db.scalars(select(Answer).where(Answer.visit_id == visit.id, Answer.run == "handover", Answer.current)):
            row.current = row.disputed = False
        revise(visit, "handover")
    missing = open_refusals(db, visit)
    return Done({"refusal_missing": missing} if missing else {})


def answer(db: Session, act: Act, visit: Visit, cmd: AnswerItem) -> Done:
    return answer_item(db, act, visit, "handover", cmd)


def answer_zone(db: Session, act: Act, visit: Visit, cmd: AnswerZone) -> Done:
    return answer_items(db, act, visit, "handover", cmd)


def clear_answer(db: Session, act: Act, visit: Visit, cmd: ClearAnswer) -> Done:
    return clear_items(db, act, visit, "handover", cmd)


def return_belonging(db: Session, act: Act, visit: Visit, cmd: ReturnBelonging) -> Done | None:
    """Each listed thing is ticked back with the customer (RC-06); the last word counts."""
    sheet_of(db, visit, "handover")
    thing = of_visit(db, Belonging, cmd.belonging, visit)
    if thing is None:
        raise Refusal("handover.belonging_unknown", N_("没有这件物品的记录，请刷新后再看"))

    thing.returned, thing.return_note = cmd.returned, cmd.note
    return Done(revise(visit, "handover"))


def compare_mark(db: Session, act: Act, visit: Visit, cmd: CompareMark) -> Done | None:
    """Every mark of the arrival, and those the car came with, looked at again with the customer (rule compare)."""
    sheet_of(db, visit, "handover")
    car = db.get(Vehicle, visit.vehicle_id) if visit.vehicle_id else None
    on_card = car is not None and any(mark.get("id") == cmd.mark for mark in car.marks)
    if not on_card and of_visit(db, DamageMark, cmd.mark, visit) is None:
        raise Refusal("handover.mark_unknown", N_("没有这处损伤记录，请刷新后再看"), mark=cmd.mark)

    return check(db, act, visit, "handover", "handover", cmd.mark, "same" if cmd.same else "not_same", cmd.photos, cmd.note)


def find_defect(db: Session, act: Act, visit: Visit, cmd: FindDefect) -> Done | None:
    """The customer finds something: the car goes back to the workshop before anything is signed."""
    take_step(visit, "handover.find_defect")

    db.add(Defect(id=act.id, store_id=act.store, visit_id=visit.id, text=cmd.text, photos=list(cmd.photos),
                  found_at=act.acted_at))
    return None
