"""A car's stay with us, from arrival to release, and what its customer agreed to be asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, column, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Code, Data, Key, OfVisit, Synced

STILL_HERE = "state NOT IN ('released', 'cancelled')"  # word for word, or no planner uses the index of the cars still here


class Visit(Synced, Base):
    """state: as in domain/journey.py.

    revisions: per kind of document, the revision that today's facts make; signed: per kind, the last one signed. A
    fact that arrives after a signature opens the next revision, unsigned (decisions.md 1). said: per register (plate, …)
    {device_id, seq, change_no, by} of the act that filled it, "*" for the arrival's; conflict.py judges by it. hold: why nothing
    of it may be erased (a dispute, a court); erased_at: its personal data are gone, the row is a tombstone.
    """

    __tablename__ = "visit"
    hidden = frozenset({"hold"})
    rules = (
        Index("ix_visit_day", "store_id", "arrived_at"),
        Index("ix_visit_open", "store_id", "state", "arrived_at"),
        Index("ix_visit_here", "store_id", "arrived_at", "id", sqlite_where=text(STILL_HERE), postgresql_where=text(STILL_HERE)),
        Index("ix_visit_erased", "store_id", "change_no", sqlite_where=text("erased_at IS NOT NULL"),
              postgresql_where=text("erased_at IS NOT NULL")),
        Index("ix_visit_plate", "store_id", "plate"),
        Index("ix_visit_plate_end", "store_id", func.substr(column("plate"), 3)),
        Index("ix_visit_merged", "merged_into", sqlite_where=text("merged_into IS NOT NULL"),
              postgresql_where=text("merged_into IS NOT NULL")),
        Index("uq_visit_number", "store_id", "number", unique=True, sqlite_where=text("number IS NOT NULL"),
              postgresql_where=text("number IS NOT NULL")),
    )

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(String(20))
    order_number: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[Code] = mapped_column(default="arrived")
    advisor: Mapped[str] = mapped_column(String(20))
    plate: Mapped[str] = mapped_column(String(12))
    vin: Mapped[str | None] = mapped_column(String(17))
    model: Mapped[str | None] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(8), default="saloon")
    powertrain: Mapped[str] = mapped_column(String(5))
    vehicle_id: Mapped[str | None] = mapped_column(String(36), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(36))
    customer_name: Mapped[str] = mapped_column(String(60))
    mobile: Mapped[str] = mapped_column(String(20))
    sender: Mapped[Code]
    sender_name: Mapped[str | None] = mapped_column(String(40))
    appointment_id: Mapped[str | None] = mapped_column(String(36))
    notice_version: Mapped[str] = mapped_column(String(40))
    arrived_at: Mapped[datetime]
    arrival_mode: Mapped[str | None] = mapped_column(String(20))
    licence_checked: Mapped[bool | None]
    booklet: Mapped[str | None] = mapped_column(String(20))
    waiting_mode: Mapped[str | None] = mapped_column(String(20))
    business_type: Mapped[str | None] = mapped_column(String(20))
    repair_category: Mapped[str | None] = mapped_column(String(24))
    rework_of: Mapped[str | None] = mapped_column(String(36))
    warranty_judgement: Mapped[str | None] = mapped_column(String(20))
    promised_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    checked_by: Mapped[str | None] = mapped_column(String(40))
    ready_note: Mapped[str | None] = mapped_column(String(300))
    released_at: Mapped[datetime | None]
    gate_pass: Mapped[str | None] = mapped_column(String(40))
    settled_note: Mapped[str | None] = mapped_column(String(300))
    cancel_reason: Mapped[str | None] = mapped_column(String(300))
    merged_into: Mapped[str | None] = mapped_column(String(36))
    revisions: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    signed: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    said: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    touched_at: Mapped[datetime] = mapped_column(index=True)
    hold: Mapped[str | None] = mapped_column(String(300))
    erased_at: Mapped[datetime | None]


class Consent(OfVisit, Base):
    """What the customer chose when the privacy notice was shown (RC-18, decisions.md 11). The newest row counts."""

    __tablename__ = "consent"

    id: Mapped[Key]
    notice_version: Mapped[str] = mapped_column(String(40))
    photos: Mapped[bool]
    signature: Mapped[bool]
    marketing: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(20))


class Discrepancy(OfVisit, Base):
    """A register of the visit that two people filled differently: the first stays, this is the suggestion."""

    __tablename__ = "discrepancy"

    id: Mapped[Key]
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(100))
    said_by: Mapped[str] = mapped_column(String(20))
    said_at: Mapped[datetime]
    settled: Mapped[bool] = mapped_column(default=False)
