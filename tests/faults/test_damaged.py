"""The database file is damaged (T43): the start finds it in fifty places, and then nothing is written and everybody is told."""

import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.api.conftest import Wire, house_of, is_error
from tests.conftest import unguarded
from tests.faults.killed_server import Server
from tests.visits import a_visit, arrival
from webapp.commands.start_check import broken_file, broken_ledger
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id

SEED, PLANTED = 43, 50


def found(database: Database) -> str | None:
    return broken_file(database) or broken_ledger(database)


def test_a_file_with_a_spoilt_page_is_found(wire: Wire, app: Flask, tmp_path: Path) -> None:
    for _ in range(3):
        a_visit(wire, at="inspecting")
    source = house_of(app).database
    assert found(source) is None  # control: the sound one is believed
    with source.engine.connect() as known:
        known.exec_driver_sql("ROLLBACK")
        known.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        roots = [row[0] for row in known.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE rootpage > 0")]
    sound, chance = Path(str(source.engine.url.database)).read_bytes(), random.Random(SEED)
    missed = list[str]()
    for n in range(PLANTED):
        page = chance.choice([1, *roots])
        at = (page - 1) * 4096 + (100 if page == 1 else 0)  # the head of a page: what it is and how many cells
        spoilt = bytearray(sound)
        spoilt[at:at + 8] = bytes(chance.randrange(16, 255) for _ in range(8))
        path = tmp_path / f"{n}.sqlite"
        path.write_bytes(spoilt if n % 5 else sound[:chance.randrange(2, len(sound) // 4096) * 4096])
        database = Database(f"sqlite:///{path}")
        try:
            missed += [] if _found(database) else [f"page {page} in {n}"]
        finally:
            database.engine.dispose()
    assert missed == [], f"seed {SEED}"


def _found(database: Database) -> bool:
    try:
        return found(database) is not None
    except Exception:  # it does not open at all: the start stops with a sentence
        return True


@pytest.mark.parametrize("how", ["UPDATE ledger_entry SET verdict = 'refused' WHERE idx = 2",
                                 "UPDATE kept_act SET body = CAST(replace(CAST(body AS TEXT), 'ZA1056', 'ZA1057') AS BLOB) "
                                 "WHERE idx = 1",
                                 "DELETE FROM ledger_entry WHERE idx = (SELECT max(idx) FROM ledger_entry)",
                                 "UPDATE store_counter SET n = n + 1", "UPDATE ledger_entry SET store_prev = hash WHERE idx = 3"])
def test_a_ledger_that_does_not_agree_is_found(wire: Wire, app: Flask, how: str) -> None:
    a_visit(wire, at="inspecting")
    database = house_of(app).database
    assert broken_ledger(database) is None
    unguarded(database)
    with database.engine.begin() as known:
        known.execute(text(how))

    assert broken_ledger(database) is not None


def test_then_nothing_is_taken_and_everybody_is_told(wire: Wire, app: Flask, visit: str) -> None:
    house_of(app).database.damaged = True

    told = wire.hand_in(wire.act("visit.open", arrival(), new_id()))

    is_error(told, 503, "server.damaged")
    assert int(told.headers["Retry-After"]) > 0 and wire.get("/changes")["rows"]
    app.jinja_env.globals["damaged"] = True
    page = app.test_client().get("/sign-in")
    assert "服务器的数据坏了" in page.text
    house_of(app).database.damaged = False  # control
    assert wire.hand_in(wire.act("visit.open", arrival(), new_id(), seq=wire.seq)).status_code == 200


def test_the_server_starts_says_it_and_writes_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path / "home")
    server.start()
    server.kill()
    path = tmp_path / "home/clockwise.sqlite"
    with Database(f"sqlite:///{path}").engine.connect() as known:
        known.exec_driver_sql("ROLLBACK")
        known.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        root = known.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'ix_ledger_visit'").scalar()
    spoilt = bytearray(path.read_bytes())
    spoilt[(root - 1) * 4096:(root - 1) * 4096 + 8] = b"\xee" * 8
    path.write_bytes(spoilt)

    server.start()

    status, told = server.ask("POST", "/api/v1/devices", b'{"store":"YF01","login":"E005","password":"clockwise"}',
                              {"Content-Type": "application/json"})
    server.kill()
    assert (status, told["error"]["code"]) == (503, "server.damaged")
    assert "数据库已损坏" in (tmp_path / "server.log").read_text() and path.read_bytes() == bytes(spoilt)


