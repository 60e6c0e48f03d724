"""Brings a database to a version. The whole way is one transaction: it arrives, or nothing has changed."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from webapp.foundation.db import Database

HERE = Path(__file__).parent


def upgrade(database: Database, to: str = "head") -> None:
    """Up to `to`; a database that is there already is left alone."""
    command.upgrade(config(database), to)


def downgrade(database: Database, to: str) -> None:
    """Down to `to` ("base" takes everything away)."""
    command.downgrade(config(database), to)


def config(database: Database) -> Config:
    """Alembic's settings, made here rather than in an ini file: the database is the house's own."""
    made = Config(attributes={"database": database})
    made.set_main_option("script_location", str(HERE))
    made.set_main_option("path_separator", "os")
    return made
