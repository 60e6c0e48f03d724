"""Closed first: every route times everybody who might ask, made from the url_map; nothing stands outside the table."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from tests.conftest import PEOPLE, Phone
from tests.visits import TEMPLATE, a_visit, does
from tests.web.conftest import Browser
from webapp.commands.permission import OPEN, PAGES
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Document, KeptAct

OWN_GUARD = ("api.", "static")


def pages(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(OWN_GUARD)]


def test_every_route_stands_in_the_table_once(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in pages(app)}

    assert endpoints == set(PAGES) | OPEN
    assert not set(PAGES) & OPEN


def test_a_route_that_nobody_listed_is_closed_to_everybody(app: Flask, desk_of: Any) -> None:
    app.view_functions["desk.forgotten"] = lambda: "secret"
    app.url_map.add(Rule("/forgotten", endpoint="desk.forgotten", methods=["GET"]))

    assert Browser(app).get("/forgotten").status_code == 303
    assert desk_of("E001").get("/forgotten").status_code == 403


@pytest.fixture
def car(lane: Phone) -> dict[str, str]:
    """A visit with a photo, a mark and signed papers: what the addresses of the matrix name."""
    visit, photo = a_visit(lane, at="authorised"), new_id()
    does(lane, "photo.add", {"photo": photo, "sha256": "0" * 64, "bytes": 10, "mime": "image/jpeg", "width": 10, "height": 10,
                             "taken_at": "2026-11-23T04:00:00.000Z", "subject": {"kind": "other"}}, visit)
    with lane.database.read() as db:
        document = db.scalars(select(Document.id).where(Document.visit_id == visit)).first() or ""
    return {"visit": visit, "photo": photo, "document": document, "device": lane.id, "login": "E006", "command": "visit.correct",
            "size": "thumb", "sha256": TEMPLATE, "token": "A" * 32, "words": ""}


@pytest.mark.parametrize("staff", [None, *PEOPLE])
def test_each_person_opens_exactly_their_pages(app: Flask, desk_of: Any, car: dict[str, str], staff: str | None) -> None:
    browser = desk_of(staff) if staff else Browser(app)
    roles = set(PEOPLE[staff]) if staff else set()

    for rule in pages(app):
        if rule.endpoint == "desk.sign_out":
            continue
        path = address(app, rule, car)
        method = browser.client.get if "GET" in (rule.methods or ()) else browser.client.post
        status = method(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        if rule.endpoint in OPEN:
            assert status != 403 or method == browser.client.post, path  # a form needs its own token (test_forged.py)
        elif staff is None:
            assert status in (303, 401), path  # to the sign-in page; a polling page is only told
        elif roles & PAGES[rule.endpoint]:
            assert status in (200, 404), path  # the photo has not arrived: 404 is about it, not about the person
        else:
            assert status == 403, path


@pytest.mark.parametrize("staff", [who for who in PEOPLE if who != "E014"])
def test_another_stores_things_are_not_there(app: Flask, desk_of: Any, car: dict[str, str], staff: str) -> None:
    stranger = desk_of(staff, "YF02")
    theirs = ("visit", "photo", "document", "device")

    for rule in pages(app):
        if rule.endpoint in OPEN or not rule.arguments & set(theirs) or not set(PEOPLE[staff]) & PAGES[rule.endpoint]:
            continue
        path = address(app, rule, car)
        assert stranger.client.get(path).status_code == 404, path
        if "POST" in (rule.methods or ()):
            stranger.get("/password")
            assert stranger.post(path, {"reason": "不是我们的"}).status_code == 404, path


def test_what_was_refused_has_changed_nothing(app: Flask, desk_of: Any, car: dict[str, str], database: Database) -> None:
    """The control of the matrix: every POST by everybody who may not, and the ledger has not moved."""
    before = acts(database)

    for staff in PEOPLE:
        browser = desk_of(staff)
        browser.get("/password")
        for rule in pages(app):
            if "POST" in (rule.methods or ()) and rule.endpoint in PAGES and not set(PEOPLE[staff]) & PAGES[rule.endpoint]:
                assert browser.post(address(app, rule, car), {"reason": "试试", "act": new_id()}).status_code == 403

    assert acts(database) == before


def test_a_command_of_another_role_has_no_form(desk_of: Any, car: dict[str, str]) -> None:
    assert desk_of("E002").get(f"/visits/{car['visit']}/do/status.issue_link").status_code == 404
    assert desk_of("E005").get(f"/visits/{car['visit']}/do/document.void?document={car['document']}").status_code == 404
    assert desk_of("E002").get(f"/visits/{car['visit']}/do/document.void?document={car['document']}").status_code == 200
    assert desk_of("E005").get(f"/visits/{car['visit']}/do/staff.add").status_code == 404


def address(app: Flask, rule: Rule, car: dict[str, str]) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {name: car[name] for name in rule.arguments})


def acts(database: Database) -> int:
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(KeptAct)) or 0
