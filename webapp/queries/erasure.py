"""What there is to erase of a visit, and the certificate of what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import KeptAct, LedgerEntry, Staff, Visit


@dataclass(frozen=True)
class Certificate:
    """hash, index: of the erase act's entry in the store's ledger, which anybody who holds a later head can check."""

    visit: Visit
    at: datetime
    who: str
    rule: str
    counts: dict[str, Any]
    index: int
    hash: str


def certificate(db: Session, store: str, visit: str) -> Certificate | None:
    """The newest erase act of the visit; None while its words are here."""
    found = db.scalar(select(Visit).where(Visit.store_id == store, Visit.id == visit, Visit.erased_at.is_not(None)))
    if found is None:
        return None
    row = db.execute(
        select(KeptAct.facts, LedgerEntry.received_at, LedgerEntry.actor, LedgerEntry.idx, LedgerEntry.hash, Staff.name)
        .join(LedgerEntry, (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx))
        .outerjoin(Staff, (Staff.store_id == LedgerEntry.store_id) & (Staff.id == LedgerEntry.actor))
        .where(KeptAct.store_id == store, KeptAct.visit_id == visit, KeptAct.command == "visit.erase",
               LedgerEntry.verdict == "applied").order_by(LedgerEntry.idx.desc()).limit(1)).one()
    return Certificate(found, row.received_at, row.name or "", row.facts.get("rule", ""), row.facts.get("erased", {}), row.idx,
                       row.hash)
