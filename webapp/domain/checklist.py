"""Walking through a list: answers of walkaround, internal delivery and handover alike.

An answer never overwrites: the new one becomes current, the old one stays. Two people's different answers stand side by
side, the worse one current, until somebody looks together (offline.md 3.7, decisions.md 5).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain.answering import Given, kind_of, weigh
from webapp.domain.catalogue import option_sets
from webapp.domain.conflict import judge, seen
from webapp.domain.journey import revise
from webapp.domain.known import once
from webapp.domain.sheet import Sheet, item_of, sheet_of
from webapp.domain.words import Command, ItemText, Note, Status, Words, ZoneText
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Answer, Vehicle, Visit

VALUES = ("status", "number", "choice", "choices", "text")
DOCUMENT = {"walkaround": "pre_inspection", "handover": "handover"}


class AnswerItem(Command, frozen=True):
    item: ItemText
    status: Status | None = None
    number: Annotated[int, Meta(ge=-(10**9), le=10**9)] | None = None
    choice: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    choices: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=40)] | None = None
    text: Words | None = None
    reason: Note | None = None


class AnswerZone(Command, frozen=True):
    zone: ZoneText
    status: Literal["ok"]
    items: Annotated[tuple[ItemText, ...], Meta(min_length=1, max_length=140)]


class ClearAnswer(Command, frozen=True):
    items: Annotated[tuple[ItemText, ...], Meta(min_length=1, max_length=140)]


def answer(db: Session, act: Act, visit: Visit, run: str, cmd: AnswerItem, resolving: bool = False) -> Done:
    """One answer; it stands beside another person's different one when its sender had not seen that.

    resolving: 当面核对, looked at together: this is the answer, the others step back but stay on record.
    """
    sheet = sheet_of(db, visit, run)
    item, given = item_of(sheet, cmd.item), Given(cmd.status, cmd.number, cmd.choice, cmd.choices, cmd.text, cmd.reason)
    weighed = weigh(item, given, visit.powertrain, option_sets(), _placard(db, visit, item))

    clash = _settle(db, _row(act, visit, run, item, given, weighed.severity), item, act, _standing(db, visit, run, [cmd.item]),
                    _placard(db, visit, item), resolving)
    return _done(visit, run, [clash] if clash else [], warnings=list(weighed.warnings))


def answer_zone(db: Session, act: Act, visit: Visit, run: str, cmd: AnswerZone) -> Done:
    """“本区全部正常”: what may not be answered in bulk is refused by name, the rest is done (rule no_bulk)."""
    sheet = sheet_of(db, visit, run)
    if not any(zone["id"] == cmd.zone for zone in sheet.served["zones"]):
        raise Refusal("checklist.unknown_zone", N_("这份检查表没有这个区域，请先更新检查表"), zone=cmd.zone)

    refused, clashes = [], []
    standing = _standing(db, visit, run, cmd.items)
    for id in dict.fromkeys(cmd.items):
        there = [row for row in standing if row.item == id]
        if why := _not_in_bulk(sheet, id, cmd.zone, visit, there, act):
            refused.append({"item": id, "why": why})
            continue
        item = sheet.items[id]
        clash = _settle(db, _row(act, visit, run, item, Given("ok"), "ok", f".{id}"), item, act, there, None, False)
        clashes += [clash] if clash else []
    return _done(visit, run, clashes, refused=refused)


def clear_answer(db: Session, act: Act, visit: Visit, run: str, cmd: ClearAnswer) -> Done:
    """Undo: answers that the person saw are no longer current; another's unseen answer stays and is named."""
    sheet_of(db, visit, run)

    kept = []
    for row in _standing(db, visit, run, cmd.items):
        if seen(plain(row), sender(act)):
            row.current = row.disputed = False
        else:
            kept.append(row)
    db.flush()  # they must step down before another may step up
    for id in {row.item for row in kept}:
        left = [row for row in kept if row.item == id]
        left[0].current, left[0].disputed = True, len(left) > 1
    return _done(visit, run, [], kept=[{"item": row.item, "by": row.answered_by} for row in kept])


def current_answers(db: Session, visit: Visit, run: str) -> dict[str, Answer]:
    """What counts today, by item."""
    rows = db.scalars(select(Answer).where(Answer.visit_id == visit.id, Answer.run == run, Answer.current))
    return {row.item: row for row in rows}


def plain(row: Answer) -> dict[str, Any]:
    """An answer as conflict.py reads it."""
    return {name: getattr(row, name) for name in (*VALUES, "severity", "disputed", "device_id", "seq", "change_no")}


def sender(act: Act) -> dict[str, Any]:
    return {"device_id": act.actor.device, "seq": act.seq, "base": act.base}


