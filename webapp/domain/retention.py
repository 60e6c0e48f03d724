"""How long what is kept (evidence.md 5): defaults, a store's own choice, and floors that no choice goes below.

Evidence of a visit is kept three years and thirty days from its end (limitation of claims), at least two years (records of
repairs). What was begun and never signed goes after a month. Backups go sooner, so that what is erased stays erased.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.journey import ENDED
from webapp.models import DocumentRefusal, Visit

DEFAULTS = {"draft_days": 30, "visit_days": 3 * 365 + 30, "log_days": 365, "backup_days": 35}
FLOORS = {"draft_days": timedelta(days=30), "visit_days": timedelta(days=2 * 365), "log_days": timedelta(days=180)}
CEILINGS = {"backup_days": timedelta(days=35)}


def kept_for(settings: Mapping[str, Any], name: str) -> timedelta:
    """How long this store keeps it: its own number of days where that is one, never below the floor or above the ceiling."""
    own = settings.get("retention", {}).get(name) if isinstance(settings.get("retention"), dict) else None
    days = own if isinstance(own, int) and not isinstance(own, bool) and 0 < own < 36500 else DEFAULTS[name]
    span = max(timedelta(days=days), FLOORS.get(name, timedelta()))
    return min(span, CEILINGS.get(name, span))


def ended_at(visit: Visit) -> datetime | None:
    """When the visit came to its end; None while it goes on. A cancelled one ended when it was last touched."""
    if visit.state not in ENDED:
        return None
    return max(visit.released_at or visit.touched_at, visit.touched_at)


def is_draft(db: Session, visit: Visit) -> bool:
    """Begun, and no document of it ever came to an end: neither signed, nor refused, nor on paper."""
    return not visit.signed and db.scalar(
        select(DocumentRefusal.id).where(DocumentRefusal.visit_id == visit.id).limit(1)) is None
