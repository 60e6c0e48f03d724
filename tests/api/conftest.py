"""The whole app on the test's database, and phones that speak to it over the wire."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import PEOPLE, Phone
from tests.visits import a_visit
from webapp.app import create_app
from webapp.commands.devices import enrol
from webapp.commands.house import House
from webapp.foundation.actor import Actor
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.config import read_settings
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(read_settings({"CLOCKWISE_HOME": str(tmp_path / "home"), "DATABASE_URL": url, "CLOCKWISE_TESTING": "1"}))
    yield app
    house_of(app).database.engine.dispose()


def house_of(app: Flask) -> House:
    house: House = app.extensions["house"]
    return house


class Wire(Phone):
    """An enrolled phone that pushes, pulls and sends photos over HTTP."""

    def __init__(self, app: Flask, staff: str = "E005", store: str = "YF01", roles: Iterable[str] | None = None) -> None:
        house = house_of(app)
        actor = Actor(store, staff, staff, frozenset(roles or PEOPLE[staff]), "")
        enrolled = house.door.record(enrol(actor, f"{staff} 的手机", None))
        self.database, self.door, self.staff, self.id, self.seq = house.database, house.door, staff, enrolled.device, 0
        self.base, self.token, self.client = None, enrolled.token, app.test_client()

    def call(self, method: str, path: str, **other: Any) -> TestResponse:
        """One call with this phone's token; headers are added to it."""
        headers = {"Authorization": f"Bearer {self.token}", **other.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **other)

    def get(self, path: str, **other: Any) -> Any:
        """The answer to a GET that must succeed."""
        response = self.call("GET", path, **other)
        assert response.status_code == 200, response.text
        return response.json

    def hand_in(self, *acts: bytes, **other: Any) -> TestResponse:
        """POST /acts with these acts, byte for byte."""
        return self.post_raw("/acts", b'{"protocol":1,"device":"%b","epoch":1,"acts":[%b]}'
                             % (self.id.encode(), b",".join(acts)), **other)

    def post_raw(self, path: str, body: bytes, **other: Any) -> TestResponse:
        return self.call("POST", path, data=body, content_type="application/json", **other)

    def announce(self, data: bytes, visit: str, **other: Any) -> str:
        """Adds a photo to the visit, as the phone does before its bytes; returns its id."""
        photo = new_id()
        receipt = self.does("photo.add", about(photo, data) | other, visit)
        assert receipt.verdict == "applied", receipt
        return photo

    def send(self, photo: str, data: bytes, *, sha256: str | None = None, mime: str = "image/jpeg",
             **headers: str) -> TestResponse:
        """PUT of the bytes; the digest is theirs unless another is given."""
        told = {"Repr-Digest": digest_of(data) if sha256 is None else digest_text(bytes.fromhex(sha256))}
        return self.call("PUT", f"/photos/{photo}", data=data, content_type=mime,
                         headers=told | {name.replace("_", "-"): value for name, value in headers.items()})


def about(photo: str, data: bytes) -> dict[str, Any]:
    """Arguments of photo.add."""
    return {"photo": photo, "sha256": sha(data), "bytes": max(1, len(data)), "mime": "image/jpeg", "width": 64, "height": 48,
            "taken_at": to_wire(utc_now()), "subject": {"kind": "other"}}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of(data: bytes) -> str:
    return digest_text(hashlib.sha256(data).digest())


def digest_text(raw: bytes) -> str:
    return f"sha-256=:{base64.b64encode(raw).decode()}:"


def is_error(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Looks that this is our error: status, code, a Chinese sentence. Returns its facts."""
    assert response.status_code == status, response.text
    told = response.json
    assert told["sync"] == "ok" and set(told) == {"sync", "error"}, told
    assert told["error"]["code"] == code, told
    assert any("一" <= c <= "鿿" for c in told["error"]["text"]), told
    return dict(told["error"]["facts"])


@pytest.fixture
def wire(app: Flask) -> Wire:
    return Wire(app)


@pytest.fixture
def wire_of(app: Flask):  # type: ignore[no-untyped-def]
    """`wire_of("E014")`, `wire_of("E005", "YF02")`: another person's phone."""
    return lambda staff, store="YF01": Wire(app, staff, store)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def visit(wire: Wire) -> str:
    return a_visit(wire, at="inspecting")
