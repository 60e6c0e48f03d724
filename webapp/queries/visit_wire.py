"""One visit whole, as rows in the same shape that `/changes` tells them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import VISIT_TABLES, Vehicle, Visit
from webapp.queries.changes import wire_row


def store_visit(db: Session, store: str, visit: str) -> Visit | None:
    """The visit, if it is this store's."""
    return db.scalar(select(Visit).where(Visit.store_id == store, Visit.id == visit))


def whole_visit(db: Session, visit: Visit) -> dict[str, Any]:
    """The visit's row, everything that hangs on it, and the card of its car."""
    rows: list[dict[str, Any]] = []
    for table in VISIT_TABLES:
        found = db.scalars(select(table).where(table.store_id == visit.store_id, table.visit_id == visit.id)
                           .order_by(table.change_no, table.id))  # type: ignore[attr-defined]
        rows += [wire_row(row) for row in found]
    car = db.scalar(select(Vehicle).where(Vehicle.store_id == visit.store_id, Vehicle.id == visit.vehicle_id))
    return {"visit": wire_row(visit), "rows": rows, "vehicle": wire_row(car) if car else None}
