"""The whole database as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

One reading transaction sees one moment of every table, and holds no writer up. Rows are written by the models' types, and
the header names them, so that last year's dump is read without last year's models: its own tables are laid first (`schema`).
"""

import gzip
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import JSON, Boolean, Column, Connection, Date, LargeBinary, MetaData, column, insert, select, table, text
from sqlalchemy.types import NullType

from webapp.adapters.backup_key import BackupFault
from webapp.foundation.db import Database, Moment
from webapp.foundation.refusal import N_
from webapp.models import Base

TYP = "clockwise-database/1"
LEFT_OUT = frozenset({"desk_session"})  # who sits at a desk now is nothing to keep: everybody signs in again
ROWS = 2000
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_TYPES: dict[str, Any] = {"moment": Moment(), "date": Date(), "bytes": LargeBinary(), "json": JSON(none_as_null=True),
                          "flag": Boolean(), "plain": NullType()}
_READ: dict[str, Any] = {"moment": datetime.fromisoformat, "date": date.fromisoformat, "bytes": b64decode}


@contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """A connection whose reads all see the same moment."""
    engine = database.engine if database.is_sqlite else database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def schema_of(connection: Connection) -> str:
    """The step that the tables stand at."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def dump(connection: Connection, metadata: MetaData = Base.metadata) -> Iterator[bytes]:
    """The rows of every table, compressed, piece by piece."""
    packer = zlib.compressobj(1, wbits=31)
    count = 0
    yield packer.compress(_encode({"typ": TYP, "schema": schema_of(connection)}) + b"\n")
    for of in metadata.sorted_tables:
        if of.name in LEFT_OUT:
            continue
        yield packer.compress(_encode({"table": str(of.name), "columns": [(str(c.name), _kind(c)) for c in of.columns]}) + b"\n")
        rows = connection.execution_options(yield_per=ROWS).execute(select(of).order_by(*of.primary_key))
        for some in rows.partitions():
            count += len(some)
            if piece := packer.compress(b"".join(_encode(tuple(row)) + b"\n" for row in some)):
                yield piece
    yield packer.compress(_encode({"rows": count}) + b"\n") + packer.flush()


def read_schema(path: Path) -> str:
    """The step whose tables the dump's rows fit. Raises BackupFault."""
    with gzip.open(path) as lines:
        header = _line(next(iter(lines), b""))
    if not isinstance(header, dict) or header.get("typ") != TYP:
        raise BackupFault(N_("备份里的数据库由更新的版本写成，请先升级顺时针再恢复"))
    return str(header["schema"])


def load(database: Database, path: Path) -> int:
    """Puts the rows into tables that are laid and empty, in one transaction; returns how many. Raises BackupFault."""
    into, keys, readers, some, count, said = None, [""], list[tuple[int, Any]](), list[dict[str, Any]](), 0, -1
    with database.write() as db, gzip.open(path) as lines:
        for line in lines:
            found = _line(line)
            if isinstance(found, list):
                for at, read in readers:
                    if found[at] is not None:
                        found[at] = read(found[at])
                some.append(dict(zip(keys, found, strict=True)))
                count += 1
            if some and (isinstance(found, dict) or len(some) >= ROWS):
                db.execute(insert(into), some)  # type: ignore[arg-type]
                some = []
            if isinstance(found, dict) and "table" in found:
                keys = [n for n, _ in found["columns"]]
                readers = [(at, _READ[kind]) for at, (_, kind) in enumerate(found["columns"]) if kind in _READ]
                into = table(found["table"], *(column(n, _TYPES[kind]) for n, kind in found["columns"]))
            elif isinstance(found, dict) and "rows" in found:
                said = found["rows"]
        if said != count:
            raise BackupFault(N_("备份里的数据库不完整"))
        db.commit()
    return count


def _line(line: bytes) -> Any:
    try:
        return _decode(line)
    except msgspec.DecodeError as why:
        raise BackupFault(N_("备份里的数据库读不出来")) from why


def _kind(of: Column[Any]) -> str:
    for name, kind in (("moment", Moment), ("date", Date), ("bytes", LargeBinary), ("json", JSON), ("flag", Boolean)):
        if isinstance(of.type, kind):
            return name
    return "plain"
