"""The desk in a test: the whole app on a real database, people who sit at it, and the clock in our hand."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import NOON, PEOPLE, Clock, Phone
from tests.visits import a_catalogue
from webapp.app import create_app
from webapp.commands.execute import Door
from webapp.commands.house import House
from webapp.foundation.config import read_settings
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Device, Staff

PASSWORD = "a good long sentence"
HERE = "http://localhost"
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = an_app(database, tmp_path, clock)
    yield app
    app.extensions["house"].database.engine.dispose()


def an_app(database: Database, tmp_path: Path, clock: Clock, **settings: str) -> Flask:
    """The app on the test's database and clock; everybody's password is PASSWORD."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(read_settings({"CLOCKWISE_HOME": str(tmp_path / "home"), "DATABASE_URL": url, "CLOCKWISE_TESTING": "1",
                                    **settings}))
    house: House = app.extensions["house"]
    app.extensions["house"] = replace(house, door=Door(house.database, clock))
    app.extensions["clock"] = clock
    with database.write() as db:
        for store in ("YF01", "YF02"):
            if not db.query(Device).filter_by(store_id=store, is_server=True).count():
                db.add(Device(id=new_id(), store_id=store, name="服务器", is_server=True, enrolled_at=NOON))
            for login in PEOPLE:
                db.get_one(Staff, (store, login)).password_hash = _quick
        db.commit()
    return app


class Browser:
    """Somebody's browser: it keeps cookies, says where a form came from, and reads the token of the page it is on."""

    def __init__(self, app: Flask) -> None:
        self.client, self.token = app.test_client(), ""

    def get(self, path: str, **other: Any) -> TestResponse:
        response = self.client.get(path, **other)
        found = re.search(r'name="csrf_token"[^>]*value="(\w+)"', response.text) if response.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return response

    def post(self, path: str, data: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> TestResponse:
        """Sends a form as a browser does from our own page."""
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})},
                                headers={"Sec-Fetch-Site": "same-origin", "Origin": HERE, **(headers or {})})

    def fills(self, path: str, **fields: Any) -> TestResponse:
        """Opens the form at `path`, fills it in beside what it already says, and sends it."""
        return self.post(path, {**hidden(self.get(path).text), **fields})

    def signs_in(self, staff: str = "E005", store: str = "YF01", password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", {"store": store, "login": staff, "password": password})

    def cookie(self, name: str) -> str | None:
        cookie = self.client.get_cookie(name)
        return cookie.value if cookie else None


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    form = page[page.rfind("<form"):]
    return dict(re.findall(r'<input id="(\w+)" name="\w+" type="hidden" value="([^"]*)"', form))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def desk_of(app: Flask):  # type: ignore[no-untyped-def]
    """`desk_of("E002")`: the browser of somebody signed in, in this store or another."""

    def sit(staff: str = "E005", store: str = "YF01") -> Browser:
        browser = Browser(app)
        assert browser.signs_in(staff, store).status_code == 303
        return browser

    return sit


@pytest.fixture
def lane(app: Flask, database: Database) -> Phone:
    """A phone of E005 that speaks to the same door as the desk."""
    phone = Phone(database, app.extensions["house"].door)
    a_catalogue(phone)
    return phone
