"""Unsafe requests from anywhere but our own pages are refused, in every shape, on every route, without an effect (D3)."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Phone
from tests.visits import a_visit
from tests.web.conftest import HERE, PASSWORD, Browser
from tests.web.test_guard import address, car, pages
from webapp.commands.permission import PAGES
from webapp.foundation.db import Database
from webapp.models import DeskSession, KeptAct, Visit

__all__ = ["car"]
SHAPES: dict[str, tuple[dict[str, str], str | None]] = {  # name -> headers, token ("" none, None the right one)
    "no token": ({"Sec-Fetch-Site": "same-origin"}, ""),
    "a wrong token": ({"Sec-Fetch-Site": "same-origin"}, "0" * 64),
    "another person's token": ({"Sec-Fetch-Site": "same-origin"}, "foreign"),
    "from another site": ({"Sec-Fetch-Site": "cross-site"}, None),
    "from a sister site": ({"Sec-Fetch-Site": "same-site"}, None),
    "a foreign origin": ({"Origin": "https://evil.example"}, None),
    "an origin of null": ({"Origin": "null"}, None),
    "no word of where from": ({}, None),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_forged_request_is_refused_everywhere(app: Flask, desk_of: Any, car: dict[str, str], database: Database,  # noqa: F811
                                                shape: str) -> None:
    desk, other = desk_of("E001"), desk_of("E002")
    desk.get("/"), other.get("/")
    headers, token = SHAPES[shape]
    given = desk.token if token is None else other.token if token == "foreign" else token
    before = kept(database)

    for rule in pages(app):
        if "POST" in (rule.methods or ()) and rule.endpoint in PAGES:
            response = desk.client.post(address(app, rule, car), data={"csrf_token": given, "reason": "伪造"}, headers=headers)
            assert response.status_code == 403, rule.rule
            assert "没有任何改动" in response.text

    assert kept(database) == before
    assert desk.get("/").status_code == 200  # not even signed out


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "another person's token"])
def test_nobody_is_signed_in_from_elsewhere(app: Flask, shape: str) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    headers, token = SHAPES[shape]

    response = browser.client.post("/sign-in", headers=headers, data={
        "csrf_token": browser.token if token is None else token, "store": "YF01", "login": "E005", "password": PASSWORD})

    assert response.status_code == 403
    assert browser.cookie("cw_desk") is None


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": HERE}, {"Referer": f"{HERE}/password"}])
def test_our_own_page_is_let_through(desk_of: Any, headers: dict[str, str]) -> None:
    """The control: the right token from here is taken, whichever way the browser says where it was."""
    desk = desk_of()
    desk.get("/")

    response = desk.client.post("/password", data={"csrf_token": desk.token}, headers=headers)

    assert response.status_code == 422  # taken, and found empty


def test_htmx_sends_the_token_as_a_header(desk_of: Any) -> None:
    desk = desk_of()
    page = desk.get("/").text
    assert f'hx-headers=\'{{"X-CSRFToken":"{desk.token}"}}\'' in page

    response = desk.client.post("/password", headers={"Sec-Fetch-Site": "same-origin", "X-CSRFToken": desk.token})

    assert response.status_code == 422


def test_a_get_changes_nothing(app: Flask, desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of("E005")
    before = kept(database)

    for command in ("visit.cancel", "visit.mark_ready", "status.issue_link", "visit.release"):
        desk.get(f"/visits/{visit}/do/{command}?reason=x&checked_by=x")

    assert kept(database) == before
    with database.read() as db:
        assert db.get_one(Visit, visit).state == "authorised"


def kept(database: Database) -> tuple[int, int]:
    with database.read() as db:
        return (db.scalar(select(func.count()).select_from(KeptAct)) or 0,
                db.scalar(select(func.count()).select_from(DeskSession)) or 0)
