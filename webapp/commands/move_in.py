"""The proven backup takes the house's place: what was there moves aside, by renaming only, and nothing is deleted.

While that lasts `restore-unfinished` lies in the home; a server that finds it does not start, and restoring again ends it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from webapp.commands.backup import HOME
from webapp.commands.restore import is_used
from webapp.foundation.config import Settings
from webapp.foundation.db import Database

UNFINISHED = "restore-unfinished"


def occupied(settings: Settings, database: Database) -> bool:
    """Whether a restore would put away something that people made."""
    return is_used(database) or any(settings.photo_store.glob("??/*"))


@contextmanager
def beside(settings: Settings, scratch: Path, stamp: str) -> Iterator[Database]:
    """An empty database next to the house's own: a file in `scratch`, or a schema of its own on PostgreSQL."""
    if settings.database_url.startswith("sqlite"):
        database = Database(f"sqlite:///{scratch / 'database.sqlite'}")
    else:
        with Database(settings.database_url).engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {_schema(stamp)}"))
        database = Database(settings.database_url, schema=_schema(stamp))
    try:
        yield database
    finally:
        database.engine.dispose()


def move_in(settings: Settings, database: Database, scratch: Path, stamp: str) -> Path:
    """Puts what lies in `scratch` where the house expects it; returns where the old things are. Raises OSError."""
    database.engine.dispose()
    mark = settings.home / UNFINISHED
    mark.write_text(stamp)
    _move(scratch / "photos", settings.photo_store, stamp)
    for name in ("sealed", *HOME):
        _move(scratch / name, settings.home / name, stamp)
    if database.is_sqlite:
        path = Path(str(make_url(settings.database_url).database)).absolute()
        for end in ("-wal", "-shm"):
            _aside(path.with_name(path.name + end), stamp)
        _move(scratch / "database.sqlite", path, stamp)
    else:
        _swap_schemas(database, stamp)
    mark.unlink()
    return settings.home / f"before-restore-{stamp}"


def leave(settings: Settings, stamp: str) -> None:
    """Takes away what a restore that failed has laid beside a PostgreSQL database."""
    if not settings.database_url.startswith("sqlite"):
        with Database(settings.database_url).engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {_schema(stamp)} CASCADE"))


def _move(source: Path, goal: Path, stamp: str) -> None:
    """The new thing in the old one's place; without a new one the old goes aside all the same."""
    _aside(goal, stamp)
    if source.exists():
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, goal)


def _aside(path: Path, stamp: str) -> None:
    if path.exists():
        place = path.parent / f"before-restore-{stamp}"
        place.mkdir(mode=0o700, exist_ok=True)
        path.rename(place / path.name)


def _swap_schemas(database: Database, stamp: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER SCHEMA public RENAME TO before_{_schema(stamp)}"))
        connection.execute(text(f"ALTER SCHEMA {_schema(stamp)} RENAME TO public"))
    database.engine.dispose()


def _schema(stamp: str) -> str:
    return f"restore_{stamp.lower()}"
