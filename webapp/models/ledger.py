"""The ledger: every act we kept, in the store's order, chained. Entries are hashes only; bodies can be erased apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Hash


class LedgerEntry(Base):
    """One link. `hash` is SHA-256 over the RFC 8785 bytes of the other columns (protocol.md, Ledger entry)."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_visit", "store_id", "visit_id", "idx"),)

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[Hash]
    store_prev: Mapped[Hash]
    visit_id: Mapped[str | None] = mapped_column(String(36))
    visit_prev: Mapped[str | None] = mapped_column(String(64))
    act_id: Mapped[str] = mapped_column(String(64))
    act_sha256: Mapped[Hash]
    sig_sha256: Mapped[str | None] = mapped_column(String(64))
    key_id: Mapped[str | None] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(20))
    device_id: Mapped[str] = mapped_column(String(36))
    verdict: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime]
    skew_ms: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int]


class WitnessedHead(Base):
    """A signed head that a phone kept and handed in again; it was so once, whatever the ledger says now (T16)."""

    __tablename__ = "witnessed_head"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[Hash] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    at: Mapped[datetime]


class KeptAct(Base):
    """The act as it came, byte for byte, beside its entry. body is None once erased; then the salt is gone with it.

    first: the row that answers a repeat of this id. photo: the photo a photo.add announces, so that bytes are taken
    even when the act was quarantined.
    """

    __tablename__ = "kept_act"
    __table_args__ = (
        Index("uq_act_id", "store_id", "act_id", unique=True, sqlite_where=text("first"), postgresql_where=text("first")),
        Index("uq_act_seq", "device_id", "seq", unique=True),
        Index("ix_act_photo", "store_id", "photo"),
        Index("ix_act_erase", "store_id", "visit_id", sqlite_where=text("command = 'visit.erase'"),
              postgresql_where=text("command = 'visit.erase'")),
        Index("ix_act_aside", "store_id", "device_id", sqlite_where=text("verdict = 'quarantined'"),
              postgresql_where=text("verdict = 'quarantined'")),
    )

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    act_id: Mapped[str] = mapped_column(String(64))
    act_sha256: Mapped[Hash]
    device_id: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    visit_id: Mapped[str | None] = mapped_column(String(36))
    actor: Mapped[str] = mapped_column(String(20))
    command: Mapped[str] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str] = mapped_column(String(300))
    facts: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    acted_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    first: Mapped[bool] = mapped_column(default=True)
    photo: Mapped[str | None] = mapped_column(String(36))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
