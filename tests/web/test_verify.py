"""`/verify`: open to everybody, and the house says nothing but yes or no and since when."""

from typing import Any

from flask import Flask

from tests.conftest import Phone
from tests.visits import a_visit, signs
from tests.web.conftest import Browser
from webapp.foundation.db import Database
from webapp.models import Document


def signed(database: Database, phone: Phone) -> Document:
    visit = a_visit(phone, at="inspecting")
    signs(phone, visit, "pre_inspection")
    with database.read() as db:
        return db.query(Document).one()


def test_the_page_needs_no_sign_in_and_brings_the_root_and_every_sentence(app: Flask) -> None:
    response = Browser(app).get("/verify")

    assert response.status_code == 200
    assert app.extensions["house"].keys.root_fingerprint in response.text
    assert 'data-kind="head.signature"' in response.text
    assert "style=" not in response.text
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_hash_or_a_code_is_known_or_not_and_nothing_else_is_told(app: Flask, database: Database, phone: Phone) -> None:
    made = signed(database, phone)
    answers: list[Any] = [Browser(app).get(f"/verify/known?hash={asked}").json
                          for asked in (made.doc_sha256, made.doc_sha256[:8].upper(), "0" * 64, "0" * 8)]

    assert [set(answer) for answer in answers] == [{"known", "since"}] * 4
    assert [answer["known"] for answer in answers] == [True, True, False, False]
    assert answers[0]["since"] == "2026-11-23T04:00:00.000Z"


def test_what_is_no_hash_is_refused_and_guessing_is_slowed_down(app: Flask) -> None:
    browser = Browser(app)
    assert [browser.get(f"/verify/known?hash={bad}").status_code for bad in ("", "xyz", "1" * 9, "%27 OR 1")] == [422] * 4

    codes = [browser.get("/verify/known?hash=00000000").status_code for _ in range(31)]

    assert codes == [200] * 30 + [429]
