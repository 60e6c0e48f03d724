"""A car's card: what is known of it before it comes, kept ready for phones without a network."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Key, Synced


class Vehicle(Synced, Base):
    """marks: damage still on the car at its last release, as wire rows of damage_mark. declined: [{text, safety, on}].

    The customer's name and mobile stand here too, so that a card is one row on a phone.
    """

    __tablename__ = "vehicle"
    rules = (UniqueConstraint("store_id", "vin"),)

    id: Mapped[Key]
    customer_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("customer.id"))
    customer_name: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(20))
    customer_kind: Mapped[str | None] = mapped_column(String(12))
    wishes: Mapped[str | None] = mapped_column(String(200))
    special_flag: Mapped[str | None] = mapped_column(String(20))
    plate: Mapped[str] = mapped_column(String(12), default="", index=True)
    plate_kind: Mapped[str] = mapped_column(String(12), default="ordinary")
    vin: Mapped[str | None] = mapped_column(String(17))
    model: Mapped[str | None] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(8), default="saloon")
    powertrain: Mapped[str] = mapped_column(String(5))
    colour: Mapped[str | None] = mapped_column(String(20))
    registered_on: Mapped[date | None]
    odometer_km: Mapped[int | None]
    last_visit_on: Mapped[date | None]
    last_full_walkaround_on: Mapped[date | None]
    placard_kpa: Mapped[int | None]
    service_km: Mapped[int | None]
    service_months: Mapped[int | None]
    open_recall: Mapped[str | None] = mapped_column(String(60))
    ceiling_fen: Mapped[int | None]
    marks: Mapped[list[Any]] = mapped_column(Data, default=list)
    declined: Mapped[list[Any]] = mapped_column(Data, default=list)
