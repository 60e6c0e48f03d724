"""What has been kept long enough goes, every day by itself: listed first, erased through the one door, on record in the ledger.

Customers' links end by themselves where they are opened (status_page.py); backups where they are made.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from webapp.commands.arrival import server_actor
from webapp.commands.desk_session import WHOLE
from webapp.commands.erase import clear_up_all, erase_visit
from webapp.commands.house import House
from webapp.domain.journey import ENDED
from webapp.domain.retention import CEILINGS, ended_at, kept_for
from webapp.models import DeskSession, Document, DocumentRefusal, Incident, Store, Visit

DAILY = timedelta(hours=20)
MOST = 1000
REASONS = {"retention": "保存期满，自动删除", "draft": "没有签字的登记满期，自动删除"}


@dataclass(frozen=True)
class Due:
    """A visit whose time is over. number: by which the store's people know it."""

    store: str
    visit: str
    number: str
    rule: str
    since: datetime


@dataclass(frozen=True)
class Report:
    """due: what was found; erased: how many of it went; held: kept by a hold though its time is over; logs: old entries gone."""

    due: tuple[Due, ...]
    erased: int
    held: int
    logs: int


def run_retention(house: House, now: Callable[[], datetime], dry: bool = False) -> Report:
    """One round over all stores. dry: only looks."""
    moment = now()
    with house.database.read() as db:
        stores = list(db.scalars(select(Store).order_by(Store.id)))
        due = tuple(one for store in stores for one in find_due(db, store, moment))
        held = int(db.scalar(select(func.count()).where(Visit.hold.is_not(None), Visit.state.in_(ENDED))) or 0)
    if dry:
        return Report(due, 0, held, 0)
    erased = sum(_erase(house, one) for one in due)
    logs = sum(house.door.record(_old_logs(store.id, kept_for(store.settings, "log_days"))) for store in stores)
    clear_up_all(house)
    _put_aside(house, moment)
    _stamp(house).touch()
    os.utime(_stamp(house), (moment.timestamp(), moment.timestamp()))
    return Report(due, erased, held, logs)


def is_due(home: Path, now: datetime) -> bool:
    """Whether a day has passed since the last round."""
    try:
        return now.timestamp() - (home / "retention").stat().st_mtime > DAILY.total_seconds()
    except FileNotFoundError:
        return True


def find_due(db: Session, store: Store, now: datetime) -> list[Due]:
    """Visits of the store that may go: none on hold, none that goes on in another (it goes with that one)."""
    mine = select(Visit).where(Visit.store_id + "" == store.id, Visit.erased_at.is_(None), Visit.hold.is_(None),
                               Visit.merged_into.is_(None)).order_by(Visit.touched_at).limit(MOST)
    span, draft = kept_for(store.settings, "visit_days"), kept_for(store.settings, "draft_days")
    old = db.scalars(mine.where(Visit.touched_at < now - span, Visit.state.in_(ENDED)))
    found = {v.id: Due(store.id, v.id, v.number or v.id, "retention", v.touched_at) for v in old
             if (ended := ended_at(v)) is not None and ended < now - span}
    unsigned = db.scalars(mine.where(Visit.touched_at < now - draft, ~exists().where(Document.visit_id == Visit.id),
                                     ~exists().where(DocumentRefusal.visit_id == Visit.id)))
    for v in unsigned:
        found.setdefault(v.id, Due(store.id, v.id, v.number or v.id, "draft", v.touched_at))
    return list(found.values())


def _erase(house: House, due: Due) -> bool:
    act = str(uuid5(NAMESPACE_OID, f"visit.erase/{due.rule}/{due.visit}"))
    receipt = erase_visit(house, server_actor(house, due.store), due.visit, due.rule, REASONS[due.rule], act)
    return receipt.verdict == "applied"


def _old_logs(store: str, span: timedelta) -> Callable[[Session, datetime], int]:
    """What went wrong long ago, and sign-ins that are over."""

    def work(db: Session, now: datetime) -> int:
        gone = db.execute(delete(Incident).where(Incident.store_id == store, Incident.at < now - span))
        db.execute(delete(DeskSession).where(DeskSession.store_id == store, DeskSession.created_at < now - WHOLE))
        return int(getattr(gone, "rowcount", 0))

    return work


def _put_aside(house: House, now: datetime) -> None:
    """What a restore moved aside is a backup like any other: it goes when backups do."""
    for path in house.settings.home.glob("before-restore-*"):
        if now.timestamp() - path.stat().st_mtime > CEILINGS["backup_days"].total_seconds():
            shutil.rmtree(path, ignore_errors=True)


def _stamp(house: House) -> Path:
    return house.settings.home / "retention"
