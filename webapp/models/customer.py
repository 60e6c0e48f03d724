"""Customers as the desk knows them between visits."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Key, OfStore


class Customer(OfStore, Base):
    __tablename__ = "customer"

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12), default="individual")
    mobile: Mapped[str] = mapped_column(String(20))
    preferred_channel: Mapped[str | None] = mapped_column(String(12))
    wishes: Mapped[str | None] = mapped_column(String(200))
    special_flag: Mapped[str | None] = mapped_column(String(20))
    ceiling_fen: Mapped[int | None]
