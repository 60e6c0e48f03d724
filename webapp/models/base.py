"""What rows share: the store they belong to, and the change number that phones follow."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from webapp.foundation.clock import to_wire
from webapp.foundation.db import Base

Id = Annotated[str, mapped_column(String(36))]
Key = Annotated[str, mapped_column(String(36), primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Hash = Annotated[str, mapped_column(String(64))]
Data = JSON().with_variant(JSONB(), "postgresql")


class OfStore:
    """A row of one store; every query names the store (tenancy)."""

    @declared_attr
    def store_id(cls) -> Mapped[str]:
        return mapped_column(String(20), ForeignKey("store.id"), nullable=False)


class Synced(OfStore):
    """A row that phones hold a copy of.

    change_no is the ledger index of the act that last changed it; `deleted` says that phones may drop it.
    """

    on_phone: ClassVar[bool] = True
    hidden: ClassVar[frozenset[str]] = frozenset()

    change_no: Mapped[int] = mapped_column(BigInteger, default=0)
    deleted: Mapped[bool] = mapped_column(default=False)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (Index(f"ix_{cls.__tablename__}_change", "store_id", "change_no"), *getattr(cls, "rules", ()))  # type: ignore[attr-defined]

    def wire(self) -> dict[str, Any]:
        """The row as phones see it: column names, moments as text, empty columns left out."""
        skip = self.hidden | {"store_id", "change_no", "deleted"}
        columns = type(self).__table__.columns.keys()  # type: ignore[attr-defined]
        return {name: _plain(value) for name in columns if name not in skip and (value := getattr(self, name)) is not None}


class OfVisit(Synced):
    """A synced row that belongs to one visit."""

    @declared_attr
    def visit_id(cls) -> Mapped[str]:
        return mapped_column(String(36), ForeignKey("visit.id"), nullable=False, index=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_wire(value)
    return value.isoformat() if isinstance(value, date) else value


__all__ = ["Base", "Code", "Data", "Hash", "Id", "Key", "OfStore", "OfVisit", "Synced"]
