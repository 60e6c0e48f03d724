"""The day at the desk: the cars of one day, and those still here from before.

Only indexed questions: what is asked grows with the day, never with the years behind it. Free search looks among the
cars of the day and those still here; older visits are found by their plate, with or without the province and letter before
it, or by their number.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from webapp.models import Answer, Appointment, Discrepancy, LedgerEntry, Photo, Staff, Store, StoreCounter, Vehicle, Visit
from webapp.models.visit import STILL_HERE

GROUPS = {
    "walk": ("arrived", "inspecting"),
    "sign": ("estimating", "awaiting_signature"),
    "work": ("authorised", "internal_rework"),
    "hand": ("ready", "handover", "settling"),
    "gone": ("released", "cancelled"),
}
GROUP_OF = {state: group for group, states in GROUPS.items() for state in states}
OPEN = tuple(state for group, states in GROUPS.items() if group != "gone" for state in states)
SOON = timedelta(minutes=45)
PAGE = 50
MOST = 200
FAR = timedelta(days=366)  # a phone's clock may run ahead


@dataclass(frozen=True)
class Asked:
    """What the address asks for. after: the last row of the page before, as (arrived_at, id)."""

    store: str
    zone: ZoneInfo
    on: date
    now: datetime
    group: str = ""
    advisor: str = ""
    q: str = ""
    after: tuple[datetime, str] | None = None

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.on, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.on + timedelta(days=1), time(), self.zone)

    @property
    def is_today(self) -> bool:
        return self.begin <= self.now < self.end


@dataclass(frozen=True)
class VisitRow:
    """One line of the day. tone: "", work, hold, now, done, late; late: past the promise; soon: nearly."""

    id: str
    plate: str
    model: str | None
    customer: str
    advisor: str
    state: str
    arrived_at: datetime
    promised_at: datetime | None
    booked_at: datetime | None
    appointment: str | None
    number: str | None
    answered: int
    disputed: int
    expected: int
    late: bool
    soon: bool
    before: bool

    @property
    def group(self) -> str:
        return GROUP_OF[self.state]


@dataclass(frozen=True)
class Booked:
    """Expected, not here yet."""

    id: str
    plate: str
    customer: str
    advisor: str
    at: datetime
    until: datetime
    words: str | None
    late: bool


@dataclass(frozen=True)
class Today:
    rows: list[VisitRow]
    booked: list[Booked]
    counts: dict[str, int]
    late: int
    next: tuple[datetime, str] | None
    n: int
    advisors: list[tuple[str, str]] = field(default_factory=list)


def today(db: Session, asked: Asked) -> Today:
    """One page of the day, oldest arrival first, with the counts of the whole day."""
    names = _names(db, asked.store)
    visits = _found(db, asked) if asked.q else _page(db, asked)
    more = len(visits) > PAGE
    visits = visits[:PAGE]
    counts, late = _counts(db, asked)
    return Today(
        rows=_rows(db, asked, visits, names), booked=[] if asked.q or asked.group or asked.after else _booked(db, asked, names),
        counts=counts, late=late, next=(visits[-1].arrived_at, visits[-1].id) if more else None, n=store_n(db, asked.store),
        advisors=sorted((login, name) for login, (name, roles) in names.items() if "advisor" in roles))


_COUNT = select(StoreCounter.n).where(StoreCounter.store_id == bindparam("store"))


def store_n(db: Session, store: str) -> int:
    """The store's last change number: what a page shows is as fresh as this."""
    return db.connection().scalar(_COUNT, {"store": store}) or 0


def changed(db: Session, asked: Asked, n: int, since: datetime) -> tuple[list[VisitRow], list[str]]:
    """Rows that changed after change number `n`, or came near or past their promise since then; and the ids of changed
    visits that no longer belong on the page."""
    touched = db.scalars(select(LedgerEntry.visit_id).where(
        LedgerEntry.store_id == asked.store, LedgerEntry.idx > n, LedgerEntry.visit_id.is_not(None))
        .order_by(LedgerEntry.idx.desc()).limit(MOST * 10))
    ids = list(dict.fromkeys(i for i in touched if i))[:MOST]
    visits = list(db.scalars(select(Visit).where(Visit.store_id == asked.store, Visit.id.in_(ids)))) if ids else []
    visits += [v for v in _turned(db, asked, since) if v.id not in ids]
    on_page = [v for v in visits if _belongs(v, asked)]
    kept = {v.id for v in on_page}
    return _rows(db, asked, on_page, _names(db, asked.store)), [v.id for v in visits if v.id not in kept]


