"""Signing in at the desk: the right password, the wrong one, too many of them; and sessions from birth to end."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOON, Clock, Phone
from tests.web.conftest import PASSWORD, Browser, an_app
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import DeskSession, Device, KeptAct, Staff, Store


def test_the_right_password_leads_to_todays_cars(browser: Browser) -> None:
    response = browser.signs_in("E005")

    assert (response.status_code, response.location) == (303, "/")
    assert "林E005" in browser.get("/").text


@pytest.mark.parametrize(("staff", "password"), [("E005", "wrong password"), ("E999", PASSWORD), ("E005", "x" * 199)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_words(browser: Browser, staff: str, password: str) -> None:
    response = browser.signs_in(staff, password=password)

    assert response.status_code == 422
    assert "门店、工号或密码不对" in response.text
    assert browser.get("/").status_code == 303


def test_after_ten_wrong_tries_the_account_waits(browser: Browser) -> None:
    for _ in range(10):
        browser.signs_in("E005", password="wrong password")

    response = browser.signs_in("E005")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    assert "15 分钟" in response.text
    assert browser.signs_in("E006").status_code == 303  # another account at the same address goes on


def test_the_log_says_who_came_in_and_who_did_not_and_no_word_of_theirs(browser: Browser,
                                                                        capfd: pytest.CaptureFixture[str]) -> None:
    browser.signs_in("E005", password="wrong password")
    browser.signs_in("secret-typed-as-name", password="wrong password")
    browser.signs_in("E005")

    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if '"sign_in.' in line]
    assert [(line["event"], line["staff"]) for line in lines] == [
        ("sign_in.wrong", "E005"), ("sign_in.wrong", None), ("sign_in.done", "E005")]
    assert "secret-typed-as-name" not in str(lines).lower() and "wrong password" not in str(lines)


def test_the_page_says_the_demos_password_only_while_the_demo_is_the_only_store(database: Database, browser: Browser) -> None:
    assert "clockwise" not in browser.get("/sign-in").text

    with database.write() as db:
        for table in (Device, DeskSession, Staff):
            db.execute(table.__table__.delete().where(table.__table__.c.store_id == "YF02"))
        db.execute(Store.__table__.metadata.tables["store_counter"].delete().where(
            Store.__table__.metadata.tables["store_counter"].c.store_id == "YF02"))
        db.delete(db.get_one(Store, "YF02"))
        db.get_one(Store, "YF01").demo = True
        db.commit()

    assert "clockwise" in browser.get("/sign-in").text


def test_after_sign_in_one_is_where_one_wanted_to_be_and_never_elsewhere(browser: Browser) -> None:
    asked = browser.get("/checklists").location
    assert asked == "/sign-in?back=/checklists"

    for back, goal in (("/checklists", "/checklists"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")):
        browser.get("/sign-in")
        response = browser.post("/sign-in", {"store": "YF01", "login": "E005", "password": PASSWORD, "back": back})
        assert response.location == goal
        browser.get("/")
        browser.post("/sign-out")


def test_the_token_is_new_at_every_sign_in_and_kept_only_as_a_hash(database: Database, browser: Browser) -> None:
    browser.client.set_cookie("cw_desk", "chosen by somebody else")
    browser.signs_in()
    first = browser.cookie("cw_desk")
    browser.get("/")
    browser.post("/sign-out")
    browser.signs_in()

    assert first not in ("chosen by somebody else", browser.cookie("cw_desk"))
    with database.read() as db:
        kept = db.scalars(select(DeskSession.token_sha256)).all()
    assert kept == [sha256_hex((browser.cookie("cw_desk") or "").encode())]


def test_an_idle_session_ends_after_half_an_hour_and_polling_does_not_keep_it(desk_of: Any, clock: Clock) -> None:
    desk = desk_of()
    for _ in range(4):
        clock.forward(minutes=10)
        polled = desk.get("/changes").status_code

    assert polled == 401
    assert desk.get("/").status_code == 303


def test_work_keeps_a_session_but_not_beyond_twelve_hours(desk_of: Any, clock: Clock) -> None:
    desk = desk_of()
    for _ in range(35):
        clock.forward(minutes=20)
        assert desk.get("/").status_code == 200

    clock.forward(minutes=21)
    assert desk.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(desk_of: Any, app: Flask) -> None:
    desk = desk_of()
    token = desk.cookie("cw_desk")
    desk.get("/")

    desk.post("/sign-out")

    thief = Browser(app)
    thief.client.set_cookie("cw_desk", token)
    assert thief.get("/").status_code == 303


def test_who_leaves_is_out_within_one_request(desk_of: Any, database: Database) -> None:
    desk = desk_of("E006")
    assert desk.get("/").status_code == 200

    with database.write() as db:
        db.get_one(Staff, ("YF01", "E006")).active = False
        db.commit()

    assert desk.get("/").status_code == 303


def test_a_one_time_password_must_be_changed_first(desk_of: Any, database: Database) -> None:
    with database.write() as db:
        db.get_one(Staff, ("YF01", "E006")).facts = {"must_change_password": True}
        db.commit()
    desk = desk_of("E006")
    assert desk.get("/").location == "/password"

    short = desk.fills("/password", old=PASSWORD, new="short", again="short")
    common = desk.fills("/password", old=PASSWORD, new="1234567890", again="1234567890")
    wrong = desk.fills("/password", old="not it at all", new="一句好记的话写在这里", again="一句好记的话写在这里")
    done = desk.fills("/password", old=PASSWORD, new="一句好记的话写在这里", again="一句好记的话写在这里")

    assert (short.status_code, common.status_code, wrong.status_code) == (422, 422, 422)
    assert (done.status_code, desk.get("/").status_code) == (303, 200)


def test_cookies_are_closed_to_scripts_and_other_sites(database: Database, tmp_path: Path, clock: Clock) -> None:
    app = an_app(database, tmp_path, clock, PUBLIC_URL="https://car.example.cn")
    browser = Browser(app)
    page = browser.client.get("/sign-in", base_url="https://car.example.cn")
    seed = page.headers["Set-Cookie"]

    assert seed.startswith("__Host-seed=")
    assert all(word in seed for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert page.headers["Strict-Transport-Security"]
    app.extensions["house"].database.engine.dispose()


def test_a_long_dead_session_is_swept(desk_of: Any, database: Database, clock: Clock) -> None:
    desk_of()
    clock.forward(hours=13)

    desk_of("E006")

    with database.read() as db:
        assert [s.staff_id for s in db.scalars(select(DeskSession))] == ["E006"]


def test_a_manager_stops_a_phone_and_it_is_stopped(desk_of: Any, lane: Phone, database: Database) -> None:
    desk = desk_of("E002")

    done = desk.fills(f"/phones/{lane.id}/revoke", reason="手机丢了")

    assert (done.status_code, done.location) == (303, "/phones?done=revoked")
    with database.read() as db:
        assert db.get_one(Device, lane.id).revoked_at == NOON
    assert lane.does("visit.open", {}, new_id()).code == "device.revoked"


def test_a_manager_orders_a_phone_to_be_wiped(desk_of: Any, lane: Phone, database: Database) -> None:
    """The order is an act of the ledger; it stops the phone too. An advisor cannot give it."""
    desk = desk_of("E002")
    assert desk_of("E005").get(f"/phones/{lane.id}/wipe").status_code == 403

    done = desk.fills(f"/phones/{lane.id}/wipe", reason="手机丢了，找不回来")

    assert (done.status_code, done.location) == (303, "/phones?done=wipe")
    assert "等待清除" in desk.get("/phones").text
    with database.read() as db:
        phone = db.get_one(Device, lane.id)
        assert (phone.revoked_at, phone.wipe_at, phone.wiped_at) == (NOON, NOON, None)
        assert db.scalars(select(KeptAct.command).where(KeptAct.command == "device.wipe")).one()
    with database.write() as db:
        db.get_one(Device, lane.id).wiped_at = NOON
        db.commit()
    assert "已经清除过了" in desk.fills(f"/phones/{lane.id}/wipe", reason="再来一次").text
    assert "已清除" in desk.get("/phones").text
