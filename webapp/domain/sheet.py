"""A run of a checklist and the version of the list that it goes by."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.known import once
from webapp.foundation.actor import Act
from webapp.foundation.refusal import N_, Refusal
from webapp.models import ChecklistRun, ChecklistTemplate, Visit


class Sheet:
    """A run with its list, ready to look items up."""

    def __init__(self, run: ChecklistRun, served: Mapping[str, Any]) -> None:
        self.run, self.served = run, served
        self.items: dict[str, Mapping[str, Any]] = {item["id"]: item for item in served["items"]}



def template(db: Session, act: Act, sha256: str, *ids: str) -> ChecklistTemplate:
    """A list of this store by its hash. Raises Refusal when the store never had it, or it is another kind of list."""
    row = db.get(ChecklistTemplate, (act.store, sha256))
    if row is None:
        raise Refusal("checklist.unknown_template", N_("这份检查表本店没有，请先更新检查表"))
    if row.id not in ids:
        raise Refusal("checklist.wrong_template", N_("这不是这一步用的检查表，请先更新应用"), template=row.id)
    return row


def run_of(db: Session, visit: Visit, run: str) -> ChecklistRun | None:
    return once(db, ("run", visit.id, run), lambda: db.get(ChecklistRun, f"{visit.id}.{run}"))


def item_of(sheet: Sheet, id: str) -> Mapping[str, Any]:
    """The item as this version of the list has it. Raises Refusal when it does not."""
    if id not in sheet.items:
        raise Refusal("checklist.unknown_item", N_("这份检查表没有这一项，请先更新检查表"), item=id)
    return sheet.items[id]


def sheet_of(db: Session, visit: Visit, run: str) -> Sheet:
    """The run and its list. Raises Refusal before it has begun."""
    row = run_of(db, visit, run)
    if row is None:
        raise _not_started(run)
    return once(db, ("sheet", visit.id, run, row.template_sha256), lambda: Sheet(
        row, db.get_one(ChecklistTemplate, (visit.store_id, row.template_sha256)).served))


def _not_started(run: str) -> Refusal:
    if run == "walkaround":
        return Refusal("walkaround.not_started", N_("还没有开始环检，请先点“开始环检”"))
    if run == "internal_delivery":
        return Refusal("internal_delivery.not_started", N_("还没有开始内部交车检查，请先点“开始”"))
    return Refusal("handover.not_started", N_("还没有开始验车，请先点“开始验车”"))
