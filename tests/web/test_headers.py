"""Every answer, errors too, carries the headers of evidence.md D5, and no page needs what they forbid."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import Browser
from tests.web.test_guard import address, car, pages
from webapp.app import HEADERS

__all__ = ["car"]


def test_every_route_sends_them(app: Flask, desk_of: Any, car: dict[str, str]) -> None:  # noqa: F811
    for browser in (Browser(app), desk_of("E001"), desk_of("E014")):
        for rule in pages(app):
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            response = browser.client.open(address(app, rule, car), method=method)
            missing = [name for name in HEADERS if name not in response.headers]
            assert not missing, rule.rule
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            if rule.endpoint.startswith(("desk.", "status.")):
                assert re.search("no-store|private", response.headers["Cache-Control"]), rule.rule


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/nope", 404), ("DELETE", "/sign-in", 405), ("PUT", "/", 405),
    ("GET", "/?after=rubbish", 400),
    ("GET", "/visits/not-an-id", 404),
    ("GET", "/%00", 400), ("GET", "/?q=%00", 400),
    ("GET", "/checklists/%00", 400), ("GET", "/visits/%E2%80%AE/do/visit.open", 404),
])
def test_errors_are_pages_that_say_what_to_do(desk_of: Any, method: str, path: str, status: int) -> None:
    desk = desk_of("E005")
    desk.get("/")

    response = desk.client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin", "X-CSRFToken": desk.token})

    assert response.status_code == status
    assert all(name in response.headers for name in HEADERS)
    assert "<h1" in response.text
    assert "回到今天的车" in response.text


def test_a_body_that_is_too_large_is_said(desk_of: Any) -> None:
    desk = desk_of("E005")
    desk.get("/")

    response = desk.post("/password", {"old": "x" * (14 * 1024 * 1024)})

    assert response.status_code == 413
    assert "太大" in response.text


def test_our_own_mistake_is_a_page_and_shows_nothing_of_the_inside(app: Flask, desk_of: Any) -> None:
    desk = desk_of("E005")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("secret inside")

    app.view_functions["desk.checklists"] = broken
    response = desk.get("/checklists")

    assert response.status_code == 500
    assert "服务器出了差错" in response.text
    assert "secret" not in response.text
    assert all(name in response.headers for name in HEADERS)


def test_a_database_that_is_gone_is_said_and_may_be_asked_again(app: Flask, desk_of: Any) -> None:
    from sqlalchemy.exc import OperationalError

    desk = desk_of("E005")

    def locked() -> str:
        raise OperationalError("select", {}, Exception("database is locked"))

    app.view_functions["desk.checklists"] = locked
    response = desk.get("/checklists")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_pages_hold_nothing_that_the_policy_forbids(desk_of: Any, car: dict[str, str]) -> None:  # noqa: F811
    desk = desk_of("E002")
    paths = ["/", f"/visits/{car['visit']}", f"/documents/{car['document']}", "/phones", "/staff", "/staff/new", "/staff/E005",
             "/checklists", f"/visits/{car['visit']}/do/visit.correct", "/password"]

    for path in paths:
        page = desk.get(path).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|data:image|<script(?![^>]*\ssrc=)", page), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path


def test_only_our_own_origin_learns_where_a_desk_form_was(desk_of: Any) -> None:
    assert desk_of().get("/").headers["Referrer-Policy"] == "same-origin"


def test_the_log_of_a_fault_holds_no_customer(app: Flask, desk_of: Any, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_of("E005")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        customer = "赵样例 16400002001"
        return customer[None]  # type: ignore[index]

    app.view_functions["desk.checklists"] = broken
    desk.get("/checklists")

    log = capsys.readouterr().out
    assert '"event": "web.fault"' in log
    assert "TypeError" in log
    assert "赵样例" not in log.replace('customer = "赵样例', "")
