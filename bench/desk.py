"""The house for measuring: the demo store in a folder of its own, and somebody signed in at the desk."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from migrations.run import upgrade
from webapp.app import create_app
from webapp.commands import furnish
from webapp.foundation.clock import utc_now
from webapp.foundation.config import read_settings
from webapp.foundation.db import Database

ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


def furnished(home: Path) -> Database:
    """A database with the demo store in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{home / 'clockwise.sqlite'}")
    upgrade(database)
    furnish.renew_lists(database)
    furnish.seed_demo(database, utc_now())
    return database


def app_in(home: Path) -> Flask:
    """The whole application on the database in `home`."""
    return create_app(read_settings({"CLOCKWISE_HOME": str(home), "CLOCKWISE_TESTING": "1"}))


def signed_in(app: Flask, login: str = "E002") -> FlaskClient:
    """A browser at the desk, through the real sign-in form."""
    client = app.test_client()
    found = re.search(r'name="csrf_token"[^>]*value="(\w+)"', client.get("/sign-in").text)
    assert found
    answer = client.post("/sign-in", headers=ORIGIN, data={"csrf_token": found[1], "store": "YF01", "login": login,
                                                           "password": furnish.DEMO_PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
