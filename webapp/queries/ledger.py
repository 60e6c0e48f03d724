"""The entries of one visit in order: who did what on which phone, what came of it, and the hashes that bind them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.models import KeptAct, LedgerEntry


@dataclass(frozen=True)
class Told:
    """An entry, and of its act the command and when it was done; None once the act's content was erased."""

    entry: LedgerEntry
    command: str | None
    acted_at: datetime | None


def entries_of(db: Session, store: str, visit: str, after: int, limit: int) -> list[Told]:
    """Entries of the visit with an index above `after`."""
    same = and_(KeptAct.store_id == LedgerEntry.store_id, KeptAct.idx == LedgerEntry.idx)
    rows = db.execute(select(LedgerEntry, KeptAct.command, KeptAct.acted_at).outerjoin(KeptAct, same)
                      .where(LedgerEntry.store_id == store, LedgerEntry.visit_id == visit, LedgerEntry.idx > after)
                      .order_by(LedgerEntry.idx).limit(limit))
    return [Told(entry, command, acted_at) for entry, command, acted_at in rows]