def waiting(db: Session, asked: Asked) -> list[VisitRow]:
    """Cars still here that somebody should look at: late or nearly, unsigned, seen differently by two people."""
    visits = list(db.scalars(select(Visit).where(_still_here(asked, always=True)).order_by(Visit.promised_at).limit(MOST)))
    rows = _rows(db, asked, visits, _names(db, asked.store))
    return [r for r in rows if r.late or (r.soon and r.state in ("authorised", "internal_rework")) or r.disputed
            or r.state == "awaiting_signature"]


def _page(db: Session, asked: Asked) -> list[Visit]:
    """First those still here from days before, then the day's; the order of arrival runs through both."""
    found: list[Visit] = []
    if asked.is_today and (asked.after is None or asked.after[0] < asked.begin):
        found = _take(db, asked, _still_here(asked), PAGE + 1)
    if len(found) <= PAGE:
        found += _take(db, asked, _of_the_day(asked), PAGE + 1 - len(found))
    return found


def _take(db: Session, asked: Asked, scope: ColumnElement[bool], most: int) -> list[Visit]:
    query = _narrow(select(Visit).where(scope), asked).order_by(Visit.arrived_at, Visit.id).limit(most)
    if asked.after:
        query = query.where(tuple_(Visit.arrived_at, Visit.id) > tuple_(*asked.after))
    return list(db.scalars(query))


def _found(db: Session, asked: Asked) -> list[Visit]:
    """What the search finds, newest first: parts of a word among the day's and the open, older ones by plate or number."""
    q = "".join(asked.q.split()).replace("·", "").upper()
    like = f"%{_escaped(q)}%"
    words = or_(Visit.plate.like(like, escape="\\"), func.upper(Visit.customer_name).like(like, escape="\\"),
                Visit.number.like(like, escape="\\"), Visit.order_number.like(like, escape="\\"),
                Visit.mobile.like(like, escape="\\"))
    found: dict[str, Visit] = {}
    for scope in (_still_here(asked, always=True), _of_the_day(asked)):
        found.update((v.id, v) for v in db.scalars(select(Visit).where(scope, words).limit(PAGE)))
    for exact in (Visit.plate == q, func.substr(Visit.plate, text("3")) == q, Visit.number == q):
        found.update((v.id, v) for v in db.scalars(
            select(Visit).where(Visit.store_id == asked.store, exact).limit(MOST)))  # unordered: or it would go by arrival
    return sorted(found.values(), key=lambda v: (v.arrived_at, v.id), reverse=True)[:PAGE]


def _turned(db: Session, asked: Asked, since: datetime) -> list[Visit]:
    """Open visits whose promise came near, or passed, since then: their row looks different though nothing was done."""
    window = or_(and_(Visit.promised_at > since, Visit.promised_at <= asked.now),
                 and_(Visit.promised_at > since + SOON, Visit.promised_at <= asked.now + SOON))
    return list(db.scalars(select(Visit).where(_still_here(asked, always=True), window).limit(MOST)))


def _of_the_day(asked: Asked) -> ColumnElement[bool]:
    return and_(Visit.store_id == asked.store, Visit.arrived_at >= asked.begin, Visit.arrived_at < asked.end,
                Visit.merged_into.is_(None), Visit.erased_at.is_(None))


def _still_here(asked: Asked, always: bool = False) -> ColumnElement[bool]:
    """always: also the day's own. Every question names a span of arrival, or SQLite would take the index of all visits."""
    until = asked.now + FAR if always else asked.begin
    return and_(Visit.store_id == asked.store, text(STILL_HERE), Visit.merged_into.is_(None), Visit.arrived_at < until)


def _narrow(query: Select[Any], asked: Asked) -> Select[Any]:
    if asked.group:
        query = query.where(Visit.state.in_(GROUPS[asked.group]))
    return query.where(Visit.advisor == asked.advisor) if asked.advisor else query


def _belongs(visit: Visit, asked: Asked) -> bool:
    """The same question as `_page`, asked of one visit."""
    of_day = asked.begin <= visit.arrived_at < asked.end or (
        asked.is_today and visit.state in OPEN and visit.arrived_at < asked.begin)
    gone = visit.merged_into is not None or visit.erased_at is not None
    return (of_day and not gone and (not asked.group or visit.state in GROUPS[asked.group])
            and (not asked.advisor or visit.advisor == asked.advisor))


