"""维修工单: what is to be done, for how much, until when. Catalogue rows beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Key, OfStore, OfVisit


class WorkOrder(OfVisit, Base):
    """One per visit; id is the visit's id. said: who filled which field, as in visit."""

    __tablename__ = "work_order"

    id: Mapped[Key]
    ceiling_fen: Mapped[int | None]
    addon_agreement: Mapped[str | None] = mapped_column(String(20))
    repair_category: Mapped[str | None] = mapped_column(String(24))
    discount_fen: Mapped[int] = mapped_column(default=0)
    discount_reason: Mapped[str | None] = mapped_column(String(300))
    promised_at: Mapped[datetime | None]
    old_parts: Mapped[str | None] = mapped_column(String(12))
    wash: Mapped[str | None] = mapped_column(String(16))
    road_test: Mapped[str | None] = mapped_column(String(16))
    payment: Mapped[str | None] = mapped_column(String(12))
    said: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    opened_by: Mapped[str] = mapped_column(String(20))


class OrderLine(OfVisit, Base):
    """kind job: hours_centi, price_fen of the line. kind part: quantity_milli, price_fen of one unit."""

    __tablename__ = "order_line"
    rules = (CheckConstraint("kind IN ('job', 'part')", name="ck_line_kind"),
             CheckConstraint("price_fen >= 0", name="ck_line_price"))

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(4))
    code: Mapped[str | None] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(String(80))
    hours_centi: Mapped[int | None]
    quantity_milli: Mapped[int | None]
    price_fen: Mapped[int]
    payer: Mapped[str] = mapped_column(String(10))
    part_class: Mapped[str | None] = mapped_column(String(20))
    safety: Mapped[bool] = mapped_column(default=False)
    high_voltage: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)
    remove_reason: Mapped[str | None] = mapped_column(String(300))
    added_by: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(default=1)


class DeclinedItem(OfVisit, Base):
    """未做项目: a line or a checklist item the customer does not want now (RC-10); safety asks for a written refusal."""

    __tablename__ = "declined_item"

    id: Mapped[Key]
    line: Mapped[str | None] = mapped_column(String(36))
    item: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(300))
    safety: Mapped[bool]
    declined_at: Mapped[datetime]


class LabourOperation(OfStore, Base):
    __tablename__ = "labour_operation"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(String(80))
    en: Mapped[str | None] = mapped_column(String(80))
    hours_centi: Mapped[int]
    price_fen: Mapped[int]
    skill: Mapped[str | None] = mapped_column(String(20))
    safety: Mapped[bool] = mapped_column(default=False)
    high_voltage: Mapped[bool] = mapped_column(default=False)
    repair_category: Mapped[str | None] = mapped_column(String(24))
    default_parts: Mapped[list[Any]] = mapped_column(Data, default=list)


class Part(OfStore, Base):
    """Cost prices stay out of this house: lane screens may be read over the shoulder."""

    __tablename__ = "part"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    text: Mapped[str] = mapped_column(String(60))
    en: Mapped[str | None] = mapped_column(String(60))
    part_class: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(10))
    price_fen: Mapped[int]
    stock_milli: Mapped[int] = mapped_column(default=0)
    eta_on: Mapped[str | None] = mapped_column(String(10))


class ChecklistTemplate(OfStore, Base):
    """A list as phones get it, by its hash; old versions stay, visits name them."""

    __tablename__ = "checklist_template"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    served: Mapped[dict[str, Any]] = mapped_column(Data)
    current: Mapped[bool] = mapped_column(default=True)


class LegalText(OfStore, Base):
    """Words a customer agrees to, by hash: notice, terms, refusal statement."""

    __tablename__ = "legal_text"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(4000))
    current: Mapped[bool] = mapped_column(default=True)


__all__ = ["ChecklistTemplate", "DeclinedItem", "LabourOperation", "LegalText", "OrderLine", "Part", "WorkOrder"]
