"""A visit that was quiet for two weeks is touched again: phones dropped it, so it is told to them whole."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.models import VISIT_TABLES, Vehicle, Visit
from webapp.queries.scope import TOUCHED

EARLY = timedelta(days=1)  # a phone may have asked just before the fortnight was over


def touch(db: Session, visit: Visit, change_no: int, now: datetime) -> None:
    """Notes that the visit is worked on; after a long silence everything of it takes this act's change number."""
    if now - visit.touched_at > TOUCHED - EARLY:
        for table in VISIT_TABLES:
            db.execute(update(table).where(table.store_id == visit.store_id, table.visit_id == visit.id)
                       .values(change_no=change_no), execution_options={"synchronize_session": False})
        db.execute(update(Vehicle).where(Vehicle.store_id == visit.store_id, Vehicle.id == visit.vehicle_id)
                   .values(change_no=change_no), execution_options={"synchronize_session": False})
    visit.touched_at = now
