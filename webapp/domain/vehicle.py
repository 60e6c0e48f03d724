"""车辆卡: what is known of a car and its owner before it comes, made at the first visit and kept up at release."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.checklist import current_answers
from webapp.domain.known import local_day
from webapp.domain.plate import Plate
from webapp.domain.sheet import run_of
from webapp.foundation.actor import Act
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Customer, DamageMark, DeclinedItem, MarkCheck, OrderLine, Vehicle, Visit


def car_of(db: Session, act: Act, id: str | None, plate: Plate, vin: str | None) -> Vehicle | None:
    """The car's card: by VIN first (two phones may have made two ids for one car), then by the id given, then by plate."""
    mine = select(Vehicle).where(Vehicle.store_id == act.store, ~Vehicle.deleted)
    if vin and (car := db.scalar(mine.where(Vehicle.vin == vin))):
        return car
    if id and (car := db.get(Vehicle, id)):
        if car.store_id != act.store:
            raise Refusal("vehicle.unknown", N_("本店没有这张车辆卡，请重新选车"))
        return car if vin is None or car.vin in (None, vin) else None
    if plate.text and not vin:
        return db.scalar(mine.where(Vehicle.plate == plate.text).order_by(Vehicle.last_visit_on.desc()).limit(1))
    return None


def new_car(db: Session, act: Act, id: str | None, **card: Any) -> Vehicle:
    """A card for a car seen for the first time."""
    car = Vehicle(id=id if id and db.get(Vehicle, id) is None else new_id(), store_id=act.store, marks=[], declined=[], **card)
    db.add(car)
    return car


def owner_of(db: Session, act: Act, id: str | None, car: Vehicle, name: str, mobile: str) -> str:
    """The customer's id: the one given or the car's when this store knows them, else a new customer with name and mobile."""
    known = db.get(Customer, id) if id else db.get(Customer, car.customer_id) if car.customer_id else None
    if known is not None and known.store_id != act.store:
        raise Refusal("customer.unknown", N_("本店没有这位客户，请重新选择"))
    if known is None:
        known = Customer(id=id or new_id(), store_id=act.store, name=name, mobile=mobile)
        db.add(known)
        db.flush()
    if car.customer_id is None:
        car.customer_id, car.customer_name, car.mobile, car.customer_kind = known.id, known.name, known.mobile, known.kind
    return known.id


def keep_card(db: Session, act: Act, visit: Visit) -> None:
    """At release the card learns what this visit showed: odometer, damage still on the car, what was not done (RC-10)."""
    car = db.get(Vehicle, visit.vehicle_id) if visit.vehicle_id else None
    if car is None:
        return
    today = local_day(db, act)
    odometer = current_answers(db, visit, "walkaround").get("WA-DR-02")
    if odometer is not None and odometer.number is not None:
        car.odometer_km = odometer.number
    run = run_of(db, visit, "walkaround")
    if run is not None and run.mode == "full":
        car.last_full_walkaround_on = today
    car.last_visit_on, car.marks, car.declined = today, _marks(db, visit, car), _declined(db, visit, car, today.isoformat())
    car.plate, car.vin, car.model = visit.plate or car.plate, visit.vin or car.vin, visit.model or car.model


def _marks(db: Session, visit: Visit, car: Vehicle) -> list[Any]:
    gone = set(db.scalars(select(MarkCheck.mark).where(MarkCheck.visit_id == visit.id, MarkCheck.now == "gone")))
    today = db.scalars(select(DamageMark).where(DamageMark.visit_id == visit.id, ~DamageMark.retracted).order_by(DamageMark.id))
    new = [row.wire() for row in today]
    ids = {mark["id"] for mark in new} | gone
    return [mark for mark in car.marks if mark.get("id") not in ids] + new


def _declined(db: Session, visit: Visit, car: Vehicle, today: str) -> list[Any]:
    new = [{"text": row.text, "safety": row.safety, "on": today, "reason": row.reason} for row in
           db.scalars(select(DeclinedItem).where(DeclinedItem.visit_id == visit.id).order_by(DeclinedItem.id))]
    done = set(db.scalars(select(OrderLine.text).where(OrderLine.visit_id == visit.id, ~OrderLine.removed)))
    settled = done | {item["text"] for item in new}
    return [item for item in car.declined if item.get("text") not in settled] + new
