"""来店: a car arrives, is described, and in the end leaves."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy.orm import Session

from webapp.domain.words import Aware, Command, IdText, Line, Name, Powertrain, Sender
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Appointment, Vehicle, Visit


class OpenVisit(Command, frozen=True):
    plate: Annotated[str, Meta(max_length=12)]
    powertrain: Powertrain
    customer_name: Annotated[str, Meta(min_length=1, max_length=60)]
    mobile: Annotated[str, Meta(pattern=r"^[0-9+-]{5,20}$")]
    sender: Sender
    arrived_at: Aware
    notice_version: Name
    vin: Annotated[str, Meta(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")] | None = None
    model: Line | None = None
    vehicle: IdText | None = None
    customer: IdText | None = None
    sender_name: Name | None = None
    appointment: IdText | None = None


def open_visit(db: Session, act: Act, visit: Visit | None, cmd: OpenVisit) -> Done | None:
    """A car is here; the clock starts. The privacy notice was shown before anything is stored (RC-18, G-PRIV)."""
    if visit is not None:
        raise Refusal("visit.already_open", N_("这次来店已经登记过"))
    if not cmd.plate and not cmd.vin:
        raise Refusal("vehicle.unplated_needs_vin", N_("未上牌的车请填写车架号"))

    known = db.get(Vehicle, cmd.vehicle) if cmd.vehicle else None
    known = known if known and known.store_id == act.store else None
    db.add(Visit(
        id=act.visit, store_id=act.store, advisor=act.actor.staff, plate=cmd.plate, vin=cmd.vin, model=cmd.model,
        powertrain=cmd.powertrain, body=known.body if known else "saloon", vehicle_id=known.id if known else None,
        customer_id=known.customer_id if known else None, customer_name=cmd.customer_name, mobile=cmd.mobile,
        sender=cmd.sender, sender_name=cmd.sender_name, appointment_id=cmd.appointment,
        notice_version=cmd.notice_version, arrived_at=cmd.arrived_at, touched_at=act.now,
    ))
    booked = db.get(Appointment, cmd.appointment) if cmd.appointment else None
    if booked and booked.store_id == act.store and booked.visit_id is None:
        booked.visit_id = act.visit
    return None
