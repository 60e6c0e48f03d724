"""Is this hash one of ours, and since when? Asked by anybody, so nothing else is told, not even whose it is or which store's."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Document, SealedFile, Store


def known_since(db: Session, sha256: str) -> datetime | None:
    """sha256: of a sealed file, of a signed document, or the first eight characters of the latter (the code on the paper)."""
    stores = select(Store.id).scalar_subquery()
    if len(sha256) == 64:
        sealed = db.scalar(select(SealedFile.sealed_at).where(SealedFile.store_id.in_(stores), SealedFile.sha256 == sha256))
        if sealed is not None:
            return sealed
    # "g" comes after every hexadecimal digit
    return db.scalar(select(func.min(Document.received_at)).where(
        Document.store_id.in_(stores), Document.doc_sha256 >= sha256, Document.doc_sha256 < sha256 + "g"))