def _row(act: Act, visit: Visit, run: str, item: Mapping[str, Any], given: Given, severity: str | None,
         suffix: str = "") -> Answer:
    return Answer(id=act.id + suffix, store_id=visit.store_id, visit_id=visit.id, run=run, item=item["id"], status=given.status,
                  number=given.number, choice=given.choice, choices=list(given.choices) if given.choices is not None else None,
                  text=given.text, reason=given.reason, severity=severity, current=True, disputed=False,
                  answered_by=act.actor.staff, answered_at=act.acted_at, device_id=act.actor.device, seq=act.seq)


def _settle(db: Session, new: Answer, item: Mapping[str, Any], act: Act, standing: Sequence[Answer], placard: int | None,
            resolving: bool) -> dict[str, Any] | None:
    """Puts an answer where it belongs. Returns both answers when they stand against each other."""
    old = next((row for row in standing if row.current), None)
    if old is None:
        _add(db, new)
        return None
    incoming = {name: getattr(new, name) for name in (*VALUES, "severity")} | sender(act) | {"resolving": resolving}
    judged = judge(kind_of(item), plain(old), incoming, item["answer"], placard)
    if (judged.current, judged.verdict) == ("existing", "applied"):
        return None

    clash = judged.verdict == "conflict"
    facts = {"item": new.item, "current": said(new if judged.current == "incoming" else old),
             "other": said(old if judged.current == "incoming" else new)}
    _step_back(standing, act, resolving)
    if judged.current == "incoming":
        old.current, old.disputed = False, clash
        new.disputed = judged.disputed or any(row.disputed for row in standing if row is not old)
        db.flush()  # the old one must step down before the new one may be current
    else:
        old.disputed, new.current, new.disputed = True, False, True
    _add(db, new)
    return facts if clash else None


def _add(db: Session, new: Answer) -> None:
    db.add(new)
    once(db, ("standing", new.visit_id, new.run), dict[str, list[Answer]]).setdefault(new.item, []).append(new)


def _step_back(standing: Sequence[Answer], act: Act, resolving: bool) -> None:
    """What the same phone said before is replaced by what it says now; resolving, so is all that was seen."""
    for row in standing:
        if not row.current and (row.device_id == act.actor.device or resolving) and seen(plain(row), sender(act)):
            row.disputed = False


def said(row: Answer) -> dict[str, Any]:
    """An answer as a receipt names it."""
    return {name: value for name in (*VALUES, "reason") if (value := getattr(row, name)) is not None} | {"by": row.answered_by}


def _standing(db: Session, visit: Visit, run: str, items: Iterable[str]) -> Sequence[Answer]:
    """Answers that count or stand beside those that count. Read once per batch, then kept up by `_settle`."""
    rows = once(db, ("standing", visit.id, run), lambda: _read_standing(db, visit, run))
    return [row for item in dict.fromkeys(items) for row in rows.get(item, ()) if row.current or row.disputed]


def _read_standing(db: Session, visit: Visit, run: str) -> dict[str, list[Answer]]:
    rows: dict[str, list[Answer]] = {}
    for row in db.scalars(select(Answer).where(Answer.visit_id == visit.id, Answer.run == run,
                                               or_(Answer.current, Answer.disputed))):
        rows.setdefault(row.item, []).append(row)
    return rows


def _not_in_bulk(sheet: Sheet, id: str, zone: str, visit: Visit, standing: Sequence[Answer], act: Act) -> str | None:
    item = sheet.items.get(id)
    if item is None:
        return "unknown"
    if item["zone"] != zone:
        return "other_zone"
    if item["answer"]["type"] != "status":
        return "not_status"
    if item["safety"]:
        return "safety"
    if visit.powertrain not in item["applies"]:
        return "not_for_this_car"
    finding = next((row for row in standing if row.current and row.status != "ok"), None)
    return "answered" if finding and seen(plain(finding), sender(act)) else None


def _placard(db: Session, visit: Visit, item: Mapping[str, Any]) -> int | None:
    """The car's own value, where an item is measured against it."""
    if visit.vehicle_id is None or not {"attention_dev", "fail_dev"} & item["answer"].keys():
        return None
    car = once(db, ("vehicle", visit.vehicle_id), lambda: db.get(Vehicle, visit.vehicle_id))
    return None if car is None or car.placard_kpa is None else car.placard_kpa * 10 ** int(item["answer"].get("decimals", 0))


def _done(visit: Visit, run: str, clashes: list[dict[str, Any]], **facts: Any) -> Done:
    revision = revise(visit, DOCUMENT[run]) if run in DOCUMENT else {}
    named = {name: value for name, value in facts.items() if value}
    return Done({**revision, **named, **({"conflicts": clashes} if clashes else {})}, conflict=bool(clashes))
