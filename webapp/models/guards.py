"""Evidence is only ever added (T15): triggers of the database itself refuse to change or remove it, whoever asks.

What may change lawfully is named here and nowhere else. Personal words go when an erase act of that visit stands in the ledger
(same transaction or earlier); a document is voided once; a photo's bytes arrive; a photo is retracted, marked up, or moves with
a merged visit. A step of migrations/ lays the same triggers; a test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import DDL, Table, event

from webapp.models import document, ledger, photo
from webapp.models.base import Base

FREE = frozenset({"change_no"})  # where phones are told of a row again


@dataclass(frozen=True)
class Guard:
    """personal: column -> what it becomes at an erasure. once: filled one time. moves: column -> (from, to). free: may change."""

    table: str
    personal: Mapping[str, str] = field(default_factory=dict)
    once: frozenset[str] = frozenset()
    moves: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    free: frozenset[str] = FREE


GUARDS = (
    Guard("ledger_entry"),
    Guard("kept_act", {"body": "NULL", "facts": "{}"}),
    Guard("document", {"body": "''", "signature": "{}", "differs": "[]", "signer": "''", "void_reason": "''", "deleted": "true"},
          once=frozenset({"void_reason"})),
    Guard("document_refusal", {"witness": "NULL", "photos": "[]", "deleted": "true"}),
    Guard("sealed_file", free=frozenset()),
    Guard("photo", {"state": "'erased'", "deleted": "true"}, moves={"state": ("expected", "present")},
          free=FREE | {"visit_id", "retracted", "retract_reason", "shapes"}),
)


def sqlite_triggers(guard: Guard, columns: list[str]) -> list[str]:
    """The two triggers of a table in SQLite's words."""
    name, refuse = guard.table, f"SELECT RAISE(ABORT, 'evidence: {guard.table} is only ever added to')"
    lawful = _lawful(guard, columns, "IS")
    return [f"CREATE TRIGGER guard_{name}_update BEFORE UPDATE ON {name} WHEN NOT {lawful} BEGIN {refuse}; END",
            f"CREATE TRIGGER guard_{name}_delete BEFORE DELETE ON {name} BEGIN {refuse}; END"]


def postgres_triggers(guard: Guard, columns: list[str]) -> list[str]:
    """A function and three triggers (rows, and the table emptied at one stroke) in PostgreSQL's words."""
    name = guard.table
    lawful = _lawful(guard, columns, "IS NOT DISTINCT FROM")
    return [f"CREATE OR REPLACE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN "
            f"IF {lawful} THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION 'evidence: {name} is only ever added to'; END $$",
            f"CREATE TRIGGER guard_{name}_update BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION guard_{name}()",
            f"CREATE TRIGGER guard_{name}_delete BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION guard_{name}()",
            f"CREATE TRIGGER guard_{name}_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION guard_{name}()"]


def _lawful(guard: Guard, columns: list[str], same: str) -> str:
    """The condition under which an update may pass: fixed columns stay; personal ones stay, or go when an erase act stands."""
    stays, plain, erased = [], [], []
    for column in columns:
        ways = [f"NEW.{column} {same} OLD.{column}"]
        if column in guard.once:
            ways.append(f"(OLD.{column} IS NULL AND NEW.{column} IS NOT NULL)")
        if column in guard.moves:
            before, after = guard.moves[column]
            ways.append(f"(OLD.{column} = '{before}' AND NEW.{column} = '{after}')")
        if column in guard.personal:
            plain.append(_any(ways))
            erased.append(_any([*ways, _becomes(column, guard.personal[column])]))
        elif column not in guard.free:
            stays.append(_any(ways))
    if plain:
        stays.append(f"({' AND '.join(plain)} OR {' AND '.join(erased)} AND {_erased(guard.table)})")
    return f"({' AND '.join(stays)})"


def _any(ways: list[str]) -> str:
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def _becomes(column: str, value: str) -> str:
    if value in ("{}", "[]"):
        return f"CAST(NEW.{column} AS TEXT) = '{value}'"
    if value == "NULL":
        return f"NEW.{column} IS NULL"
    return f"length(NEW.{column}) = 0" if value == "''" else f"NEW.{column} = {value}"


def _erased(table: str) -> str:
    """An applied erase act of the visit stands. An act that names no visit (unreadable) goes with any erasure of its store."""
    visit = "(e.visit_id = OLD.visit_id OR OLD.visit_id IS NULL)" if table == "kept_act" else "e.visit_id = OLD.visit_id"
    return (f"EXISTS (SELECT 1 FROM kept_act e WHERE e.store_id = OLD.store_id AND {visit} "  # noqa: S608  words of ours only
            "AND e.command = 'visit.erase' AND e.verdict = 'applied')")


def triggers_of(table: Table, dialect: str) -> list[str]:
    """What lays the guard of this table."""
    guard = next(guard for guard in GUARDS if guard.table == table.name)
    made = sqlite_triggers if dialect == "sqlite" else postgres_triggers
    return made(guard, [column.name for column in table.columns])


def drop_guard(table: str, dialect: str) -> list[str]:
    """What takes a guard away: for steps that change the table, and for tests that play the one who tampers."""
    names = ("update", "delete") if dialect == "sqlite" else ("update", "delete", "truncate")
    return [f"DROP TRIGGER guard_{table}_{name}{'' if dialect == 'sqlite' else f' ON {table}'}" for name in names]


for _guard in GUARDS:
    _table = Base.metadata.tables[_guard.table]
    for _dialect in ("sqlite", "postgresql"):
        for _text in triggers_of(_table, _dialect):
            _laid: Any = DDL(_text.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(_table, "after_create", _laid.execute_if(dialect=_dialect))

__all__ = ["GUARDS", "Guard", "document", "drop_guard", "ledger", "photo", "triggers_of"]
