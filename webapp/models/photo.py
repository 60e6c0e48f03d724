"""Photos: announced by an act, their bytes kept by content. Bytes never change; markup is a layer beside them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Code, Data, Hash, Key, OfVisit


class Photo(OfVisit, Base):
    """state: expected until the bytes are here and match, then present. taken_by_device: whose phone still has it."""

    __tablename__ = "photo"
    rules = (Index("ix_photo_bytes", "store_id", "sha256"),
             Index("ix_photo_missing", "store_id", "device_id", sqlite_where=text("state = 'expected'"),
                   postgresql_where=text("state = 'expected'")))

    id: Mapped[Key]
    sha256: Mapped[Hash]
    bytes: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime]
    subject_kind: Mapped[Code]
    subject_id: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="expected")
    retracted: Mapped[bool] = mapped_column(default=False)
    retract_reason: Mapped[str | None] = mapped_column(String(300))
    shapes: Mapped[list[Any]] = mapped_column(Data, default=list)
    taken_by: Mapped[str] = mapped_column(String(20))
    device_id: Mapped[str] = mapped_column(String(36))
