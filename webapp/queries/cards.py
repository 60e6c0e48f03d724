"""A car's card: who owns it, how far it had run, what marks it left with, what was not done last time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Vehicle

MOST = 20


def cards_by_plate(db: Session, store: str, plate: str) -> list[dict[str, Any]]:
    """Wire rows of the store's vehicles with this plate (separators and case do not matter), last seen first."""
    asked = "".join(c for c in plate if c not in " ·•-.").upper()
    rows = db.scalars(select(Vehicle).where(Vehicle.store_id == store, Vehicle.plate == asked, ~Vehicle.deleted)
                      .order_by(Vehicle.last_visit_on.is_(None), Vehicle.last_visit_on.desc(), Vehicle.id).limit(MOST))
    return [{"change_no": row.change_no, **row.wire()} for row in rows]
