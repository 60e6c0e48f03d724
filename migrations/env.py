"""How Alembic reaches the database: one writer's transaction; on PostgreSQL one server at a time."""

from alembic import context
from sqlalchemy import Connection, text

from webapp.foundation.db import Database
from webapp.models import Base

LOCK = 20261123


def migrate(database: Database) -> None:
    with database.engine.execution_options(begin="IMMEDIATE").connect() as connection:
        if database.is_sqlite:
            _foreign_keys(connection, on=False)  # SQLite changes a column by making the table anew
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
                context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=database.is_sqlite,
                                  compare_server_default=True)
                context.run_migrations()
        finally:
            if database.is_sqlite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, on: bool) -> None:
    """Outside a transaction, where alone SQLite listens to this."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


migrate(context.config.attributes["database"])
