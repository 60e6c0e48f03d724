"""预约: who is expected when, and what for. This house only reads them; booking is a later stage."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Key, Synced


class Appointment(Synced, Base):
    """jobs: labour codes; parts: [{part, quantity_milli}]. visit_id is filled when the car has come."""

    __tablename__ = "appointment"
    rules = (Index("ix_appointment_slot", "store_id", "slot_start_at"),)

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(String(20))
    vehicle_id: Mapped[str] = mapped_column(String(36), ForeignKey("vehicle.id"))
    advisor: Mapped[str | None] = mapped_column(String(20))
    slot_start_at: Mapped[datetime]
    duration_min: Mapped[int]
    promised_at: Mapped[datetime | None]
    customer_words: Mapped[str | None] = mapped_column(String(1000))
    priority_class: Mapped[str | None] = mapped_column(String(20))
    payer: Mapped[str] = mapped_column(String(10), default="customer")
    jobs: Mapped[list[Any]] = mapped_column(Data, default=list)
    parts: Mapped[list[Any]] = mapped_column(Data, default=list)
    visit_id: Mapped[str | None] = mapped_column(String(36))
