"""People who work here, their roles, their desk sessions and their phones."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Hash, Key, OfStore


class Staff(OfStore, Base):
    """A member of staff; `id` is what they sign in with (E005), unique in the store. A person may have several roles."""

    __tablename__ = "staff"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    roles: Mapped[list[str]] = mapped_column(Data)
    password_hash: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
    discount_limit_fen: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)


class Device(OfStore, Base):
    """A phone of the store, or the server's own device (no staff, no token) for desk, timer and customer acts.

    expect_seq: the next sequence number we take. failures: tries of the act that stands at expect_seq. wipe_at: a manager
    ordered it to forget everything; wiped_at: it said that it has.
    """

    __tablename__ = "device"
    __table_args__ = (ForeignKeyConstraint(["store_id", "staff_id"], ["staff.store_id", "staff.id"]),)

    id: Mapped[Key]
    staff_id: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_until: Mapped[datetime | None]
    public_key: Mapped[dict[str, Any] | None] = mapped_column(Data)
    expect_seq: Mapped[int] = mapped_column(BigInteger, default=1)
    failures: Mapped[int] = mapped_column(default=0)
    fork_of: Mapped[str | None] = mapped_column(String(36))
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    wipe_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]
    app: Mapped[str | None] = mapped_column(String(20))
    is_server: Mapped[bool] = mapped_column(default=False)


class DeskSession(OfStore, Base):
    """A sign-in at the desk, kept here and named by a cookie; 30 min idle, 12 h in all (decisions.md 15)."""

    __tablename__ = "desk_session"
    __table_args__ = (ForeignKeyConstraint(["store_id", "staff_id"], ["staff.store_id", "staff.id"]),)

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(20))
    csrf_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    active_at: Mapped[datetime]


class Incident(OfStore, Base):
    """Something the manager must look at: a hole in a phone's numbers, a poison act, a tampered document, a rewritten ledger.

    change_no: the act it is about, if it is about one.
    """

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("store_id", "change_no"),)

    id: Mapped[Key]
    change_no: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    device_id: Mapped[str | None] = mapped_column(String(36))
    facts: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
    at: Mapped[datetime]


__all__ = ["Base", "DeskSession", "Device", "Hash", "Incident", "Staff"]
