"""What an act may take for granted about ids and rows, and what a batch of acts need not look up twice."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.foundation.actor import Act
from webapp.models import OfVisit, Store, Synced, Visit

Mine = TypeVar("Mine", bound=OfVisit)
T = TypeVar("T")


def once(db: Session, key: tuple[Any, ...], find: Callable[[], T]) -> T:
    """Looks up once per batch: kept beside the session, which execute empties when an act is undone."""
    kept = db.info.setdefault("known", {})
    if key not in kept:
        found = find()
        if found is None:
            return found
        kept[key] = found
    return kept[key]  # type: ignore[no-any-return]


def forget(db: Session, *keys: tuple[Any, ...]) -> None:
    """What was looked up is no longer so: all of it, or these keys."""
    kept = db.info.get("known", {})
    for key in keys or list(kept):
        kept.pop(key, None)


def is_known(db: Session, model: type[Synced], id: str) -> bool:
    """An id names one thing for ever, in whichever store: a second act with it is refused, not merged."""
    absent = db.info.get("absent", {}).get(model, ())
    if id in absent:  # asked for the whole batch at its start
        absent.remove(id)
        return False
    return db.get(model, id) is not None


def of_visit(db: Session, model: type[Mine], id: str, visit: Visit) -> Mine | None:
    """The visit's own row; None when there is none, or when it belongs to another visit or store."""
    row = db.get(model, id)
    return row if row is not None and row.visit_id == visit.id else None


def store_of(db: Session, act: Act) -> Store:
    return once(db, ("store", act.store), lambda: db.get_one(Store, act.store))


def local_day(db: Session, act: Act) -> date:
    """Today, as the store's people count days."""
    return act.now.astimezone(ZoneInfo(store_of(db, act).time_zone)).date()
