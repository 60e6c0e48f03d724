"""维修工单: what is to be done, for how much, until when. Sums are in pricing.py; each change after the customer's signature
makes an unsigned revision (WO-02). Advisors price as they walk, so an order may be opened at any time (decisions.md 2)."""

from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.journey import revise
from webapp.domain.known import is_known, of_visit
from webapp.domain.numbers import next_number
from webapp.domain.pricing import totals
from webapp.domain.register import fill, stamp
from webapp.domain.sheet import item_of, sheet_of
from webapp.domain.walkaround import choices_so_far
from webapp.domain.words import (
    AddonAgreement,
    Aware,
    Command,
    Fen,
    IdText,
    ItemText,
    Line,
    Note,
    OldParts,
    PartClass,
    Payer,
    Payment,
    RepairCategory,
    RoadTest,
    Wash,
)
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import DeclinedItem, LabourOperation, OrderLine, Part, Staff, Visit, WorkOrder

NO_LIMIT = frozenset({"service_manager", "owner"})


class OpenOrder(Command, frozen=True):
    ceiling_fen: Fen | None = None
    addon_agreement: AddonAgreement | None = None
    repair_category: RepairCategory | None = None


class AddJob(Command, frozen=True):
    line: IdText
    text: Line
    hours_centi: Annotated[int, Meta(ge=0, le=100_000)]
    price_fen: Fen
    payer: Payer
    labour_operation: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    safety: bool | None = None
    high_voltage: bool | None = None


class AddPart(Command, frozen=True):
    line: IdText
    text: Line
    quantity_milli: Annotated[int, Meta(ge=1, le=10_000_000)]
    price_fen: Fen
    payer: Payer
    part_class: PartClass
    part: Annotated[str, Meta(min_length=1, max_length=30)] | None = None


class Discount(Command, frozen=True):
    amount_fen: Fen
    reason: Note


class RemoveLine(Command, frozen=True):
    line: IdText
    reason: Note


class Decline(Command, frozen=True):
    reason: Note
    safety: bool
    line: IdText | None = None
    item: ItemText | None = None


class Promise(Command, frozen=True):
    promised_at: Aware


class Choose(Command, frozen=True):
    old_parts: OldParts | None = None
    wash: Wash | None = None
    road_test: RoadTest | None = None
    payment: Payment | None = None


def open_order(db: Session, act: Act, visit: Visit, cmd: OpenOrder) -> Done | None:
    """The order begins, with what was chosen on the walk (RC-16). Opened twice, the second only fills what is empty."""
    said = {name: getattr(cmd, name) for name in cmd.__struct_fields__}
    order = db.get(WorkOrder, visit.id)
    if order is not None:
        clashes = fill(db, act, visit, order, said)
        return _done(visit, clashes)

    visit.order_number = visit.order_number or next_number(db, act, "WX")
    db.add(WorkOrder(id=visit.id, store_id=act.store, visit_id=visit.id, opened_by=act.actor.staff, discount_fen=0,
                     said={"*": stamp(act)}, **choices_so_far(db, visit), **said))
    return _done(visit)


def add_job(db: Session, act: Act, visit: Visit, cmd: AddJob) -> Done | None:
    """A job of the catalogue or in free words; safety and high voltage follow the catalogue unless said."""
    _order(db, visit)
    if is_known(db, OrderLine, cmd.line):
        raise Refusal("work_order.line_known", N_("这一行已经加过"))
    known = db.get(LabourOperation, (act.store, cmd.labour_operation)) if cmd.labour_operation else None

    safety = cmd.safety if cmd.safety is not None else bool(known and known.safety)
    voltage = cmd.high_voltage if cmd.high_voltage is not None else bool(known and known.high_voltage)
    db.add(OrderLine(id=cmd.line, store_id=act.store, visit_id=visit.id, kind="job", code=cmd.labour_operation, text=cmd.text,
                     hours_centi=cmd.hours_centi, price_fen=cmd.price_fen, payer=cmd.payer, safety=safety,
                     high_voltage=voltage, added_by=act.actor.staff, revision=_next_revision(visit)))
    return _done(visit, warnings=["labour.unknown"] if cmd.labour_operation and known is None else [])


def add_part(db: Session, act: Act, visit: Visit, cmd: AddPart) -> Done | None:
    """A part with its class (WO-04); too little in stock is said at once, with the day it will come (RC-13, WO-07)."""
    _order(db, visit)
    if is_known(db, OrderLine, cmd.line):
        raise Refusal("work_order.line_known", N_("这一行已经加过"))
    known = db.get(Part, (act.store, cmd.part)) if cmd.part else None

    db.add(OrderLine(id=cmd.line, store_id=act.store, visit_id=visit.id, kind="part", code=cmd.part, text=cmd.text,
                     quantity_milli=cmd.quantity_milli, price_fen=cmd.price_fen, payer=cmd.payer, part_class=cmd.part_class,
                     added_by=act.actor.staff, revision=_next_revision(visit)))
    short = known is not None and known.stock_milli < cmd.quantity_milli and cmd.part_class != "customer_supplied"
    stock = {"stock_milli": known.stock_milli, **({"eta_on": known.eta_on} if known.eta_on else {})} if known and short else {}
    return _done(visit, warnings=["part.unknown"] if cmd.part and known is None else [], short=stock)


