"""The day at the desk: what is on it, how it stays live, and that years of visits behind it cost nothing."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert

from tests.conftest import NOON, Clock, Phone
from tests.visits import a_visit, does
from tests.web.conftest import Browser
from webapp.foundation.clock import to_wire
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Appointment, Vehicle, Visit
from webapp.queries.today import PAGE, Asked, changed, today, waiting

SHANGHAI = ZoneInfo("Asia/Shanghai")


def asked(**other: Any) -> Asked:
    return Asked(**{"store": "YF01", "zone": SHANGHAI, "on": NOON.date(), "now": NOON, **other})


def put(database: Database, n: int, **columns: Any) -> list[str]:
    """Visits straight into the table, one a minute from `arrived_at`: what years of work leave behind."""
    first: datetime = columns.pop("arrived_at")
    rows = [{"id": new_id(), "store_id": "YF01", "advisor": "E005", "plate": f"浙Z{i:05}", "powertrain": "fuel", "body": "saloon",
             "customer_name": f"客{i}", "mobile": "16400002001", "sender": "owner", "notice_version": "x", "state": "released",
             "arrived_at": first + timedelta(minutes=i), "touched_at": first, "revisions": {}, "signed": {}, "said": {},
             "change_no": 0, "deleted": False, **columns} for i in range(n)]
    with database.write() as db:
        db.execute(insert(Visit), rows)
        db.commit()
    return [row["id"] for row in rows]


def poll(desk: Browser, etag: str, query: str = "") -> Any:
    return desk.client.get(f"/changes{query}", headers={"If-None-Match": etag, "HX-Request": "true"})


def etag_of(page: str) -> str:
    found = re.search(r'data-etag="([^"]+)"', page)
    assert found
    return found[1].replace("&#34;", '"')


def test_the_day_shows_todays_cars_and_those_still_here_but_not_the_gone(database: Database) -> None:
    yesterday = NOON - timedelta(days=1)
    [still] = put(database, 1, arrived_at=yesterday, state="authorised")
    put(database, 1, arrived_at=yesterday, state="released")
    [todays] = put(database, 1, arrived_at=NOON - timedelta(hours=2))
    put(database, 1, arrived_at=NOON, store_id="YF02")

    with database.read() as db:
        found = today(db, asked())
        back = today(db, asked(on=yesterday.date()))

    assert [row.id for row in found.rows] == [still, todays]
    assert (found.counts["work"], found.counts["gone"]) == (1, 1)
    assert len(back.rows) == 2


def test_pages_follow_by_key_without_a_hole_or_a_repeat(database: Database) -> None:
    ids = put(database, PAGE, arrived_at=NOON - timedelta(days=3), state="ready") \
        + put(database, PAGE + 7, arrived_at=NOON - timedelta(hours=3), state="ready")
    seen, after = [], None
    with database.read() as db:
        while True:
            found = today(db, asked(after=after))
            seen += [row.id for row in found.rows]
            if (after := found.next) is None:
                break

    assert seen == ids


@pytest.mark.parametrize(("q", "finds"), [
    ("8K520", ["open", "old"]), ("浙z·8k520", ["open", "old"]), ("钱演", ["open"]), ("2002", ["open"]),
    ("JC-20251001-0001", ["old"]), ("浙Z8", ["open"]), ("8K5", ["open"]), ("8k520", ["open", "old"]),
    ("没有这个", []), ("%", []), ("_", []), ("\\", []), ("' or 1=1", []),
])
def test_search_finds_parts_among_the_days_and_plates_in_all_years(database: Database, q: str, finds: list[str]) -> None:
    known = {
        "open": put(database, 1, arrived_at=NOON - timedelta(days=2), state="ready", plate="浙Z8K520", customer_name="钱演示",
                    mobile="16400002002")[0],
        "old": put(database, 1, arrived_at=NOON - timedelta(days=400), plate="浙Z8K520", number="JC-20251001-0001",
                   customer_name="旧人")[0],
    }
    put(database, 5, arrived_at=NOON)

    with database.read() as db:
        found = [row.id for row in today(db, asked(q=q)).rows]

    assert found == [known[name] for name in finds]


def test_filters_stand_in_the_address(desk_of: Any, lane: Phone) -> None:
    a_visit(lane, at="authorised")
    a_visit(lane, at="inspecting", plate="浙Z8K520", vin="L00SA15B1PA100213")
    desk = desk_of()

    work, mine, others = desk.get("/?group=work").text, desk.get("/?advisor=E005").text, desk.get("/?advisor=E006").text

    assert "浙Z·A1056" in work
    assert "浙Z·8K520" not in work
    assert "浙Z·8K520" in mine
    assert "浙Z·8K520" not in others
    assert "这一类现在没有车" in others


def test_htmx_gets_only_the_list(desk_of: Any, lane: Phone) -> None:
    a_visit(lane, at="arrived")
    response = desk_of().client.get("/?q=A1056&part=list", headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<section id="list"')
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_booked_cars_wait_in_their_own_part_until_they_come(desk_of: Any, lane: Phone, database: Database) -> None:
    car, booking = new_id(), new_id()
    with database.write() as db:
        db.add(Vehicle(id=car, store_id="YF01", plate="浙Z8K520", powertrain="fuel", customer_name="钱演示"))
        db.flush()
        db.add(Appointment(id=booking, store_id="YF01", vehicle_id=car, advisor="E005", slot_start_at=NOON, duration_min=60))
        db.commit()
    desk = desk_of()
    page = desk.get("/").text
    assert "约好还没到" in page

    a_visit(lane, at="arrived", plate="浙Z8K520", vin="L00SA15B1PA100213", vehicle=car, appointment=booking)
    body = poll(desk, etag_of(page)).text

    assert f'<tr id="b-{booking}" hx-swap-oob="delete">' in body
    assert "约好还没到" not in desk.get("/").text


def test_nothing_new_is_a_304_with_nothing_in_it(desk_of: Any, lane: Phone) -> None:
    a_visit(lane, at="arrived")
    desk = desk_of()
    etag = etag_of(desk.get("/").text)

    for _ in range(3):
        response = poll(desk, etag)
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", etag)


def test_only_the_row_that_changed_comes_back(desk_of: Any, lane: Phone) -> None:
    quiet = a_visit(lane, at="arrived", plate="浙Z8K520", vin="L00SA15B1PA100213")
    visit = a_visit(lane, at="arrived")
    desk = desk_of()
    etag = etag_of(desk.get("/").text)

    does(lane, "consent.record", {"notice_version": "x", "photos": True, "signature": True, "marketing": False}, visit)
    response = poll(desk, etag)

    assert response.status_code == 200
    assert f'<tr id="v-{visit}"' in response.text
    assert f'id="v-{quiet}"' not in response.text
    assert 'id="q"' not in response.text  # never the field somebody types in
    assert poll(desk, response.headers["ETag"]).status_code == 304


def test_a_row_that_no_longer_belongs_is_taken_away(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of()
    etag = etag_of(desk.get("/?group=work").text)

    does(lane, "visit.mark_ready", {"checked_by": "甄质检"}, visit)

    body = poll(desk, etag, f"?day={NOON.date()}&group=work").text
    assert f'<tr id="v-{visit}" hx-swap-oob="delete">' in body


def test_a_promise_that_passes_turns_its_row_though_nobody_did_anything(desk_of: Any, lane: Phone, clock: Clock) -> None:
    visit = a_visit(lane, at="authorised")  # promised for 16:00
    clock.forward(hours=3, minutes=50)
    desk = desk_of()
    page = desk.get("/").text
    assert "快到承诺时间" in page
    assert "过了承诺时间" not in page

    clock.forward(minutes=11)
    body = poll(desk, etag_of(page)).text

    assert f'<tr id="v-{visit}"' in body
    assert "过了承诺时间" in body


@pytest.mark.parametrize("etag", ["", '"rubbish"', '"1-2-3-4"', '"99999999999999999999-1-x"', 'W/"0-0-000000000000"',
                                  '"-1--1-x"'])
def test_any_etag_is_answered(desk_of: Any, lane: Phone, etag: str) -> None:
    a_visit(lane, at="arrived")
    assert poll(desk_of(), etag).status_code in (200, 304)


@pytest.mark.parametrize("query", ["?day=9999-99-99", "?day=1000-01-01", "?group=nope", "?advisor=" + "x" * 500,
                                   "?q=" + "长" * 500, "?lang=xx", "?theme=neon", "?day=2026-11-23&q=%ED%A0%80"])
def test_any_address_is_answered(desk_of: Any, query: str) -> None:
    assert desk_of().get("/" + query).status_code == 200


def test_dark_and_english_stay_chosen(desk_of: Any) -> None:
    desk = desk_of()
    desk.get("/?theme=dark")
    assert 'data-theme="dark"' in desk.get("/").text
    desk.get("/?lang=en")
    assert '<html lang="en"' in desk.get("/").text


def test_bars_run_from_arrival_to_promise_as_attributes(desk_of: Any, lane: Phone) -> None:
    a_visit(lane, at="authorised", arrived_at=to_wire(NOON - timedelta(hours=2)))  # 10:00 to 16:00 on a sheet of 8 to 18

    page = desk_of().get("/").text

    assert '<svg class="bar work" x="20.0%" width="60.0%"' in page
    assert 'data-now x1="40.0%"' in page
    assert "style=" not in page


def test_words_of_a_bar_have_room(desk_of: Any, lane: Phone) -> None:
    """A promise for another day is longer than an hour of the sheet; a car that has left has none any more."""
    here, gone = a_visit(lane, at="authorised"), a_visit(lane, at="released")
    does(lane, "work_order.promise", {"promised_at": to_wire(NOON + timedelta(days=1))}, here)

    page = desk_of().get("/").text
    row = page[page.index(f'id="v-{gone}"'):]

    assert all(float(width) >= 28 for width in re.findall(r'class="bar [^"]*" x="[^"]*" width="([^"%]*)%"', page))
    assert "<time" not in row[:row.index("</tr>")]


def test_every_question_of_the_day_uses_an_index(database: Database) -> None:
    """The table of visits is never walked from end to end, nor from its beginning to today (bench/ measures a million)."""
    if not database.is_sqlite:
        return  # PostgreSQL plans by what it has counted; the bench asks it with a million rows
    put(database, 30, arrived_at=NOON - timedelta(hours=3), state="ready")
    statements: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda c, cur, s, p, x, m: statements.append((s, p)))
    with database.read() as db:
        today(db, asked())
        today(db, asked(q="浙Z00001"))
        changed(db, asked(), 0, NOON - timedelta(minutes=1))
        waiting(db, asked())
    asked_of_visits = [(s, p) for s, p in statements if re.search(r"\sFROM visit\s", s)]
    assert len(asked_of_visits) >= 6

    with database.engine.connect() as connection:
        for statement, parameters in asked_of_visits:
            plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)]
            assert not [step for step in plan if step.startswith("SCAN")], (statement, plan)
            far = ("(store_id=?)", "ix_visit_day (store_id=? AND arrived_at<?)")
            assert not [step for step in plan if step.endswith(far)], (statement, plan)
