"""What a store offers and asks: its settings, lists, labour, parts, legal texts and people, as phones keep them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import ChecklistTemplate, LabourOperation, LegalText, Part, Staff, Store


def catalogue_of(db: Session, store_id: str) -> dict[str, Any]:
    """The parts of the catalogue that are rows, current versions only, in a stable order."""
    store = db.get_one(Store, store_id)
    return {
        "store": {**store.settings, "id": store.id, "name": store.name, "short_name": store.short_name,
                  "time_zone": store.time_zone, "workshop": store.workshop, "demo": store.demo},
        "checklists": _checklists(db, store_id),
        "labour_operations": [_labour(row) for row in db.scalars(
            select(LabourOperation).where(LabourOperation.store_id == store_id).order_by(LabourOperation.code))],
        "parts": [_part(row) for row in db.scalars(select(Part).where(Part.store_id == store_id).order_by(Part.code))],
        "legal_texts": [{"id": row.id, "version": row.version, "sha256": row.sha256, "text": row.text} for row in db.scalars(
            select(LegalText).where(LegalText.store_id == store_id, LegalText.current).order_by(LegalText.id))],
        "staff": [{"id": row.id, "name": row.name, "roles": row.roles} for row in db.scalars(
            select(Staff).where(Staff.store_id == store_id, Staff.active).order_by(Staff.id))],
    }


def _checklists(db: Session, store_id: str) -> list[dict[str, Any]]:
    rows = db.scalars(select(ChecklistTemplate).where(ChecklistTemplate.store_id == store_id, ChecklistTemplate.current)
                      .order_by(ChecklistTemplate.id, ChecklistTemplate.version))
    return [{**row.served, "sha256": row.sha256} for row in rows]


def _labour(row: LabourOperation) -> dict[str, Any]:
    return _plain(code=row.code, text=row.text, en=row.en, hours_centi=row.hours_centi, price_fen=row.price_fen,
                  skill=row.skill, safety=row.safety, high_voltage=row.high_voltage, repair_category=row.repair_category,
                  default_parts=row.default_parts)


def _part(row: Part) -> dict[str, Any]:
    return _plain(code=row.code, text=row.text, en=row.en, part_class=row.part_class, unit=row.unit,
                  price_fen=row.price_fen, stock_milli=row.stock_milli, eta_on=row.eta_on)


def _plain(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
