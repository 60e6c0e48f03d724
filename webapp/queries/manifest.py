"""Where the store's ledger stands, and what the server has of one visit: a phone's proof of rest (offline.md 3.5)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import Document, KeptAct, LedgerEntry, Photo, StoreCounter


@dataclass(frozen=True)
class Head:
    """An entry up to which the store's ledger is spoken of, mostly the last."""

    store: str
    index: int
    hash: str
    epoch: int


def store_head(db: Session, store: str) -> Head:
    """Read first in a transaction that reads rows: everything up to `index` is committed."""
    row = db.execute(select(StoreCounter.n, StoreCounter.head, StoreCounter.epoch).where(StoreCounter.store_id == store)).one()
    return Head(store, row.n, row.head, row.epoch)


def manifest(db: Session, store: str, visit: str) -> dict[str, Any]:
    """Per phone the last number and how many acts of this visit, the photos with their state, the signed documents, and the
    visit's last entry."""
    same_entry = and_(KeptAct.store_id == LedgerEntry.store_id, KeptAct.idx == LedgerEntry.idx)
    devices = db.execute(select(KeptAct.device_id, func.max(KeptAct.seq), func.count()).join(LedgerEntry, same_entry)
                         .where(LedgerEntry.store_id == store, LedgerEntry.visit_id == visit, KeptAct.seq.is_not(None))
                         .group_by(KeptAct.device_id))
    photos = db.execute(select(Photo.id, Photo.sha256, Photo.state).where(Photo.store_id == store, Photo.visit_id == visit))
    documents = db.execute(select(Document.id, Document.kind, Document.revision, Document.doc_sha256)
                           .where(Document.store_id == store, Document.visit_id == visit).order_by(Document.id))
    head = db.execute(select(LedgerEntry.idx, LedgerEntry.hash, LedgerEntry.epoch)
                      .where(LedgerEntry.store_id == store, LedgerEntry.visit_id == visit)
                      .order_by(LedgerEntry.idx.desc()).limit(1)).first()
    return {
        "devices": {device: {"last_seq": last, "count": count} for device, last, count in devices},
        "photos": {photo: {"sha256": sha256, "state": state} for photo, sha256, state in photos},
        "documents": [{"id": i, "kind": kind, "revision": revision, "doc_sha256": sha256}
                      for i, kind, revision, sha256 in documents],
        "head": Head(store, head.idx, head.hash, head.epoch) if head else None,
    }
