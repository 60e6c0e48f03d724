"""How the backups stand: the last that worked, the last test, what went wrong, and what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import BackupRun

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
AGAIN = timedelta(minutes=10)  # after a failure
LATE = timedelta(hours=3)


@dataclass(frozen=True)
class Run:
    kind: str
    began_at: datetime
    ended_at: datetime
    sentence: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Backups:
    """tried: the newest run of its kind, good or bad; good: the newest that worked."""

    tried: Run | None
    good: Run | None
    check_tried: Run | None
    check_good: Run | None
    failures: list[Run]

    def backup_due(self, now: datetime) -> bool:
        return _due(self.tried, self.good, HOUR, now)

    def check_due(self, now: datetime) -> bool:
        """Weekly, once there is something to test."""
        return self.good is not None and _due(self.check_tried, self.check_good, WEEK, now)

    def trouble(self, now: datetime) -> bool:
        """The owner should look: the last try or test failed, or the last good backup is old."""
        return (self.good is None or now - self.good.began_at > LATE or bool(self.tried and self.tried.sentence)
                or bool(self.check_tried and self.check_tried.sentence))


def backups(db: Session) -> Backups:
    bad = db.scalars(select(BackupRun).where(BackupRun.sentence != "").order_by(BackupRun.began_at.desc()).limit(10))
    return Backups(_newest(db, "backup", False), _newest(db, "backup", True), _newest(db, "check", False),
                   _newest(db, "check", True), [_run(row) for row in bad])


def _newest(db: Session, kind: str, good: bool) -> Run | None:
    query = select(BackupRun).where(BackupRun.kind == kind).order_by(BackupRun.began_at.desc()).limit(1)
    row = db.scalar(query.where(BackupRun.sentence == "") if good else query)
    return _run(row) if row else None


def _run(row: BackupRun) -> Run:
    return Run(row.kind, row.began_at, row.ended_at, row.sentence, row.facts)


def _due(tried: Run | None, good: Run | None, every: timedelta, now: datetime) -> bool:
    if tried is not None and tried.sentence and now - tried.began_at < AGAIN and tried.began_at <= now:
        return False
    return good is None or not timedelta(0) <= now - good.began_at < every
