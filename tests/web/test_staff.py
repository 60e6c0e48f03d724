"""Phones, people and lists at the desk: each change an act, each refusal a sentence."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Phone
from tests.visits import TEMPLATE, TEMPLATES
from tests.web.conftest import Browser
from webapp.foundation.db import Database
from webapp.models import DeskSession, KeptAct, Staff


def person(database: Database, login: str) -> Staff:
    with database.read() as db:
        return db.get_one(Staff, ("YF01", login))


def fill(desk: Browser, login: str, what: str, **fields: Any) -> Any:
    """Sends one of the forms of a person's page."""
    page = desk.get(f"/staff/{login}").text
    form = next(part for part in page.split("<form") if f'name="what" value="{what}"' in part)
    act = re.search(r'name="act" type="hidden" value="([^"]+)"', form)
    assert act
    return desk.post(f"/staff/{login}", {"what": what, "act": act[1], **fields})


def test_a_new_colleague_signs_in_with_the_one_time_password(app: Flask, desk_of: Any, database: Database) -> None:
    page = desk_of("E002").fills("/staff/new", staff="e100", name="新同事", roles=["advisor"]).text
    password = re.search(r'class="once mono">([^<]+)<', page)
    assert password

    browser = Browser(app)
    response = browser.signs_in("E100", password=password[1])

    assert response.status_code == 303
    assert browser.get("/").location == "/password"
    with database.read() as db:
        act = db.scalars(select(KeptAct).where(KeptAct.command == "staff.add")).one()
    assert (act.verdict, act.actor) == ("applied", "E002")
    assert password[1].encode() not in (act.body or b"")


def test_a_number_in_use_is_refused_with_a_sentence(desk_of: Any) -> None:
    response = desk_of("E002").fills("/staff/new", staff="E005", name="重号", roles=["advisor"])

    assert response.status_code == 422
    assert "工号 E005 已经有人用" in response.text


@pytest.mark.parametrize("fields", [{"staff": "有汉字"}, {"staff": "E100", "roles": []}, {"staff": "E100", "roles": ["king"]},
                                    {"staff": "E100", "name": ""}, {"staff": "E100", "name": "长" * 41},
                                    {"staff": "E100", "phone": "abc"}])
def test_what_is_wrong_stays_in_the_form(desk_of: Any, database: Database, fields: dict[str, Any]) -> None:
    response = desk_of("E002").fills("/staff/new", **{"name": "新同事", "roles": ["advisor"], **fields})

    assert response.status_code == 422
    with database.read() as db:
        assert db.get(Staff, ("YF01", "E100")) is None


def test_roles_change_what_a_person_may_open_at_once(desk_of: Any, database: Database) -> None:
    colleague = desk_of("E014")
    assert colleague.get("/phones").status_code == 403

    done = fill(desk_of("E002"), "E014", "roles", name="林E014", roles=["technician", "service_manager"])

    assert done.location == "/staff?done=staff"
    assert colleague.get("/phones").status_code == 200


def test_a_service_manager_does_not_touch_an_owner_nor_make_one(desk_of: Any, database: Database) -> None:
    desk = desk_of("E002")

    for response in (fill(desk, "E001", "password"), fill(desk, "E001", "leave", reason="试试"),
                     fill(desk, "E005", "roles", name="林E005", roles=["owner"])):
        assert response.status_code == 422
        assert "只有店主能改" in response.text
    assert person(database, "E005").roles == ["advisor"]


def test_the_last_owner_stays(desk_of: Any, database: Database) -> None:
    desk = desk_of("E001")

    itself, last = fill(desk, "E001", "leave", reason="不干了"), fill(desk, "E001", "roles", name="林", roles=["advisor"])

    assert "不能停用自己" in itself.text
    assert "最后一位店主" in last.text
    assert person(database, "E001").active


def test_leaving_ends_every_session_and_coming_back_gives_the_work_back(app: Flask, desk_of: Any, database: Database) -> None:
    colleague, manager = desk_of("E006"), desk_of("E002")

    fill(manager, "E006", "leave", reason="离职")
    assert colleague.get("/").status_code == 303
    assert Browser(app).signs_in("E006").status_code == 422

    fill(manager, "E006", "come_back", reason="又回来了")
    assert Browser(app).signs_in("E006").status_code == 303


def test_a_new_password_ends_the_sessions_of_the_old_one(desk_of: Any, database: Database) -> None:
    colleague = desk_of("E006")

    page = fill(desk_of("E002"), "E006", "password").text

    assert "临时密码" in page
    assert colleague.get("/").status_code == 303
    with database.read() as db:
        assert not db.scalars(select(DeskSession).where(DeskSession.staff_id == "E006")).all()
    assert person(database, "E006").facts == {"must_change_password": True}


def test_phones_say_whose_they_are_and_what_they_hold(desk_of: Any, lane: Phone) -> None:
    page = desk_of("E002").get("/phones").text

    assert "E005 的手机" in page
    assert "林E005" in page


def test_an_address_of_this_computer_alone_is_no_code_for_phones(app: Flask, desk_of: Any) -> None:
    desk = desk_of("E002")
    page = desk.get("/phones").text

    assert "只有这台电脑自己打得开" in page
    assert 'src="/lane.svg"' not in page

    house = app.extensions["house"]
    app.extensions["house"] = replace(house, settings=replace(house.settings, public_url="http://192.168.1.5:8000"))
    page = desk.get("/phones").text

    assert "只有这台电脑自己打得开" not in page
    assert 'src="/lane.svg"' in page


def test_the_lane_code_is_a_file_of_its_own(desk_of: Any) -> None:
    response = desk_of().get("/lane.svg")

    assert response.mimetype == "image/svg+xml"
    assert response.text.startswith("<svg")
    assert "style" not in response.text


def test_checklists_are_read_version_by_version(desk_of: Any, lane: Phone) -> None:
    desk = desk_of("E014")

    assert "接车环检（快速）" in desk.get("/checklists").text
    page = desk.get(f"/checklists/{TEMPLATE}").text

    assert TEMPLATE in page
    assert all(item["zh"] in page.replace("&#34;", '"') for item in TEMPLATES["walkaround_quick"]["items"])
    assert desk.get(f"/checklists/{'0' * 64}").status_code == 404
