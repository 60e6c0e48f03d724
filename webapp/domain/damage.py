"""损伤: marks on the drawing. A mark's place and kind never change; a change is a retraction and a new mark (RC-05)."""

from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.conflict import judge
from webapp.domain.journey import revise
from webapp.domain.known import is_known, of_visit
from webapp.domain.sheet import sheet_of
from webapp.domain.words import Command, DamageKind, DamageSize, IdText, Note, OnDrawing, Photos, Region
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import DamageMark, MarkCheck, Vehicle, Visit

WORSE = {"same": "ok", "gone": "attention", "worse": "fail", "not_same": "fail"}


class RecordDamage(Command, frozen=True):
    mark: IdText
    region: Region
    kind: DamageKind
    size: DamageSize
    x: OnDrawing
    y: OnDrawing
    note: Note | None = None
    photos: Photos = ()


class RetractDamage(Command, frozen=True):
    mark: IdText
    reason: Note


class CompareMark(Command, frozen=True):
    mark: IdText
    now: Literal["same", "worse", "gone"]
    photos: Photos = ()


def record_damage(db: Session, act: Act, visit: Visit, cmd: RecordDamage) -> Done | None:
    """A mark with symbol, place and photos (RC-05). Found after the signature, it opens an unsigned revision."""
    sheet_of(db, visit, "walkaround")
    if is_known(db, DamageMark, cmd.mark):
        raise Refusal("walkaround.mark_known", N_("这处损伤已经记过"))

    facts = revise(visit, "pre_inspection")
    db.add(DamageMark(id=cmd.mark, store_id=act.store, visit_id=visit.id, region=cmd.region, kind=cmd.kind,
                      size=cmd.size, x=cmd.x, y=cmd.y, note=cmd.note, photos=list(cmd.photos),
                      recorded_by=act.actor.staff, recorded_at=act.acted_at,
                      revision=visit.revisions.get("pre_inspection", 1)))
    return Done(facts)


def retract_damage(db: Session, act: Act, visit: Visit, cmd: RetractDamage) -> Done | None:
    """A mark recorded by mistake is crossed out, with a reason; it stays on record."""
    sheet_of(db, visit, "walkaround")
    mark = of_visit(db, DamageMark, cmd.mark, visit)
    if mark is None:
        raise Refusal("walkaround.mark_unknown", N_("没有这处损伤记录，请刷新后再看"))
    if mark.retracted:
        return None

    mark.retracted, mark.retract_reason = True, cmd.reason
    return Done(revise(visit, "pre_inspection"))


def compare_mark(db: Session, act: Act, visit: Visit, cmd: CompareMark) -> Done | None:
    """A mark of an earlier visit, looked at again: same, worse, or gone."""
    sheet_of(db, visit, "walkaround")
    car = db.get(Vehicle, visit.vehicle_id) if visit.vehicle_id else None
    earlier = db.get(DamageMark, cmd.mark)
    on_card = car is not None and any(mark.get("id") == cmd.mark for mark in car.marks)
    if not on_card and (earlier is None or earlier.store_id != act.store or earlier.visit_id == visit.id):
        raise Refusal("walkaround.mark_unknown", N_("没有这处损伤记录，请刷新后再看"), mark=cmd.mark)

    return check(db, act, visit, "walkaround", "pre_inspection", cmd.mark, cmd.now, cmd.photos, None)


def check(db: Session, act: Act, visit: Visit, run: str, document: str, mark: str, now: str, photos: Photos,
          note: str | None) -> Done:
    """One look at one known mark per run; two people's different looks: the worse one counts, both are named."""
    facts: dict[str, Any] = dict(revise(visit, document))
    row = db.scalar(select(MarkCheck).where(MarkCheck.visit_id == visit.id, MarkCheck.run == run, MarkCheck.mark == mark))
    if row is None:
        db.add(MarkCheck(id=act.id, store_id=act.store, visit_id=visit.id, run=run, mark=mark, now=now, note=note,
                         photos=list(photos), checked_by=act.actor.staff, checked_at=act.acted_at))
        return Done(facts)
    # A check has no device of its own: what the same person said before counts as seen by them.
    mine = {"device_id": act.actor.staff, "seq": 1, "base": act.base}
    old = {"status": row.now, "severity": WORSE[row.now], "device_id": row.checked_by, "seq": 0, "change_no": row.change_no}
    judged = judge("status", old, {"status": now, "severity": WORSE[now], **mine})
    if judged.verdict == "conflict":
        both = [{"now": row.now, "by": row.checked_by}, {"now": now, "by": act.actor.staff}]
        current, other = both if judged.current == "existing" else both[::-1]
        facts["conflicts"] = [{"mark": mark, "current": current, "other": other}]
    if judged.current == "incoming":
        row.now, row.note, row.checked_by, row.checked_at = now, note, act.actor.staff, act.acted_at
    row.photos = [*row.photos, *(photo for photo in photos if photo not in row.photos)]
    return Done(facts, judged.verdict == "conflict")
