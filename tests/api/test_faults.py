"""The world fails: a locked or full database, a full disk. Nothing is acknowledged, and it works again afterwards."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from psycopg.errors import DiskFull
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from tests.api.conftest import Wire, house_of, is_error
from tests.api.pictures import jpeg
from tests.api.test_photos import spooled
from tests.visits import arrival
from webapp.api.wire import explain
from webapp.foundation.ids import new_id
from webapp.models import StoreCounter


def opening(wire: Wire) -> bytes:
    return wire.act("visit.open", arrival(), new_id())


def test_a_locked_database_takes_nothing_and_asks_to_come_again(wire: Wire) -> None:
    act = opening(wire)
    with wire.database.write() as other:
        other.scalars(select(StoreCounter).with_for_update()).all()

        told = wire.hand_in(act)

        is_error(told, 503, "server.busy")
        assert int(told.headers["Retry-After"]) > 0
    assert wire.get("/changes")["device_last_seq"] == 0
    assert wire.hand_in(act).json["receipts"][0]["verdict"] == "applied"  # control: free again, it is taken


def test_a_locked_database_does_not_stop_a_pull(wire: Wire, visit: str) -> None:
    with wire.database.write() as other:
        other.scalars(select(StoreCounter).with_for_update()).all()

        assert wire.get("/changes")["rows"]


@contextmanager
def full_database(app: Flask) -> Iterator[None]:
    """SQLite may use no page more than it has."""
    engine = house_of(app).database.engine

    def no_more(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA max_page_count=1")

    event.listen(engine, "checkout", no_more)
    try:
        yield
    finally:
        event.remove(engine, "checkout", no_more)
        engine.dispose()


def test_a_full_database_takes_nothing_and_says_the_disk_is_full(wire: Wire, app: Flask) -> None:
    if not wire.database.is_sqlite:
        return  # PostgreSQL says 53100, see below
    big = [wire.act("concern.add", {"concern": new_id(), "text": "很" * 1000}, new_id()) for _ in range(60)]
    with full_database(app):
        told = wire.hand_in(*big)

        is_error(told, 507, "server.disk_full")
        assert int(told.headers["Retry-After"]) > 0
    assert wire.get("/changes")["device_last_seq"] == 0
    assert len(wire.hand_in(*big).json["receipts"]) == 60  # control


def test_a_full_postgres_is_known_by_its_code() -> None:
    assert explain(OperationalError("INSERT", {}, DiskFull("could not extend file"))).status == 507
    assert explain(OperationalError("INSERT", {}, Exception("server closed the connection"))).status == 503  # control


def test_our_own_mistake_has_a_code_and_a_sentence_and_names_nothing(app: Flask) -> None:
    with app.test_request_context("/api/v1/acts"):
        no = explain(RuntimeError("secret of the house"))

    assert (no.status, no.code) == (500, "server.fault")
    assert "secret" not in no.text + str(no.facts)


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file of this process may grow beyond `most` bytes, as on a disk with no more room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("parts", [False, True])
def test_a_full_disk_keeps_no_photo_and_says_so(wire: Wire, visit: str, app: Flask, parts: bool) -> None:
    data = jpeg(1200, 900, noise=True)
    photo = wire.announce(data, visit)
    headers = {"Content_Range": f"bytes 0-{len(data) - 1}/{len(data)}"} if parts else {}
    with small_files(100_000):
        assert len(data) > 200_000

        told = wire.send(photo, data, **headers)

        is_error(told, 507, "server.disk_full")
        assert int(told.headers["Retry-After"]) > 0
    assert wire.get(f"/visits/{visit}/manifest")["photos"][photo]["state"] == "expected"
    assert parts or spooled(app) == []
    assert wire.send(photo, data, **headers).status_code == 201  # control: with room it is kept


def test_a_full_disk_costs_only_the_making_of_a_thumb(wire: Wire, visit: str) -> None:
    data = jpeg(1200, 900, noise=True)
    photo = wire.announce(data, visit)
    wire.send(photo, data)
    with small_files(1_000):
        assert wire.call("GET", f"/photos/{photo}?size=thumb").status_code == 200


def test_a_busy_store_between_file_and_row_is_told_to_come_again(wire: Wire, visit: str) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)
    with wire.database.write() as other:
        other.scalars(select(StoreCounter).with_for_update()).all()

        is_error(wire.send(photo, data), 503, "server.busy")
    assert wire.get(f"/visits/{visit}/manifest")["photos"][photo]["state"] == "expected"
    assert wire.send(photo, data).status_code == 201


def test_a_database_that_is_not_ours_is_said_so_and_nothing_inside_is_named(wire: Wire) -> None:
    rename(wire, "part", "part_gone")
    try:
        told = wire.call("GET", "/catalogue")
    finally:
        rename(wire, "part_gone", "part")

    is_error(told, 503, "server.busy")
    assert "part" not in told.text and wire.call("GET", "/catalogue").status_code == 200


def rename(wire: Wire, table: str, other: str) -> None:
    with wire.database.write() as db:
        db.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))
        db.commit()
