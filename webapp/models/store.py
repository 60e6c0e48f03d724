"""A store: a dealer's workshop, its numbers and its settings."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Hash, OfStore


class Store(Base):
    """settings: opening hours, rates, warranty terms, phones, as in the demo's `store` block."""

    __tablename__ = "store"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(40))
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    workshop: Mapped[str] = mapped_column(String(20), default="external")
    demo: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)


class StoreCounter(Base):
    """The store's last ledger index and head. Locking this row is what orders the store's writers.

    backed_up: the highest change number that a finished backup has; phones keep what lies above it.
    """

    __tablename__ = "store_counter"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, default=0)
    head: Mapped[Hash] = mapped_column(default="0" * 64)
    epoch: Mapped[int] = mapped_column(default=1)
    backed_up: Mapped[int] = mapped_column(BigInteger, default=0)


class RunningNumber(OfStore, Base):
    """JC-20261123-0001 and its like: one counter per store, kind and day; a number is never used again."""

    __tablename__ = "running_number"

    store_id: Mapped[str] = mapped_column(String(20), ForeignKey("store.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    day: Mapped[str] = mapped_column(String(8), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
