"""Pulling: what changed, in commit order, one store's scope, never half of an act."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.api.conftest import Wire, is_error
from tests.api.pictures import jpeg
from tests.visits import a_visit, arrival
from webapp.domain.journey import ENDED, STATES
from webapp.foundation.clock import utc_now
from webapp.foundation.ids import new_id
from webapp.models import Appointment, Store, StoreCounter, Vehicle, Visit
from webapp.queries import changes as module
from webapp.queries.scope import OPEN_STATES


def pull(wire: Wire, cursor: str | None = None, limit: int = 500) -> tuple[list[dict[str, Any]], str]:
    """All pages from the cursor on, and the cursor after them."""
    rows: list[dict[str, Any]] = []
    while True:
        page = wire.get(f"/changes?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        rows, cursor = rows + page["rows"], page["next"]
        if not page["more"]:
            return rows, cursor


def mark(n: int = 0) -> dict[str, object]:
    return {"mark": new_id(), "region": "door_lf", "kind": "scratch", "size": "medium", "x": n, "y": 3400}


def test_a_phone_sees_what_another_did_once_and_only_once(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    other = wire_of("E006")
    rows, cursor = pull(other)
    assert {row["table"] for row in rows} >= {"visit", "checklist_run", "consent"}

    wire.does("walkaround.record_damage", args := mark(), visit)

    rows, cursor = pull(other, cursor)
    assert [(row["table"], row["id"], row["data"]["region"], row["deleted"]) for row in rows] == [
        ("damage_mark", args["mark"], "door_lf", False)]
    assert pull(other, cursor)[0] == []


@pytest.mark.parametrize("near", [2_000, 0])
def test_pages_are_in_order_and_never_split_an_act(wire: Wire, visit: str, near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEAR", near)
    zone = wire.get("/catalogue")["checklists"]
    items = [item["id"] for item in next(t for t in zone if t["id"] == "walkaround_quick")["items"]
             if item["answer"]["type"] == "status" and not item.get("safety")]
    for item in items[:6]:
        wire.does("walkaround.answer", {"item": item, "status": "ok"}, visit)
    for n in range(6):
        wire.does("walkaround.record_damage", mark(n), visit)
    whole = wire.get("/changes?limit=1000")["rows"]

    pages, cursor, more = [], None, True
    while more:
        page = wire.get("/changes?limit=1" + (f"&cursor={cursor}" if cursor else ""))
        pages.append(page["rows"])
        cursor, more = page["next"], page["more"]

    assert [row for page in pages for row in page] == whole
    numbers = [{row["change_no"] for row in page} for page in pages if page]
    assert all(len(page) == 1 for page in numbers)
    assert sorted(numbers, key=min) == numbers and len(set(map(min, numbers))) == len(numbers)
    assert any(len(page) > 1 for page in pages)  # control: an act of several rows was among them


def test_another_stores_rows_are_never_told(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    stranger = wire_of("E005", "YF02")
    a_visit(stranger, at="inspecting")

    mine, theirs = pull(wire)[0], pull(stranger)[0]

    assert {row["id"] for row in mine}.isdisjoint(row["id"] for row in theirs)
    assert [row["id"] for row in mine if row["table"] == "visit"] == [visit]


@pytest.mark.parametrize("near", [2_000, 0])
def test_scope_leaves_out_what_ended_long_ago(wire: Wire, visit: str, near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEAR", near)
    old, lingering = a_visit(wire, at="inspecting", plate="浙ZB1111"), a_visit(wire, at="inspecting", plate="浙ZB2222")
    long_ago = utc_now() - timedelta(days=15)
    with wire.database.write() as db:
        db.execute(update(Visit).where(Visit.id == old).values(state="released", touched_at=long_ago))
        db.execute(update(Visit).where(Visit.id == lingering).values(touched_at=long_ago))
        db.commit()

    rows, _ = pull(wire)

    assert {row["id"] for row in rows if row["table"] == "visit"} == {visit, lingering}
    assert {row["data"].get("visit_id") for row in rows if row["table"] == "checklist_run"} == {visit, lingering}


def test_a_visit_touched_after_a_long_silence_is_told_whole(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    wire.does("walkaround.record_damage", mark(), visit)
    with wire.database.write() as db:
        db.execute(update(Visit).where(Visit.id == visit).values(state="released", touched_at=utc_now() - timedelta(days=15)))
        db.commit()
    other = wire_of("E006")
    rows, cursor = pull(other)
    assert rows == []

    wire.announce(jpeg(), visit)

    rows, _ = pull(other, cursor)
    assert {row["table"] for row in rows} >= {"visit", "consent", "checklist_run", "damage_mark", "photo"}
    assert len({row["change_no"] for row in rows}) == 1


def test_open_states_are_those_that_have_not_ended() -> None:
    assert set(OPEN_STATES) == set(STATES) - ENDED


def test_cards_come_for_cars_booked_or_seen_and_when_a_booking_draws_near(wire: Wire) -> None:
    now = utc_now()
    booked, seen, later, forgotten = (new_id() for _ in range(4))
    with wire.database.write() as db:
        for n, (car, on) in enumerate([(booked, None), (seen, now.date()), (later, None), (forgotten, None)]):
            db.add(Vehicle(id=car, store_id="YF01", plate=f"浙ZC000{n}", powertrain="fuel", last_visit_on=on, change_no=0))
        db.flush()
        for car, when in ((booked, now + timedelta(hours=3)), (later, now + timedelta(days=3))):
            db.add(Appointment(id=new_id(), store_id="YF01", vehicle_id=car, slot_start_at=when, duration_min=60, change_no=0))
        db.commit()

    rows, cursor = pull(wire)
    with wire.database.write() as db:
        near = now + timedelta(days=2, seconds=-60)
        db.execute(update(Appointment).where(Appointment.vehicle_id == later).values(slot_start_at=near))
        db.commit()
    earlier = rewind(cursor, days=1)

    assert {row["id"] for row in rows if row["table"] == "vehicle"} == {booked, seen}
    assert {row["id"] for row in pull(wire, earlier)[0] if row["table"] == "vehicle"} == {later}
    assert wire.get("/vehicles?plate=浙Z·C0003")["vehicles"][0]["id"] == forgotten
    assert wire.get("/vehicles?plate=浙ZC9999")["vehicles"] == []


def rewind(cursor: str, days: int) -> str:
    """The cursor of a phone that last asked so many days ago."""
    from webapp.api.changes import _read_cursor, _write_cursor

    read = _read_cursor(cursor)
    assert read is not None
    return _write_cursor(module.Cursor(read.epoch, read.n, read.at - timedelta(days=days)))


def test_a_deleted_row_is_told_as_gone(wire: Wire, visit: str) -> None:
    _, cursor = pull(wire)
    with wire.database.write() as db:
        counter = db.get_one(StoreCounter, "YF01")
        counter.n += 1
        db.execute(update(Visit).where(Visit.id == visit).values(deleted=True, change_no=counter.n))
        db.commit()

    assert [(row["id"], row["deleted"], row["data"]) for row in pull(wire, cursor)[0]] == [(visit, True, {})]


def test_a_server_that_went_back_says_reset(wire: Wire, visit: str) -> None:
    _, cursor = pull(wire)
    with wire.database.write() as db:
        db.execute(update(StoreCounter).values(epoch=2))
        db.commit()

    page = wire.get(f"/changes?cursor={cursor}")

    assert page["reset"] is True and {row["id"] for row in page["rows"]} >= {visit}
    assert wire.get(f"/changes?cursor={page['next']}")["reset"] is False


def test_a_restored_backup_is_noticed_without_a_new_epoch(wire: Wire, visit: str) -> None:
    _, cursor = pull(wire)
    with wire.database.write() as db:
        db.execute(update(StoreCounter).where(StoreCounter.store_id == "YF01").values(n=1))
        db.commit()

    assert wire.get(f"/changes?cursor={cursor}")["reset"] is True


def test_the_page_says_where_phone_and_ledger_stand(wire: Wire, visit: str) -> None:
    page = wire.get("/changes")

    assert (page["device_last_seq"], page["backup_watermark"]) == (wire.seq, 0)
    last = wire.get(f"/visits/{visit}/ledger")["entries"][-1]
    assert (page["head"]["store"], page["head"]["index"], page["head"]["hash"]) == ("YF01", last["index"], last["hash"])


@pytest.mark.parametrize("cursor", ["x", "%00", "é", "!!!!", "MS4x", "MS4xLjE" + "x" * 90, "LTEuLTUuMA",
                                    "MS45OTk5OTk5OTk5OTk5OTk5OTk5LjE"])
def test_a_cursor_we_did_not_give_is_named(wire: Wire, cursor: str) -> None:
    is_error(wire.call("GET", f"/changes?cursor={cursor}"), 422, "changes.bad_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=1001", "limit=x", "limit=", "limit=1e3", "limit=٣",
                                   "limit=" + "9" * 400])
def test_a_wrong_limit_is_named(wire: Wire, query: str) -> None:
    is_error(wire.call("GET", f"/changes?{query}"), 422, "query.bad_number")


@pytest.mark.parametrize("plate", ["", "x" * 13, "%00", "%0A"])
def test_a_wrong_plate_is_named(wire: Wire, plate: str) -> None:
    is_error(wire.call("GET", f"/vehicles?plate={plate}"), 422, "query.bad_plate")


def test_the_catalogue_is_one_line_when_known(wire: Wire, visit: str) -> None:
    whole = wire.get("/catalogue")

    assert {"store", "checklists", "option_sets", "damage", "labour_operations", "parts", "legal_texts", "staff"} <= set(whole)
    assert wire.get(f"/catalogue?known={whole['sha256']}") == {"sync": "ok", "unchanged": True, "sha256": whole["sha256"]}
    with wire.database.write() as db:
        db.execute(update(Store).where(Store.id == "YF01").values(short_name="新名"))
        db.commit()
    assert wire.get(f"/catalogue?known={whole['sha256']}")["store"]["short_name"] == "新名"
    assert arrival()["plate"] not in str(whole)
