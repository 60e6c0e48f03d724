"""Checklists of the store, all versions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import ChecklistTemplate
from webapp.queries.words import Two


@dataclass(frozen=True)
class Checklist:
    id: str
    version: int
    sha256: str
    current: bool
    name: Two
    stage: str
    items: int
    safety: int
    served: dict[str, Any]


def listed(db: Session, store: str) -> list[Checklist]:
    """Today's lists first, then older versions."""
    rows = db.scalars(select(ChecklistTemplate).where(ChecklistTemplate.store_id == store))
    return sorted((_made(row) for row in rows), key=lambda c: (not c.current, c.stage, c.id, -c.version))


def one(db: Session, store: str, sha256: str) -> Checklist | None:
    """The version with this hash, None when the store never had it."""
    row = db.scalar(select(ChecklistTemplate).where(ChecklistTemplate.store_id == store, ChecklistTemplate.sha256 == sha256))
    return _made(row) if row else None


def _made(row: ChecklistTemplate) -> Checklist:
    served, items = row.served, row.served.get("items", [])
    return Checklist(row.id, row.version, row.sha256, row.current, Two(served.get("zh", row.id), served.get("en", row.id)),
                     served.get("stage", ""), len(items), sum(bool(item.get("safety")) for item in items), served)
