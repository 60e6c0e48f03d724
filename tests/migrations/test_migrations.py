"""The steps lay exactly the tables that the models speak of, and can be walked up and down with a store at work in them."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table, inspect, select, text

from migrations.run import HERE, config, downgrade, upgrade
from webapp.foundation.db import Database, Moment
from webapp.models import Base, Store
from webapp.models.guards import GUARDS

DAY = datetime(2026, 11, 23, tzinfo=UTC)
VERSIONS = sorted((HERE / "versions").glob("[0-9]*.py"))


def test_steps_and_models_agree(database: Database) -> None:
    upgrade(database)

    assert differences(database, Base.metadata) == []


def test_a_table_without_a_step_would_be_noticed(database: Database) -> None:
    upgrade(database)
    more = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(more)
    Table("forgotten", more, Column("id", Integer, primary_key=True))
    more.tables["visit"].append_column(Column("forgotten", Integer))

    assert len(differences(database, more)) == 2


def test_up_twice_is_up_once(database: Database) -> None:
    upgrade(database)
    with database.write() as db:
        db.add(Store(id="YF01", name="一店", short_name="一店", settings={"opening": "08:30"}))
        db.commit()

    upgrade(database)

    with database.read() as db:
        assert db.scalars(select(Store.short_name)).all() == ["一店"]


@pytest.mark.parametrize("step", [path.stem[:4] for path in VERSIONS])
def test_each_step_goes_down_and_up_again_with_data(database: Database, step: str) -> None:
    upgrade(database)
    _one_row_in_every_table(database)
    before = ScriptDirectory.from_config(config(database)).get_revision(step).down_revision or "base"

    downgrade(database, str(before))
    upgrade(database)

    assert differences(database, Base.metadata) == []


def test_all_the_way_down_leaves_nothing(database: Database) -> None:
    upgrade(database)
    _one_row_in_every_table(database)

    downgrade(database, "base")

    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}


def test_sqlite_keeps_its_keys_after_a_step(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    upgrade(database)

    with database.read() as db:
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_steps_know_no_models(path: Path) -> None:
    """A step of last year must not change its meaning when a model does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    assert not [module for module in modules if module.split(".")[0] == "webapp"]
    assert ast.get_docstring(tree)


def test_steps_and_models_guard_evidence_alike(database: Database) -> None:
    """A step that makes a guarded table anew (SQLite) loses its triggers: lay them again in that step."""
    upgrade(database)
    walked = guards_in(database)
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)

    assert walked == guards_in(database)
    assert {name for name, _ in walked} >= {f"guard_{guard.table}_{what}" for guard in GUARDS for what in ("update", "delete")}


def guards_in(database: Database) -> set[tuple[str, str]]:
    """Triggers by name with their text, spaces apart."""
    ask = ("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'" if database.is_sqlite else
           "SELECT tgname, pg_get_triggerdef(t.oid) || prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid "
           "WHERE tgname LIKE 'guard_%'")
    with database.read() as db:
        return {(name, " ".join(sql.split())) for name, sql in db.execute(text(ask))}


def differences(database: Database, metadata: MetaData) -> list[Any]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)


def _one_row_in_every_table(database: Database) -> None:
    """Enough to show that a step works on rows, not only on empty tables. Keys are off or deferred: only shapes matter."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            connection.execute(table.insert().values({c.name: _value(c) for c in table.columns}))
        connection.commit()
        if database.is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")
        else:
            connection.execute(text("SET session_replication_role = origin"))


def _value(column: Column[Any]) -> Any:
    if column.name == "kind":
        return "job"  # the one kind that a rule of order_line names
    kind = datetime if isinstance(column.type, Moment) else column.type.python_type
    return {int: 1, bool: True, str: "x", bytes: b"x", datetime: DAY, date: DAY.date(), object: {}}[kind]
