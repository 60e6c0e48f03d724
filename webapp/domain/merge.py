"""两次来店并成一次: two phones, both offline, opened a visit each for one car. A person decides; nothing is lost.

What stands alone (marks, belongings, concerns, photos, order lines, …) moves to the visit that goes on; answers move
too, and where both visits answered an item differently they stand beside each other like any two people's answers.
Consents, links, skips and runs stay with the visit that ends, whose ledger is kept.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.checklist import current_answers, plain, said
from webapp.domain.conflict import judge
from webapp.domain.journey import ENDED, revise
from webapp.domain.known import forget
from webapp.domain.words import Command, IdText, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import (
    Answer,
    Appointment,
    Belonging,
    ChecklistRun,
    Concern,
    DamageMark,
    DeclinedItem,
    MarkCheck,
    OfVisit,
    OrderLine,
    Photo,
    Visit,
    WorkOrder,
)

MOVES: tuple[type[OfVisit], ...] = (DamageMark, MarkCheck, Belonging, Concern, Photo, OrderLine, DeclinedItem)
ORDER = ("ceiling_fen", "addon_agreement", "repair_category", "discount_fen", "discount_reason", "promised_at", "old_parts",
         "wash", "road_test", "payment", "said", "opened_by")
KINDS = (("choices", "choices"), ("number", "number"), ("choice", "choice"), ("text", "text"))


class MergeVisit(Command, frozen=True):
    into: IdText
    reason: Note


def merge(db: Session, act: Act, visit: Visit, cmd: MergeVisit) -> Done | None:
    """The visit of this act ends and goes on in `into`. Whichever was signed must be the one that goes on."""
    goal = db.get(Visit, cmd.into)
    if goal is None or goal.store_id != act.store or goal.id == visit.id:
        raise Refusal("visit.merge_unknown", N_("没有要并入的来店，请刷新后再选"))
    if goal.merged_into or goal.state in ENDED or visit.state in ENDED:
        raise Refusal("visit.merge_ended", N_("已结束的来店不能合并，请联系服务经理"))
    if not _same_car(visit, goal):
        raise Refusal("visit.merge_other_car", N_("两次来店不是同一辆车，请先更正车牌或车架号"))
    if visit.signed:
        raise Refusal("visit.merge_signed", N_("这次来店已有签字单据，请反过来，把另一次并入这一次"))

    for model in MOVES:
        for row in db.scalars(select(model).where(model.visit_id == visit.id)):
            row.visit_id = goal.id
    clashes = _move_answers(db, visit, goal)
    _move_order(db, act, visit, goal)
    goal.vin, goal.model, goal.appointment_id = goal.vin or visit.vin, goal.model or visit.model, _booking(db, visit, goal)
    forget(db)
    visit.state, visit.merged_into, visit.cancel_reason = "cancelled", goal.id, cmd.reason
    facts = revise(goal, "pre_inspection") | revise(goal, "work_order")
    return Done({**facts, "into": goal.id, **({"conflicts": clashes} if clashes else {})}, conflict=bool(clashes))


def _same_car(a: Visit, b: Visit) -> bool:
    return bool((a.plate and a.plate == b.plate) or (a.vin and a.vin == b.vin))


def _move_answers(db: Session, visit: Visit, goal: Visit) -> list[dict[str, object]]:
    run = db.get(ChecklistRun, f"{visit.id}.walkaround")
    if run is None:
        return []
    if db.get(ChecklistRun, f"{goal.id}.walkaround") is None:
        db.add(ChecklistRun(id=f"{goal.id}.walkaround", store_id=goal.store_id, visit_id=goal.id, run="walkaround",
                            template_sha256=run.template_sha256, mode=run.mode, customer_joined=run.customer_joined,
                            started_at=run.started_at, started_by=run.started_by))
        goal.state = visit.state if goal.state == "arrived" else goal.state
    there = current_answers(db, goal, "walkaround")
    clashes: list[dict[str, object]] = []
    for item, row in current_answers(db, visit, "walkaround").items():
        if item in there and (clash := _beside(db, row, there[item])):
            clashes.append(clash)
        if item not in there or row.disputed:
            row.visit_id = goal.id
    return clashes


def _beside(db: Session, row: Answer, there: Answer) -> dict[str, object] | None:
    """Neither had seen the other: they are judged as if the merged one arrived now."""
    kind = next((kind for name, kind in KINDS if getattr(row, name) is not None), "status")
    incoming = {**plain(row), "device_id": "merged", "base": None}
    judged = judge(kind, {**plain(there), "device_id": "here"}, incoming)
    if judged.verdict != "conflict":
        return None
    row.disputed = there.disputed = True
    worse, other = (row, there) if judged.current == "incoming" else (there, row)
    other.current = False
    db.flush()  # the other must step down before this one moves beside it
    return {"item": row.item, "current": said(worse), "other": said(other)}


def _move_order(db: Session, act: Act, visit: Visit, goal: Visit) -> None:
    order = db.get(WorkOrder, visit.id)
    if order is None or db.get(WorkOrder, goal.id) is not None:
        return
    db.add(WorkOrder(id=goal.id, store_id=act.store, visit_id=goal.id, **{name: getattr(order, name) for name in ORDER}))
    goal.order_number, visit.order_number = goal.order_number or visit.order_number, None
    goal.promised_at = goal.promised_at or order.promised_at


def _booking(db: Session, visit: Visit, goal: Visit) -> str | None:
    if goal.appointment_id or not visit.appointment_id:
        return goal.appointment_id
    booked = db.get(Appointment, visit.appointment_id)
    if booked is not None and booked.visit_id == visit.id:
        booked.visit_id = goal.id
    return visit.appointment_id
