"""What a customer signed, refused, or was not there to sign; and the link they follow the car with."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Code, Data, Hash, Key, OfStore, OfVisit


class Document(OfVisit, Base):
    """A signed document: its canonical bytes as signed, and the signature record. Never changes; voiding adds a fact.

    differs: what the server's own visit says otherwise at acceptance (offline.md 3.8.6), recorded, not judged.
    """

    __tablename__ = "document"
    rules = (Index("ix_document_hash", "doc_sha256"),)
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


class SealedFile(OfStore, Base):
    """A sealed PDF of a signed document, by the hash of the whole file, which is kept by that name. Never changes.

    n: 1, or 2 and up where photos came late; earlier: the file that this one adds to. photos_missing: ids that were not here,
    missing how many. tsa: as in the bundle (docs/evidence.md). change_no: the entry of the ledger that holds the hash.
    """

    __tablename__ = "sealed_file"
    __table_args__ = (
        UniqueConstraint("document_id", "n"),
        Index("ix_sealed_waiting", "document_id", sqlite_where=text("missing > 0"), postgresql_where=text("missing > 0")),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(36), ForeignKey("document.id"))
    n: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    photos_missing: Mapped[list[Any]] = mapped_column(Data, default=list)
    missing: Mapped[int]
    earlier: Mapped[str | None] = mapped_column(String(64))
    tsa: Mapped[str] = mapped_column(String(200))
    sealed_at: Mapped[datetime]
    change_no: Mapped[int] = mapped_column(BigInteger)


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
