"""Pages drawn once: nobody sees an older truth for it, nor another person's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from tests.conftest import NOON, Clock, Phone
from tests.visits import a_visit, does
from tests.web.conftest import Browser
from tests.web.test_staff import fill
from tests.web.test_status import a_link, a_token
from webapp.commands import desk_session
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Base
from webapp.queries import status_page
from webapp.web import front


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements that the app sends to its database meanwhile."""
    said: list[str] = []
    engine = app.extensions["house"].database.engine

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_a_second_look_costs_no_drawing_and_an_act_draws_anew(app: Flask, desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    path, browser = f"/visits/{visit}", desk_of("E002")
    first = browser.get(path)
    with asked(app) as again:
        assert browser.get(path).text == first.text

    does(lane, "concern.add", {"concern": new_id(), "text": "倒车时后面有异响"}, visit)
    with asked(app) as anew:
        page = browser.get(path).text

    assert "倒车时后面有异响" in page and "倒车时后面有异响" not in first.text
    assert len(anew) > len(again) + 5  # the control: without keeping, both would ask the same


def test_the_next_minute_draws_anew(app: Flask, desk_of: Any, lane: Phone, clock: Clock) -> None:
    path, browser = f"/visits/{a_visit(lane, at='inspecting')}", desk_of("E002")
    browser.get(path)
    with asked(app) as kept:
        browser.get(path)
    clock.forward(minutes=1)
    with asked(app) as later:
        browser.get(path)

    assert len(later) > len(kept) + 5


def test_nobody_gets_another_persons_page(desk_of: Any, lane: Phone) -> None:
    path = f"/visits/{a_visit(lane, at='authorised')}"
    manager, advisor = desk_of("E002"), desk_of("E005")
    pages = manager.get(path).text, advisor.get(path).text

    assert "林E002" in pages[0] and "do/status.issue_link" not in pages[0]
    assert "林E002" not in pages[1] and "do/status.issue_link" in pages[1]
    assert desk_of("E002", "YF02").get(path).status_code == 404


def sign_out(desk_of: Any, mine: Browser, clock: Clock) -> None:
    other = Browser(mine.client.application)  # the same cookie in another window
    other.client.set_cookie("cw_desk", mine.cookie("cw_desk") or "")
    other.get("/")
    assert other.post("/sign-out").status_code == 303


def leave(desk_of: Any, mine: Browser, clock: Clock) -> None:
    assert fill(desk_of("E002"), "E005", "leave", reason="离职").status_code == 303


def other_work(desk_of: Any, mine: Browser, clock: Clock) -> None:
    assert fill(desk_of("E002"), "E005", "roles", name="林E005", roles=["technician"]).status_code == 303


def pause(desk_of: Any, mine: Browser, clock: Clock) -> None:
    clock.forward(minutes=31)


ENDS = [(sign_out, 303), (leave, 303), (other_work, 403), (pause, 303)]


@pytest.mark.parametrize(("end", "status"), ENDS)
def test_what_ends_a_persons_sight_of_a_car_ends_it_at_the_next_look(desk_of: Any, lane: Phone, clock: Clock, end: Any,
                                                                     status: int) -> None:
    path, mine = f"/visits/{a_visit(lane, at='inspecting')}", desk_of("E005")
    mine.get(path)
    assert mine.get(path).status_code == 200

    end(desk_of, mine, clock)

    answer = mine.get(path)
    assert answer.status_code == status
    assert "浙Z" not in answer.text


@pytest.mark.parametrize(("end", "_status"), ENDS[:3])
def test_control_it_is_the_look_at_the_person_that_ends_it(desk_of: Any, lane: Phone, clock: Clock, end: Any, _status: int,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    path, mine = f"/visits/{a_visit(lane, at='inspecting')}", desk_of("E005")
    mine.get(path)
    known = desk_session.find_session(lane.database, mine.cookie("cw_desk") or "", clock.now)
    end(desk_of, mine, clock)

    monkeypatch.setattr(import_module("webapp.web.guard"), "find_session", lambda *_: known)

    assert mine.get(path).status_code == 200


def test_the_language_is_the_one_asked_for_now(desk_of: Any, browser: Browser, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    browser.client.get(f"/s/{a_link(lane, visit)}")
    for who, path in ((desk_of("E005"), f"/visits/{visit}"), (browser, "/s/")):
        who.get(path)
        assert 'lang="zh' in who.get(path).text
        assert 'lang="en"' in who.get(path, headers={"Accept-Language": "en"}).text.partition("<body")[0]
        who.client.set_cookie("lang", "en")
        assert 'lang="en"' in who.get(path).text.partition("<body")[0]
        who.client.delete_cookie("lang")


@pytest.fixture
def customer(browser: Browser) -> Any:
    """A customer's browser with a cookie for a new link; their page has been drawn and is kept."""

    def follows(lane: Phone, visit: str, **link: Any) -> Browser:
        browser.client.get(f"/s/{a_link(lane, visit, **link)}")
        assert browser.get("/s/").status_code == 200
        return browser

    return follows


def test_a_customers_second_look_is_answered_in_front_with_the_same_headers(app: Flask, customer: Any, lane: Phone) -> None:
    mine = customer(lane, a_visit(lane, at="authorised"))
    with asked(app) as drawn:
        first = mine.get("/s/?large=")
    with asked(app) as again:
        second, third = mine.get("/s/"), mine.get("/s/")

    assert len(drawn) > 5 and again == []
    assert second.data == third.data
    assert dict(second.headers).items() >= {k: v for k, v in first.headers.items() if k != "Content-Length"}.items()


def test_a_revoked_link_shows_nothing_though_its_page_was_kept(customer: Any, lane: Phone) -> None:
    visit, link = a_visit(lane, at="authorised"), new_id()
    mine = customer(lane, visit, link=link)

    does(lane, "status.revoke_link", {"link": link, "reason": "客户换了手机"}, visit)

    assert mine.get("/s/").status_code == 404


def test_control_it_is_the_look_at_the_link_that_shows_nothing(customer: Any, lane: Phone, clock: Clock, browser: Browser,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    visit, link = a_visit(lane, at="authorised"), new_id()
    mine = customer(lane, visit, link=link)
    known = status_page.link_of(lane.database, browser.cookie("cw_car") or "", clock.now)
    does(lane, "status.revoke_link", {"link": link, "reason": "客户换了手机"}, visit)

    monkeypatch.setattr(front, "link_of", lambda *_: known)

    assert mine.get("/s/").status_code == 200


def test_a_link_runs_out_though_its_page_was_kept(customer: Any, lane: Phone, clock: Clock) -> None:
    mine = customer(lane, a_visit(lane, at="authorised"), expires_at="2026-11-23T04:00:30.000Z")

    clock.forward(seconds=31)  # within the minute

    assert clock.now.minute == NOON.minute
    assert mine.get("/s/").status_code == 404


def test_who_guessed_too_often_sees_no_kept_page_either(app: Flask, customer: Any, lane: Phone) -> None:
    mine = customer(lane, a_visit(lane, at="authorised"))
    for _ in range(30):
        app.test_client().get(f"/s/{a_token()}")

    assert mine.get("/s/").status_code == 429
    assert mine.client.get("/s/", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_a_question_put_to_the_driver_has_the_answer_of_the_long_way(database: Database, browser: Browser, lane: Phone) -> None:
    token = sha256_hex(a_link(lane, a_visit(lane, at="authorised")).encode())
    browser.signs_in("E005")
    session = sha256_hex((browser.cookie("cw_desk") or "").encode())

    for question, key in ((status_page._LINK, token), (desk_session._SESSION, session)):  # noqa: SLF001
        with database.engine.connect() as connection:
            row = connection.execute(question.statement, {"token": key}).one()
        assert question.first(database, token=key) == tuple(row)
        assert question.first(database, token="0" * 64) is None


def test_a_question_that_fails_says_so_as_every_other_does(database: Database, lane: Phone) -> None:
    Base.metadata.drop_all(database.engine)

    with pytest.raises(DBAPIError):
        status_page.link_of(database, a_token(), NOON)
