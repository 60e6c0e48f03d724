"""The database: one engine, two ways in. `read` sees, `write` may change; only execute and cli commit.

SQLite (default) runs in WAL with synchronous=FULL and BEGIN IMMEDIATE for writers (evidence.md M1, M2): phones
delete what we acknowledge, so an acknowledgement must survive a power cut. PostgreSQL by DATABASE_URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

FIXED_SQLITE = (3, 51, 3)


class OldSqlite(SystemExit):
    """The SQLite at hand can damage a WAL database (evidence.md M3); we do not start on it."""


class Damaged(DBAPIError):
    """The database was found damaged at the start (T43): it is read, never written, until a backup is brought back."""

    def __init__(self) -> None:
        super().__init__(None, None, Exception("database is damaged"))


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps no zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value if value is None or dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: Moment}


class Database:
    """Opens sessions. Rows stay readable after commit; nothing is loaded behind the reader's back."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        """schema: PostgreSQL only, the tables of this schema and of no other (a restore lays its own beside ours)."""
        self.engine = _engine(url, schema)
        self.damaged = False
        self._writer = self.engine.execution_options(begin="IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A writer's session; it rolls back unless its user commits. Raises Damaged."""
        if self.damaged:
            raise Damaged
        with Session(self._writer, expire_on_commit=False) as session:
            yield session


def is_disk_full(fault: BaseException) -> bool:
    """Whether the database could not be written because its disk has no more room."""
    origin = getattr(fault, "orig", None)
    return "disk is full" in str(origin) or getattr(origin, "sqlstate", None) == "53100"


def is_damage(fault: BaseException) -> bool:
    """Whether the database is known to be damaged, or was just found to be."""
    said = str(getattr(fault, "orig", ""))
    return isinstance(fault, Damaged) or "malformed" in said or "file is not a database" in said


def _engine(url: str, schema: str | None) -> Engine:
    if not url.startswith("sqlite"):
        options = "-c lock_timeout=5000" + (f" -c search_path={schema}" if schema else "")
        return create_engine(url, pool_size=16, pool_pre_ping=True, hide_parameters=True, connect_args={"options": options})
    module = _sqlite_module()
    engine = create_engine(url, module=module, pool_size=16, hide_parameters=True,
                           connect_args={"check_same_thread": False, "timeout": 5})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, or savepoints misbehave
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000",
                       "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("begin", "DEFERRED"))

    return engine


def _sqlite_module() -> Any:
    try:
        from pysqlite3 import dbapi2 as module
    except ImportError:
        import sqlite3 as module
    if module.sqlite_version_info < FIXED_SQLITE:
        raise OldSqlite(f"SQLite {module.sqlite_version} 的 WAL 有损坏数据的缺陷，须 3.51.3 或更新；请安装 pysqlite3")
    return module
