"""Fields that one person fills: plate, phone, promise, choices. The first accepted value stays when two fill one unseen;
the second is kept beside it as a suggestion for a person to take (offline.md 3.7)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.domain.conflict import judge
from webapp.foundation.actor import Act
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import Discrepancy, Visit, WorkOrder


def fill(db: Session, act: Act, visit: Visit, row: Visit | WorkOrder, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Fills what is given (None means: nothing said). Returns the fields that another person had filled otherwise."""
    clashes = []
    for field, value in values.items():
        if value is not None and (clash := _fill_one(db, act, visit, row, field, value)):
            clashes.append(clash)
    return clashes


def stamp(act: Act) -> dict[str, Any]:
    """Who filled a field, as conflict.py judges it."""
    return {"device_id": act.actor.device, "seq": act.seq, "change_no": act.change_no, "by": act.actor.staff}


def _fill_one(db: Session, act: Act, visit: Visit, row: Visit | WorkOrder, field: str, value: Any) -> dict[str, Any] | None:
    name = field if isinstance(row, Visit) else f"work_order.{field}"
    there, filled = getattr(row, field), row.said.get(field) or row.said.get("*")
    if there is not None and filled is not None:
        judged = judge("register", {**filled, "value": _text(there)},
                       {"value": _text(value), "device_id": act.actor.device, "seq": act.seq, "base": act.base})
        if judged.verdict == "conflict":
            db.add(Discrepancy(id=new_id(), store_id=visit.store_id, visit_id=visit.id, field=name, value=_text(value)[:100],
                               said_by=act.actor.staff, said_at=act.acted_at))
            return {"field": name, "current": {"value": _text(there), "by": filled["by"]},
                    "other": {"value": _text(value), "by": act.actor.staff}}
        _settle(db, act, visit, [name])
    setattr(row, field, value)
    row.said = {**row.said, field: stamp(act)}
    return None


def _settle(db: Session, act: Act, visit: Visit, names: Iterable[str]) -> None:
    """Somebody who knew the first value decided: older suggestions for it are settled."""
    db.execute(update(Discrepancy).where(Discrepancy.visit_id == visit.id, Discrepancy.field.in_(names), ~Discrepancy.settled)
               .values(settled=True, change_no=act.change_no))


def _text(value: Any) -> str:
    return to_wire(value) if isinstance(value, datetime) else str(value)