def discount(db: Session, act: Act, visit: Visit, cmd: Discount) -> Done | None:
    """Off the customer's share, with a reason; above the advisor's own limit the service manager gives it."""
    order = _order(db, visit)
    share = totals(_lines(db, visit)).by_payer.get("customer", 0)
    if cmd.amount_fen > share:
        raise Refusal("work_order.discount_too_large", N_("优惠不能超过客户应付的金额"), most_fen=share)
    staff = db.get_one(Staff, (act.store, act.actor.staff))
    if cmd.amount_fen > staff.discount_limit_fen and not act.actor.roles & NO_LIMIT:
        raise Refusal("work_order.discount_limit", N_("超过您的优惠权限，请服务经理来优惠"), limit_fen=staff.discount_limit_fen)

    clashes = fill(db, act, visit, order, {"discount_fen": cmd.amount_fen})
    if not clashes:
        order.discount_reason = cmd.reason
    return _done(visit, clashes)


def remove_line(db: Session, act: Act, visit: Visit, cmd: RemoveLine) -> Done | None:
    """Taken off the order, with a reason; it stays on record."""
    _order(db, visit)
    line = of_visit(db, OrderLine, cmd.line, visit)
    if line is None:
        raise Refusal("work_order.line_unknown", N_("工单里没有这一行，请刷新后再看"))
    if line.removed:
        return None

    line.removed, line.remove_reason = True, cmd.reason
    return _done(visit)


def decline(db: Session, act: Act, visit: Visit, cmd: Decline) -> Done | None:
    """未做项目: the customer does not want it now and is not pressed (RC-10). A line leaves the order; safety asks for a
    refusal statement (HO-08, G-REFUSE), and what the list or the line calls safety is safety whatever was sent."""
    if (cmd.line is None) == (cmd.item is None):
        raise Refusal("work_order.one_subject", N_("请指明不做的是工单里的一行，还是检查的一项"))
    text, safety = _declined(db, visit, cmd)
    there = db.scalar(select(DeclinedItem).where(DeclinedItem.visit_id == visit.id, DeclinedItem.line == cmd.line,
                                                 DeclinedItem.item == cmd.item))

    if there is None:
        db.add(DeclinedItem(id=act.id, store_id=act.store, visit_id=visit.id, line=cmd.line, item=cmd.item, text=text,
                            reason=cmd.reason, safety=safety, declined_at=act.acted_at))
    else:
        there.reason, there.safety = cmd.reason, there.safety or safety
    if line := db.get(OrderLine, cmd.line) if cmd.line else None:
        line.removed, line.remove_reason = True, cmd.reason
    if safety:
        revise(visit, "refusal_statement")
    return _done(visit, safety=safety)


def promise(db: Session, act: Act, visit: Visit, cmd: Promise) -> Done | None:
    """When the car will be ready, said by the advisor (RC-15); never in the past."""
    order = _order(db, visit)
    if cmd.promised_at < act.acted_at:
        raise Refusal("work_order.promise_past", N_("预计交车时间已经过了，请重新选择"))

    clashes = fill(db, act, visit, order, {"promised_at": cmd.promised_at})
    visit.promised_at = order.promised_at
    return _done(visit, clashes)


def choose(db: Session, act: Act, visit: Visit, cmd: Choose) -> Done | None:
    """Old parts, wash, road test, payment: asked and recorded (RC-16)."""
    order = _order(db, visit)

    return _done(visit, fill(db, act, visit, order, {name: getattr(cmd, name) for name in cmd.__struct_fields__}))


def order_lines(db: Session, visit: Visit) -> list[OrderLine]:
    """Lines that stand, in the order they were added."""
    return [line for line in _lines(db, visit) if not line.removed]


def _order(db: Session, visit: Visit) -> WorkOrder:
    order = db.get(WorkOrder, visit.id)
    if order is None:
        raise Refusal("work_order.not_open", N_("还没有开工单，请先点“开单”"))
    return order


def _lines(db: Session, visit: Visit) -> list[OrderLine]:
    return list(db.scalars(select(OrderLine).where(OrderLine.visit_id == visit.id).order_by(OrderLine.change_no)))


def _declined(db: Session, visit: Visit, cmd: Decline) -> tuple[str, bool]:
    if cmd.line is not None:
        line = of_visit(db, OrderLine, cmd.line, visit)
        if line is None:
            raise Refusal("work_order.line_unknown", N_("工单里没有这一行，请刷新后再看"))
        return line.text, cmd.safety or line.safety
    item = item_of(sheet_of(db, visit, "walkaround"), cmd.item or "")
    return str(item["zh"])[:200], cmd.safety or bool(item["safety"])


def _next_revision(visit: Visit) -> int:
    current: int = visit.revisions.get("work_order", 1)
    return current + 1 if visit.signed.get("work_order") == current else current


def _done(visit: Visit, clashes: list[dict[str, Any]] | None = None, **facts: Any) -> Done:
    named = {name: value for name, value in facts.items() if value}
    return Done({**revise(visit, "work_order"), **named, **({"conflicts": clashes} if clashes else {})}, conflict=bool(clashes))
