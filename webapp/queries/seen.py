"""What was seen of a car: marks on the drawing, and photos with what they show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import DamageMark, MarkCheck, Photo, Vehicle, Visit
from webapp.queries.sentences import subject
from webapp.queries.words import Lexicon, Two


@dataclass(frozen=True)
class Mark:
    """known: on the car at an earlier visit; check: how it compared, at the walkaround or at handover."""

    id: str
    symbol: str
    region: Any
    kind: Any
    size: Any
    x: int
    y: int
    note: str | None
    photos: tuple[str, ...]
    retracted: bool
    reason: str | None
    known: bool = False
    check: str | None = None
    revision: int = 1


@dataclass(frozen=True)
class Picture:
    id: str
    about: Any
    present: bool
    retracted: bool
    reason: str | None
    taken_at: datetime
    taken_by: str
    device: str
    width: int
    height: int
    shapes: tuple[dict[str, Any], ...]
    kind: str
    subject: str | None
    sha256: str


def all_of(db: Session, visit: Visit, table: Any) -> list[Any]:
    """Every row of this table that hangs on the visit, in the order of change."""
    return list(db.scalars(select(table).where(table.visit_id == visit.id, table.store_id == visit.store_id)
                           .order_by(table.change_no, table.id)))


def marks(db: Session, visit: Visit, car: Vehicle | None, lexicon: Lexicon) -> list[Mark]:
    """This visit's marks, then those the car had before, each with how it compared."""
    checks = {c.mark: c for c in all_of(db, visit, MarkCheck)}
    now = [_mark(row.wire(), lexicon, checks.get(row.id)) for row in all_of(db, visit, DamageMark)]
    known = [_mark(row, lexicon, checks.get(str(row.get("id"))), known=True) for row in (car.marks if car else [])
             if row.get("visit_id") != visit.id and {"region", "kind", "size", "x", "y"} <= row.keys()]
    mine = {m.id for m in now}
    return now + [m for m in known if m.id not in mine]


def _mark(row: dict[str, Any], lexicon: Lexicon, check: MarkCheck | None, known: bool = False) -> Mark:
    return Mark(
        id=str(row.get("id", "")), symbol=lexicon.symbols.get(row["kind"], "?"),
        region=lexicon.regions.get(row["region"], row["region"]), kind=lexicon.kinds.get(row["kind"], row["kind"]),
        size=lexicon.sizes.get(row["size"], row["size"]), x=row["x"], y=row["y"],
        note=row.get("note"), photos=tuple(row.get("photos") or ()), retracted=bool(row.get("retracted")),
        reason=row.get("retract_reason"), known=known, check=check.now if check else None, revision=row.get("revision", 1))


def pictures(db: Session, visit: Visit, lexicon: Lexicon) -> list[Picture]:
    """All photos of the visit, retracted ones last."""
    known = {m.id: m for m in all_of(db, visit, DamageMark)}
    rows = sorted(all_of(db, visit, Photo), key=lambda p: (p.retracted, p.taken_at, p.id))
    return [Picture(
        id=p.id, about=about(p, known, lexicon), present=p.state == "present", retracted=p.retracted, reason=p.retract_reason,
        taken_at=p.taken_at, taken_by=lexicon.people.get(p.taken_by, p.taken_by), device=p.device_id, width=p.width,
        height=p.height, shapes=tuple(p.shapes or ()), kind=p.subject_kind, subject=p.subject_id, sha256=p.sha256) for p in rows]


def about(photo: Photo, marks: dict[str, DamageMark], lexicon: Lexicon) -> Any:
    """What a photo shows: a mark by its place and kind, else its subject."""
    mark = marks.get(photo.subject_id or "") if photo.subject_kind == "mark" else None
    if mark is None:
        return subject(photo.subject_kind, photo.subject_id, lexicon)
    region, kind = lexicon.regions.get(mark.region), lexicon.kinds.get(mark.kind)
    return Two(f"{region.zh} {kind.zh}", f"{region.en}, {kind.en}") if region and kind else mark.region
