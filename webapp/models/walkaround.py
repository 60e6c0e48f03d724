"""What is seen on the car: runs of a checklist, answers, marks, belongings, concerns."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Code, Data, Hash, Key, OfVisit


class ChecklistRun(OfVisit, Base):
    """One walk with one list. run: walkaround, internal_delivery or handover; id is `<visit>.<run>`."""

    __tablename__ = "checklist_run"
    rules = (UniqueConstraint("visit_id", "run"),)

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    run: Mapped[Code]
    template_sha256: Mapped[Hash]
    mode: Mapped[str | None] = mapped_column(String(8))
    customer_joined: Mapped[str | None] = mapped_column(String(8))
    person: Mapped[str | None] = mapped_column(String(40))
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(20))


class Answer(OfVisit, Base):
    """One answer to one item; the current one counts, others stay. id is the id of the act (and the item, in bulk).

    disputed: stands beside another person's different answer until somebody looks together (当面核对).
    """

    __tablename__ = "answer"
    rules = (
        Index("uq_answer_current", "visit_id", "run", "item", unique=True, sqlite_where=text("current"),
              postgresql_where=text("current")),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    run: Mapped[Code]
    item: Mapped[str] = mapped_column(String(20))
    status: Mapped[str | None] = mapped_column(String(10))
    number: Mapped[int | None] = mapped_column(BigInteger)
    choice: Mapped[str | None] = mapped_column(String(40))
    choices: Mapped[list[Any] | None] = mapped_column(Data)
    text: Mapped[str | None] = mapped_column(String(1000))
    reason: Mapped[str | None] = mapped_column(String(300))
    severity: Mapped[str | None] = mapped_column(String(10))
    current: Mapped[bool] = mapped_column(default=True)
    disputed: Mapped[bool] = mapped_column(default=False)
    answered_by: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime]
    device_id: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int] = mapped_column(BigInteger)


class Skip(OfVisit, Base):
    """A zone or a guided photo passed over with a reason; prints as 未查. kind: zone or photo."""

    __tablename__ = "skip"
    rules = (UniqueConstraint("visit_id", "kind", "subject"),)

    id: Mapped[str] = mapped_column(String(90), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(300))
    skipped_by: Mapped[str] = mapped_column(String(20))


class DamageMark(OfVisit, Base):
    """A mark on the drawing: place and kind never change; a change is a retraction and a new mark (RC-05)."""

    __tablename__ = "damage_mark"

    id: Mapped[Key]
    region: Mapped[Code]
    kind: Mapped[Code]
    size: Mapped[Code]
    x: Mapped[int]
    y: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(300))
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    retracted: Mapped[bool] = mapped_column(default=False)
    retract_reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class MarkCheck(OfVisit, Base):
    """A known mark looked at again. run walkaround: same, worse, gone; run handover: same, not_same."""

    __tablename__ = "mark_check"

    id: Mapped[Key]
    run: Mapped[Code]
    mark: Mapped[str] = mapped_column(String(36))
    now: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(300))
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    checked_by: Mapped[str] = mapped_column(String(20))
    checked_at: Mapped[datetime]


class Belonging(OfVisit, Base):
    """随车物品, told and listed (RC-06), ticked back at handover."""

    __tablename__ = "belonging"

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(200))
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    kept_in_car: Mapped[bool]
    retracted: Mapped[bool] = mapped_column(default=False)
    retract_reason: Mapped[str | None] = mapped_column(String(300))
    returned: Mapped[bool | None]
    return_note: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]


class Concern(OfVisit, Base):
    """客户主诉 in the customer's own words, with when, where, condition and frequency."""

    __tablename__ = "concern"

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(1000))
    when: Mapped[str | None] = mapped_column(String(120))
    where: Mapped[str | None] = mapped_column(String(120))
    condition: Mapped[str | None] = mapped_column(String(120))
    frequency: Mapped[str | None] = mapped_column(String(120))
    retracted: Mapped[bool] = mapped_column(default=False)
    retract_reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]


class Defect(OfVisit, Base):
    """What the customer finds at handover; the car goes back to the workshop."""

    __tablename__ = "defect"

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(1000))
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    found_at: Mapped[datetime]


__all__ = ["Answer", "Belonging", "ChecklistRun", "Concern", "DamageMark", "Defect", "MarkCheck", "Skip"]
