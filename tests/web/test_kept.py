"""Pages drawn once: nobody sees an older truth for it, nor another person's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.conftest import Clock, Phone
from tests.visits import a_visit, does
from tests.web.conftest import Browser
from tests.web.test_status import a_link
from webapp.foundation.ids import new_id


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


def test_a_revoked_link_shows_nothing_though_its_page_was_kept(browser: Browser, lane: Phone) -> None:
    visit, link = a_visit(lane, at="authorised"), new_id()
    address = f"/s/{a_link(lane, visit, link=link)}?c=1"
    client = browser.client
    assert client.get(address).status_code == 200 == client.get(address).status_code

    does(lane, "status.revoke_link", {"link": link, "reason": "客户换了手机"}, visit)

    assert client.get(address).status_code == 404