def _counts(db: Session, asked: Asked) -> tuple[dict[str, int], int]:
    late = func.sum(case((and_(Visit.promised_at < asked.now, Visit.state.in_(OPEN)), 1), else_=0))
    counts, over = dict.fromkeys(GROUPS, 0), 0
    scopes = [_of_the_day(asked), _still_here(asked)] if asked.is_today else [_of_the_day(asked)]
    for scope in scopes:
        query = select(Visit.state, func.count(), late).where(scope).group_by(Visit.state)
        for state, n, n_late in db.execute(query.where(Visit.advisor == asked.advisor) if asked.advisor else query):
            counts[GROUP_OF[state]] += n
            over += n_late or 0
    return counts, over


def _rows(db: Session, asked: Asked, visits: list[Visit], names: dict[str, tuple[str, list[str]]]) -> list[VisitRow]:
    ids = [v.id for v in visits]
    walking = [v.id for v in visits if v.state == "inspecting"]
    answered = _per_visit(db, Answer, and_(Answer.current), walking)
    disputed = _per_visit(db, Answer, Answer.disputed & Answer.current, ids)
    unlike = _per_visit(db, Discrepancy, ~Discrepancy.settled, ids)
    expected = _per_visit(db, Photo, and_(Photo.state == "expected", ~Photo.retracted), ids)
    slots = {a.id: a.slot_start_at for a in _by_id(db, asked.store, [v.appointment_id for v in visits if v.appointment_id])}
    return [VisitRow(
        id=v.id, plate=v.plate, model=v.model, customer=v.customer_name, advisor=names.get(v.advisor, (v.advisor, []))[0],
        state=v.state, arrived_at=v.arrived_at, promised_at=v.promised_at, booked_at=slots.get(v.appointment_id or ""),
        appointment=v.appointment_id, number=v.order_number or v.number, answered=answered.get(v.id, 0),
        disputed=disputed.get(v.id, 0) + unlike.get(v.id, 0), expected=expected.get(v.id, 0),
        late=_is_open(v) and v.promised_at is not None and v.promised_at < asked.now,
        soon=_is_open(v) and v.promised_at is not None and asked.now <= v.promised_at < asked.now + SOON,
        before=v.arrived_at < asked.begin) for v in visits]


def _is_open(visit: Visit) -> bool:
    return visit.state in OPEN


def _per_visit(db: Session, table: Any, where: ColumnElement[bool], ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = db.execute(select(table.visit_id, func.count()).where(table.visit_id.in_(ids), where).group_by(table.visit_id))
    return dict(rows.all())


def _by_id(db: Session, store: str, ids: list[str]) -> list[Appointment]:
    if not ids:
        return []
    return list(db.scalars(select(Appointment).where(Appointment.store_id == store, Appointment.id.in_(ids))))


def _booked(db: Session, asked: Asked, names: dict[str, tuple[str, list[str]]]) -> list[Booked]:
    query = (select(Appointment, Vehicle).join(Vehicle, Vehicle.id == Appointment.vehicle_id)
             .where(Appointment.store_id == asked.store, Appointment.slot_start_at >= asked.begin,
                    Appointment.slot_start_at < asked.end, Appointment.visit_id.is_(None), ~Appointment.deleted)
             .order_by(Appointment.slot_start_at, Appointment.id).limit(MOST))
    if asked.advisor:
        query = query.where(Appointment.advisor == asked.advisor)
    return [Booked(a.id, v.plate, v.customer_name or "", names.get(a.advisor or "", (a.advisor or "", []))[0], a.slot_start_at,
                   a.promised_at or a.slot_start_at + timedelta(minutes=a.duration_min), a.customer_words,
                   a.slot_start_at < asked.now) for a, v in db.execute(query)]


def _names(db: Session, store: str) -> dict[str, tuple[str, list[str]]]:
    return {s.id: (s.name, s.roles) for s in db.scalars(select(Staff).where(Staff.store_id == store))}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def hours(db: Session, store: str, on: date) -> tuple[int, int]:
    """The hours that the day's sheet shows: the store's opening, an hour to spare at the end."""
    opening = db.get_one(Store, store).settings.get("opening", {})
    text = str(opening.get("weekend" if on.weekday() >= 5 else "weekday", "08:30-18:00"))
    try:
        begin, _, end = text.partition("-")
        first, last = int(begin.split(":")[0]), int(end.split(":")[0])
    except ValueError:
        return 8, 18
    return (first, max(last, first + 4)) if 0 <= first < last <= 24 else (8, 18)
