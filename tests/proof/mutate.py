"""T15: somebody with the database, triggers taken away, who changes one thing: any evidence column, a row, or a file."""

import copy
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.commands.house import House
from webapp.foundation.ids import new_id
from webapp.models import Document, DocumentRefusal, KeptAct, LedgerEntry, Photo, SealedFile, StoreCounter

TABLES: tuple[Any, ...] = (LedgerEntry, KeptAct, Document, DocumentRefusal, SealedFile, Photo, StoreCounter)
# Said by no act, so held by no hash (webapp/commands/proof/rows.py); change_no is where phones are told again.
NOT_EVIDENCE = {"kept_act": {"sentence", "facts"}, "document": {"differs", "change_no"}, "document_refusal": {"change_no"},
                "photo": {"change_no"}, "store_counter": {"epoch", "backed_up"}}


def mutate(db: Session, house: House, store: str, chance: random.Random) -> tuple[str, Callable[[], None]]:
    """One change of the rows of this session, which the caller rolls back, or of a file, which the second value undoes."""
    way = chance.choice(("column",) * 6 + ("delete", "insert", "swap", "file"))
    if way == "file":
        return _file(house, db, store, chance)
    table: Table = chance.choice(TABLES).__table__
    rows = [dict(row) for row in db.execute(select(table).where(table.c.store_id == store)).mappings()]
    if not rows or (way != "column" and table.name == "store_counter"):
        return mutate(db, house, store, chance)
    return f"{table.name} {WAYS[way](db, table, rows, chance)}", lambda: None


def _column(db: Session, table: Table, rows: list[dict[str, Any]], chance: random.Random) -> str:
    names = [c.name for c in table.columns if c.name not in NOT_EVIDENCE.get(table.name, set()) | {"store_id"}]
    row, name = chance.choice(rows), chance.choice(names)
    nullable = bool(table.c[name].nullable)
    value = _other(row[name], nullable, chance)
    db.execute(update(table).where(_is(table, row)).values({name: value}))
    return f"{name} {row[name]!r:.60} -> {value!r:.60}"


def _delete(db: Session, table: Table, rows: list[dict[str, Any]], chance: random.Random) -> str:
    row = chance.choice(rows)
    db.execute(delete(table).where(_is(table, row)))
    return f"delete {_key(table, row)}"


def _insert(db: Session, table: Table, rows: list[dict[str, Any]], chance: random.Random) -> str:
    """A row of his own, after the pattern of another."""
    row = copy.deepcopy(chance.choice(rows))
    for name, value in {"idx": max((r.get("idx") or 0) for r in rows) + chance.randrange(1, 3), "id": new_id(), "n": 77,
                        "act_id": new_id(), "seq": None, "sha256": f"{chance.randrange(16**16):064x}"}.items():
        if name in row:
            row[name] = value
    db.execute(insert(table).values(row))
    return f"insert {_key(table, row)}"


def _swap(db: Session, table: Table, rows: list[dict[str, Any]], chance: random.Random) -> str:
    """Two rows change a column's values with each other."""
    names = [c.name for c in table.columns if not c.primary_key and not c.unique
             and c.name not in NOT_EVIDENCE.get(table.name, set()) | {"store_id"}]
    pairs = [(one, other, name) for one in rows for other in rows for name in names if one[name] != other[name]]
    if not pairs:
        return _column(db, table, rows, chance)
    one, other, name = chance.choice(pairs)
    if name in ("seq", "n", "act_id"):  # unique together: through a value that nobody has
        db.execute(update(table).where(_is(table, one)).values({name: -1 if name != "act_id" else "-"}))
    db.execute(update(table).where(_is(table, other)).values({name: one[name]}))
    db.execute(update(table).where(_is(table, one)).values({name: other[name]}))
    return f"swap {name}"


WAYS: dict[str, Callable[..., str]] = {"column": _column, "delete": _delete, "insert": _insert, "swap": _swap}


def _file(house: House, db: Session, store: str, chance: random.Random) -> tuple[str, Callable[[], None]]:
    photos = [house.photos.path(sha256) for sha256 in
              db.scalars(select(Photo.sha256).where(Photo.store_id == store, Photo.state == "present"))]
    path: Path = chance.choice(photos + [house.sealed.path(sha256) for sha256 in
                                         db.scalars(select(SealedFile.sha256).where(SealedFile.store_id == store))])
    was = path.read_bytes()
    if chance.random() < 0.2:
        path.unlink()
        return f"removed {path.name}", lambda: _put(path, was)
    at = chance.randrange(len(was))
    path.write_bytes(was[:at] + bytes([was[at] ^ (1 << chance.randrange(8))]) + was[at + 1:])
    return f"bit in {path.name} at {at}", lambda: _put(path, was)


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _is(table: Table, row: dict[str, Any]) -> Any:
    return and_(*(c == row[c.name] for c in table.primary_key.columns))


def _key(table: Table, row: dict[str, Any]) -> str:
    return " ".join(str(row[c.name]) for c in table.primary_key.columns)


def _other(value: Any, nullable: bool, chance: random.Random) -> Any:
    if value is not None and nullable and chance.random() < 0.2:
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([1, 1000, 10**6])
    if isinstance(value, datetime):
        return value + timedelta(milliseconds=chance.choice([1, -1, 60_000, 86_400_000]))
    if isinstance(value, bytes):
        at = chance.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ (1 << chance.randrange(7))]) + value[at + 1:] if value else b"x"
    if isinstance(value, list):
        return [*value, "x"] if not value or chance.random() < 0.5 else value[:-1]
    if isinstance(value, dict):
        return {**value, chance.choice([*value, "more"]): "other"}
    if value is None:
        return None if not nullable else chance.choice(["0" * 36])
    return chance.choice([value + "x", value[:-1] + ("0" if value[-1:] != "0" else "1"), "改"])
