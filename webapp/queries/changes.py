"""What changed since a phone last asked, in commit order, one store's scope, a page at a time (offline.md 3.5).

A page never splits a change number: what one act changed arrives together. Rows are bounded by the counter as it was
read first, so a writer that commits meanwhile is simply next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import PHONE_TABLES, Appointment, LedgerEntry, OfVisit, Synced, Vehicle, Visit
from webapp.queries.manifest import Head, store_head
from webapp.queries.scope import TOUCHED, Scope, read_scope

NEAR = 2_000
MARK = 12


@dataclass(frozen=True)
class Cursor:
    """How far a phone has come: everything up to change number n, in this epoch of the server, at that moment.

    mark: the beginning of the ledger's hash at n. A server that was put back to a backup and has written on since, and
    whose administrator forgot to say so, has another hash there: the phone's copy is of a history that is no more.
    """

    epoch: int
    n: int
    at: datetime
    mark: str = ""


@dataclass(frozen=True)
class Page:
    """reset: the server went back, or the phone is new to it; its copy of the rows starts over with this page."""

    rows: list[dict[str, Any]]
    next: Cursor
    more: bool
    reset: bool
    head: Head


def read_changes(db: Session, store: str, cursor: Cursor | None, limit: int, now: datetime) -> Page:
    """The next page. Rows that no act ever touched (the store's first stock of cards) have change number 0."""
    head = store_head(db, store)
    reset = cursor is not None and (cursor.epoch != head.epoch or cursor.n > head.index or _elsewhere(db, cursor, head))
    start = Cursor(head.epoch, -1, now) if cursor is None or reset else cursor
    rows, upto = _rows(db, store, start.n, head.index, limit, now) if start.n < head.index else ([], head.index)
    more = upto < head.index
    near = _entering(db, store, start, now) if not more and start.n >= 0 else []
    gone = _erased(db, store, start, upto, now) if start.n >= 0 else []
    told = [wire_row(row) for row in (*near, *gone, *rows)]
    after = Cursor(head.epoch, upto, start.at if more else now, _mark(db, head, upto))
    return Page(told, after, more, reset, head)


def _elsewhere(db: Session, cursor: Cursor, head: Head) -> bool:
    """This cursor's change number was written in another history than ours."""
    return bool(cursor.mark) and cursor.mark != _mark(db, head, cursor.n)


def _mark(db: Session, head: Head, n: int) -> str:
    if n <= 0:
        return ""
    if n == head.index:
        return head.hash[:MARK]
    found = db.scalar(select(LedgerEntry.hash).where(LedgerEntry.store_id == head.store, LedgerEntry.idx == n))
    return found[:MARK] if found else ""


def _rows(db: Session, store: str, n: int, head: int, limit: int, now: datetime) -> tuple[list[Synced], int]:
    """Rows in scope with a change number in (n, upto], in order; upto is head when all are told."""
    scope = read_scope(db, store, now)
    far, upto, found = n < 0 or head - n > NEAR, head, list[Synced]()
    for table in PHONE_TABLES:
        told, last = _of_table(db, table, scope, n, head, limit, far)
        found += told
        upto = min(upto, last)
    found = sorted((row for row in found if row.change_no <= upto), key=lambda row: row.change_no)
    if len(found) > limit:
        upto = found[limit - 1].change_no
        found = [row for row in found if row.change_no <= upto]
    return (found if far else list(_in_scope(db, scope, found))), upto


def _of_table(db: Session, table: type[Synced], scope: Scope, n: int, head: int, limit: int,
              far: bool) -> tuple[Sequence[Synced], int]:
    """A table's next rows and the number up to which they are complete.

    Far from the head the scope is asked first (few visits of many); near it the change numbers are (few rows of many).
    """
    query = _far(table, scope) if far else select(table).where(table.store_id == scope.store)
    number = table.change_no + 0 if far else table.change_no
    rows = db.scalars(query.where(number > n, number <= head).order_by(number).limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, head
    last = rows[-1].change_no
    whole = db.scalars(query.where(table.change_no == last)).all()
    return [row for row in rows if row.change_no < last] + list(whole), last


def _far(table: type[Synced], scope: Scope) -> Select[Any]:
    """Rows by the visits in scope. Number and store are compared as expressions, or SQLite would go by their index and
    read through everything that ever changed to find these few."""
    if issubclass(table, OfVisit):
        return select(table).where(table.store_id + "" == scope.store, table.visit_id.in_(scope.visits))
    if table is Visit:
        return select(Visit).where(Visit.store_id + "" == scope.store, Visit.id.in_(scope.visits))
    return select(table).where(scope.cards() if table is Vehicle else scope.appointments())


def _in_scope(db: Session, scope: Scope, rows: Sequence[Synced]) -> Iterator[Synced]:
    cars, booked = [row.id for row in rows if isinstance(row, Vehicle)], [row.id for row in rows if isinstance(row, Appointment)]
    kept = {*db.scalars(select(Vehicle.id).where(Vehicle.id.in_(cars), scope.cards()))} if cars else set()
    kept |= {*db.scalars(select(Appointment.id).where(Appointment.id.in_(booked), scope.appointments()))} if booked else set()
    kept |= scope.visits
    for row in rows:
        if (row.visit_id if isinstance(row, OfVisit) else row.id) in kept:  # type: ignore[attr-defined]
            yield row


def _entering(db: Session, store: str, start: Cursor, now: datetime) -> list[Synced]:
    """Bookings that drew near since the phone last asked, and their cars."""
    scope = Scope(store, now, frozenset(), frozenset())
    booked = db.scalars(select(Appointment).where(scope.entering(start.at), Appointment.change_no <= start.n)).all()
    cars = db.scalars(select(Vehicle).where(Vehicle.store_id == scope.store,
                                            Vehicle.id.in_([row.vehicle_id for row in booked]),
                                            Vehicle.change_no <= start.n)).all() if booked else []
    return [*cars, *booked]


def _erased(db: Session, store: str, start: Cursor, upto: int, now: datetime) -> list[Synced]:
    """Visits erased since then and no longer in scope: a phone that was away for a month may still hold one."""
    return list(db.scalars(select(Visit).where(Visit.store_id == store, Visit.erased_at.is_not(None), Visit.change_no > start.n,
                                               Visit.change_no <= upto, Visit.touched_at <= now - TOUCHED)))


def wire_row(row: Synced) -> dict[str, Any]:
    """A row as `/changes` tells it; of a deleted one only that it is gone."""
    return {"table": row.__tablename__, "id": row.id, "change_no": row.change_no, "deleted": row.deleted,  # type: ignore[attr-defined]
            "data": {} if row.deleted else row.wire()}
