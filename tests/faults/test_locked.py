"""Another process holds the database (T6): who can wait, waits; who cannot, is told when to come again; nothing is lost."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests.api.conftest import Wire, house_of, is_error
from tests.visits import arrival
from webapp.foundation.ids import new_id
from webapp.models import LedgerEntry

HOLDER = """
import sys, time
try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite
db = sqlite.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")
"""


@contextmanager
def held(app: Flask, seconds: float) -> Iterator[None]:
    """Another process writes for so long."""
    path = house_of(app).database.engine.url.database
    other = subprocess.Popen([sys.executable, "-c", HOLDER, str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    try:
        yield
    finally:
        assert other.wait() == 0


def opening(wire: Wire) -> bytes:
    return wire.act("visit.open", arrival(), new_id())


@pytest.mark.parametrize("seconds", [0.1, 1, 3])
def test_who_waits_within_five_seconds_is_taken(wire: Wire, app: Flask, seconds: float) -> None:
    act = opening(wire)
    with held(app, seconds):
        told = wire.hand_in(act)

    assert told.status_code == 200 and told.json["receipts"][0]["verdict"] == "applied"


def test_who_waits_longer_is_told_to_come_again_and_nothing_is_lost(app: Flask) -> None:
    wires = [Wire(app, staff) for staff in ("E005", "E006")]
    acts = [[opening(wire) for _ in range(3)] for wire in wires]
    with held(app, 7), ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda wire, its: wire.hand_in(*its), wires, acts))

    for answer in told:
        is_error(answer, 503, "server.busy")
        assert int(answer.headers["Retry-After"]) > 0
    assert kept(app) == 0
    for wire, its in zip(wires, acts, strict=True):
        assert {receipt["verdict"] for receipt in wire.hand_in(*its).json["receipts"]} == {"applied"}
    assert kept(app) == 6


def test_again_and_again_for_a_moment_loses_and_doubles_nothing(app: Flask) -> None:
    wires = [Wire(app, staff) for staff in ("E005", "E006")]

    def works(wire: Wire) -> None:
        for _ in range(15):
            act = opening(wire)
            while wire.hand_in(act).status_code != 200:
                time.sleep(0.05)

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(works, wire) for wire in wires]
        while not all(one.done() for one in done):
            with held(app, 0.2):
                pass
        for one in done:
            one.result()
    assert kept(app) == 30


def test_control_without_patience_even_a_moment_turns_people_away(wire: Wire, app: Flask) -> None:
    engine = house_of(app).database.engine

    def at_once(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA busy_timeout=0")

    event.listen(engine, "checkout", at_once)
    with held(app, 1):
        is_error(wire.hand_in(opening(wire)), 503, "server.busy")


def kept(app: Flask) -> int:
    with house_of(app).database.read() as db:
        return db.scalar(select(func.count()).select_from(LedgerEntry)) or 0
