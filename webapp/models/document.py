"""What a customer signed, refused, or was not there to sign; and the link they follow the car with."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Code, Data, Hash, Key, OfVisit


class Document(OfVisit, Base):
    """A signed document: its canonical bytes as signed, and the signature record. Never changes; voiding adds a fact.

    differs: what the server's own visit says otherwise at acceptance (offline.md 3.8.6), recorded, not judged.
    """

    __tablename__ = "document"
    hidden = frozenset({"body", "signature", "differs"})

    id: Mapped[Key]
    kind: Mapped[Code]
    revision: Mapped[int]
    doc_sha256: Mapped[Hash]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[dict[str, Any]] = mapped_column(Data)
    differs: Mapped[list[Any]] = mapped_column(Data, default=list)
    signer: Mapped[str] = mapped_column(String(40))
    relation: Mapped[Code]
    signed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    prepared_by: Mapped[str] = mapped_column(String(20))
    void_reason: Mapped[str | None] = mapped_column(String(300))


class DocumentRefusal(OfVisit, Base):
    """拒签、不在场、无法签字、纸质、有异议: the other ways a document ends (decisions.md 11)."""

    __tablename__ = "document_refusal"

    id: Mapped[Key]
    kind: Mapped[Code]
    revision: Mapped[int]
    reason: Mapped[Code]
    witness: Mapped[str | None] = mapped_column(String(40))
    photos: Mapped[list[Any]] = mapped_column(Data, default=list)
    refused_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(20))


class StatusLink(OfVisit, Base):
    """A customer's link by the hash of its token; the token itself is only in the QR code (evidence.md D2)."""

    __tablename__ = "status_link"
    hidden = frozenset({"token_sha256"})

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(default=False)
    revoke_reason: Mapped[str | None] = mapped_column(String(300))
    issued_by: Mapped[str] = mapped_column(String(20))
    issued_at: Mapped[datetime]
