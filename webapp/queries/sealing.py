"""What is not sealed yet: a question over rows, so that a killed worker loses nothing; and what is sealed of a document."""

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Document, KeptAct, LedgerEntry, Photo, SealedFile


def unsealed(db: Session) -> Sequence[str]:
    """Ids of signed documents of all stores without a sealed file, the longest waiting first."""
    return db.scalars(select(Document.id).where(~exists().where(SealedFile.document_id == Document.id), ~Document.deleted)
                      .order_by(Document.received_at, Document.id)).all()


def incomplete(db: Session) -> Sequence[str]:
    """Ids of documents whose newest sealed file lacks photos."""
    later = aliased(SealedFile)
    return db.scalars(
        select(SealedFile.document_id).join(Document, Document.id == SealedFile.document_id)
        .where(SealedFile.missing > 0, ~Document.deleted,
               ~exists().where(later.document_id == SealedFile.document_id, later.n > SealedFile.n))
        .order_by(SealedFile.sealed_at)).all()


def present_hashes(db: Session, store: str, photos: Iterable[str]) -> dict[str, str]:
    """photo -> SHA-256, of those whose bytes are here."""
    rows = db.execute(select(Photo.id, Photo.sha256).where(Photo.store_id == store, Photo.id.in_(list(photos)),
                                                           Photo.state == "present"))
    return {row.id: row.sha256 for row in rows}


def announced_bytes(db: Session, store: str, photos: Iterable[str]) -> dict[str, int]:
    """photo -> how many bytes its act announced."""
    rows = db.execute(select(Photo.id, Photo.bytes).where(Photo.store_id == store, Photo.id.in_(list(photos))))
    return {row.id: row.bytes for row in rows}


def signing_entry(db: Session, made: Document) -> LedgerEntry | None:
    """The entry of the act by which the document was signed: named by the phone and the number in its signature."""
    return db.scalar(
        select(LedgerEntry).join(KeptAct, (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx))
        .where(KeptAct.store_id == made.store_id, KeptAct.device_id == made.signature.get("device"),
               KeptAct.seq == made.signature.get("seq"), KeptAct.command == "document.sign"))


def sealed_files(db: Session, store: str, documents: Iterable[str]) -> dict[str, list[SealedFile]]:
    """document -> its sealed files, the newest first."""
    found: dict[str, list[SealedFile]] = {}
    for row in db.scalars(select(SealedFile).where(SealedFile.store_id == store, SealedFile.document_id.in_(list(documents)))
                          .order_by(SealedFile.n.desc())):
        found.setdefault(row.document_id, []).append(row)
    return found


def knows_file(db: Session, sha256: str) -> bool:
    """Whether the database speaks of this sealed file."""
    return db.get(SealedFile, sha256) is not None
