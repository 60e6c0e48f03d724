"""An empty database instead of a furnished one: here the steps themselves lay the tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from webapp.foundation.db import Database


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        with database.write() as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
            db.commit()
    yield database
    database.engine.dispose()
