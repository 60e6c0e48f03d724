"""Backups and their weekly tests: what happened, for the owner to see. They are of the whole house, so of no one store."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Data, Key


class BackupRun(Base):
    """kind: backup, check or restore. sentence: what went wrong, in words; "" when nothing did."""

    __tablename__ = "backup_run"
    __table_args__ = (Index("ix_backup_run", "kind", "began_at"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    sentence: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Data, default=dict)
