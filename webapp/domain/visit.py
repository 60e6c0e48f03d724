"""来店: a car arrives and is described. How it leaves is in release.py; two visits of one car in merge.py."""

from datetime import timedelta
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.journey import ENDED, revise
from webapp.domain.numbers import next_number
from webapp.domain.plate import Plate, read_plate
from webapp.domain.register import fill, stamp
from webapp.domain.vehicle import car_of, new_car, owner_of
from webapp.domain.vin import blocks, vin_problem
from webapp.domain.words import (
    ArrivalMode,
    Aware,
    Booklet,
    BusinessType,
    Command,
    IdText,
    Name,
    Note,
    Powertrain,
    RepairCategory,
    Sender,
    WaitingMode,
    WarrantyJudgement,
)
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Appointment, Vehicle, Visit

PlateText = Annotated[str, Meta(max_length=12)]
VinText = Annotated[str, Meta(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")]
Mobile = Annotated[str, Meta(pattern=r"^[0-9+-]{5,20}$")]
MAY_OVERRIDE_VIN = frozenset({"service_manager", "workshop_supervisor"})


class OpenVisit(Command, frozen=True):
    plate: PlateText
    powertrain: Powertrain
    customer_name: Annotated[str, Meta(min_length=1, max_length=60)]
    mobile: Mobile
    sender: Sender
    arrived_at: Aware
    notice_version: Name
    vin: VinText | None = None
    model: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    vehicle: IdText | None = None
    customer: IdText | None = None
    sender_name: Name | None = None
    appointment: IdText | None = None


class DescribeVisit(Command, frozen=True):
    arrival_mode: ArrivalMode | None = None
    licence_checked: bool | None = None
    booklet: Booklet | None = None
    waiting_mode: WaitingMode | None = None
    business_type: BusinessType | None = None
    repair_category: RepairCategory | None = None
    rework_of: Annotated[str, Meta(min_length=1, max_length=36)] | None = None
    warranty_judgement: WarrantyJudgement | None = None


class CorrectVisit(Command, frozen=True):
    reason: Note
    plate: PlateText | None = None
    vin: VinText | None = None
    model: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    customer_name: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    mobile: Mobile | None = None
    sender: Sender | None = None
    sender_name: Name | None = None


def open_visit(db: Session, act: Act, visit: Visit | None, cmd: OpenVisit) -> Done | None:
    """A car is here; the clock starts. The privacy notice was shown before anything is stored (RC-18, G-PRIV)."""
    if visit is not None:
        raise Refusal("visit.already_open", N_("这次来店已经登记过"))
    if not cmd.plate and not cmd.vin:
        raise Refusal("vehicle.unplated_needs_vin", N_("未上牌的车请填写车架号"))
    plate, warnings = _checked(act, cmd.plate, cmd.vin, cmd.powertrain)
    car = car_of(db, act, cmd.vehicle, plate, cmd.vin)

    twin = _same_car_today(db, act, plate.text)
    car = _known_or_new(db, act, car, cmd, plate)
    db.flush()
    db.add(Visit(
        id=act.visit, store_id=act.store, number=next_number(db, act, "JC"), advisor=act.actor.staff, plate=plate.text,
        vin=cmd.vin or car.vin, model=cmd.model or car.model, powertrain=cmd.powertrain, body=car.body, vehicle_id=car.id,
        customer_id=owner_of(db, act, cmd.customer, car, cmd.customer_name, cmd.mobile), customer_name=cmd.customer_name,
        mobile=cmd.mobile, sender=cmd.sender, sender_name=cmd.sender_name, appointment_id=cmd.appointment,
        notice_version=cmd.notice_version, arrived_at=cmd.arrived_at, touched_at=act.now, said={"*": stamp(act)},
    ))
    booked = db.get(Appointment, cmd.appointment) if cmd.appointment else None
    if booked and booked.store_id == act.store and booked.visit_id is None:
        booked.visit_id = act.visit
    return Done({**({"warnings": warnings} if warnings else {}), **({"same_car": twin} if twin else {})})


def describe(db: Session, act: Act, visit: Visit, cmd: DescribeVisit) -> Done | None:
    """What kind of visit this is; each field is a register of its own (offline.md 3.7)."""
    if cmd.business_type == "rework" and not (cmd.rework_of or visit.rework_of):
        raise Refusal("visit.rework_needs_order", N_("返修请选择原来的工单"))

    clashes = fill(db, act, visit, visit, {name: getattr(cmd, name) for name in cmd.__struct_fields__})
    return Done({"conflicts": clashes} if clashes else {}, conflict=bool(clashes))


def correct(db: Session, act: Act, visit: Visit, cmd: CorrectVisit) -> Done | None:
    """A slip of the pen is mended, with a reason; what was signed opens a new revision, since it shows these fields."""
    values = {name: getattr(cmd, name) for name in cmd.__struct_fields__ if name != "reason" and getattr(cmd, name) is not None}
    if not values:
        raise Refusal("visit.nothing_to_correct", N_("请填写要更正的内容"))
    if cmd.plate == "" and not (cmd.vin or visit.vin):
        raise Refusal("vehicle.unplated_needs_vin", N_("未上牌的车请填写车架号"))
    plate, warnings = _checked(act, visit.plate if cmd.plate is None else cmd.plate, cmd.vin, visit.powertrain)
    if cmd.plate is not None:
        values["plate"] = plate.text

    clashes = fill(db, act, visit, visit, values)
    _follow_car(db, act, visit, cmd)
    facts: dict[str, Any] = {"warnings": warnings} if warnings else {}
    for kind in ("pre_inspection", "work_order"):
        facts |= revise(visit, kind)
    return Done(facts | ({"conflicts": clashes} if clashes else {}), conflict=bool(clashes))


def _checked(act: Act, written: str, vin: str | None, powertrain: str) -> tuple[Plate, list[str]]:
    """Plate and VIN by documents.md 1. A wrong check digit of a car built in China needs a manager's own hand."""
    plate = read_plate(written, powertrain)
    if plate.kind is None:
        raise Refusal("vehicle.bad_plate", N_("车牌写法不对，请对照行驶证再看一遍"), plate=plate.text)
    problem = vin_problem(vin) if vin else None
    if vin and blocks(vin, problem) and not (problem == "check_digit" and act.actor.roles & MAY_OVERRIDE_VIN):
        raise Refusal("vehicle.bad_vin", N_("车架号不对，请对照行驶证再看一遍"), vin=vin, problem=problem)
    return plate, [*plate.warnings, *([f"vin.{problem}"] if problem else [])]


def _known_or_new(db: Session, act: Act, car: Vehicle | None, cmd: OpenVisit, plate: Plate) -> Vehicle:
    if car is None:
        return new_car(db, act, cmd.vehicle, plate=plate.text, plate_kind=plate.kind, vin=cmd.vin, model=cmd.model,
                       powertrain=cmd.powertrain, body="saloon")
    car.deleted = False  # a card that was emptied is in use again
    if plate.text and car.plate != plate.text:
        car.plate, car.plate_kind = plate.text, plate.kind or "other"
    car.vin, car.model = car.vin or cmd.vin, car.model or cmd.model
    return car


def _follow_car(db: Session, act: Act, visit: Visit, cmd: CorrectVisit) -> None:
    """A corrected VIN may be another car that the store knows; a corrected plate goes to the card."""
    if cmd.vin and visit.vin == cmd.vin:
        other = db.scalar(select(Vehicle).where(Vehicle.store_id == act.store, Vehicle.vin == cmd.vin))
        if other is not None:
            visit.vehicle_id = other.id
    car = db.get(Vehicle, visit.vehicle_id) if visit.vehicle_id else None
    if car is None:
        return
    if cmd.vin and visit.vin == cmd.vin and car.vin is None:
        car.vin = cmd.vin
    if cmd.plate and visit.plate:
        car.plate = visit.plate


def _same_car_today(db: Session, act: Act, plate: str) -> str | None:
    """Another open visit of this plate since yesterday: maybe two phones opened one; a person decides (visit.merge)."""
    if not plate:
        return None
    return db.scalar(select(Visit.id).where(
        Visit.store_id == act.store, Visit.plate == plate, Visit.state.not_in(ENDED), Visit.id != act.visit,
        Visit.arrived_at > act.now - timedelta(days=1)).limit(1))


