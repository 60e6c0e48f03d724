"""Route × role × own or other store, made from the app's own list of routes: a route that is not told of here fails."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.api.conftest import Wire, house_of
from tests.api.pictures import jpeg
from webapp.api.guard import OPEN
from webapp.app import HEADERS
from webapp.commands.permission import CALLS, ROLES
from webapp.models import Staff

VISIT_PATHS = {"api.visit": "/visits/{visit}", "api.manifest": "/visits/{visit}/manifest", "api.ledger": "/visits/{visit}/ledger"}
PATHS = {
    "api.me": "/devices/me", "api.push": "/acts", "api.changes": "/changes", "api.vehicles": "/vehicles?plate=浙ZA1056",
    "api.catalogue": "/catalogue", "api.check_photos": "/photos/check", "api.put_photo": "/photos/{photo}",
    "api.get_photo": "/photos/{photo}", "api.enrol": "/devices", "api.wiped": "/devices/me/wiped", "api.heads": "/heads",
    "api.openapi": "/openapi.json", **VISIT_PATHS,
}
OF_A_THING = {*VISIT_PATHS, "api.put_photo", "api.get_photo"}


def routes(app: Flask) -> dict[str, str]:
    """Endpoint -> method of every route under /api/."""
    return {rule.endpoint: min((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/api/")}


def test_every_route_is_open_by_name_or_has_its_roles_and_a_row_here(app: Flask) -> None:
    assert set(routes(app)) == set(CALLS) | OPEN == set(PATHS)
    assert not set(CALLS) & OPEN
    assert all(roles and roles <= set(ROLES) for roles in CALLS.values())


@pytest.fixture
def call(app: Flask, wire: Wire, visit: str) -> Callable[[Wire, str], Any]:
    """Calls a route about the visit and photo of YF01, as this phone."""
    data = jpeg()
    photo = wire.announce(data, visit)
    wire.send(photo, data)

    def make(phone: Wire, endpoint: str) -> Any:
        path = PATHS[endpoint].format(visit=visit, photo=photo)
        if endpoint == "api.put_photo":
            return phone.send(photo, data)
        body = {"api.push": {"protocol": 1, "device": phone.id, "epoch": 1, "acts": []}, "api.check_photos": {"photos": []},
                "api.heads": {"heads": []}, "api.wiped": {"left": 0}}
        return phone.call(routes(app)[endpoint], path, json=body.get(endpoint))

    return make


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_calls_what_the_table_says_and_only_in_its_own_store(app: Flask, call, role: str) -> None:  # type: ignore[no-untyped-def]
    here, there = phone_with(app, role, "YF01"), phone_with(app, role, "YF02")

    for endpoint, roles in CALLS.items():
        own, other = call(here, endpoint), call(there, endpoint)
        allowed = role in roles
        done = 409 if endpoint == "api.wiped" else 200  # nobody ordered this phone to be wiped
        assert own.status_code == (done if allowed else 403), (endpoint, own.text)
        assert other.status_code == (403 if not allowed else 404 if endpoint in OF_A_THING else done), (endpoint, other.text)


def test_without_a_token_every_closed_route_is_shut(app: Flask, wire: Wire, call) -> None:  # type: ignore[no-untyped-def]
    wire.token = "nobody"

    assert {endpoint: call(wire, endpoint).status_code for endpoint in CALLS} == dict.fromkeys(CALLS, 401)


def test_lists_of_one_store_hold_nothing_of_another(app: Flask, call, visit: str) -> None:  # type: ignore[no-untyped-def]
    stranger = phone_with(app, "owner", "YF02")

    for endpoint in set(CALLS) - OF_A_THING:
        assert visit not in call(stranger, endpoint).text and "浙ZA1056" not in call(stranger, endpoint).text


def test_every_answer_carries_the_headers(app: Flask, wire: Wire, call) -> None:  # type: ignore[no-untyped-def]
    answers = [call(wire, endpoint) for endpoint in PATHS] + [wire.call("GET", "/nothing"), wire.call("DELETE", "/acts")]
    wire.token = "nobody"

    for answer in [*answers, *(call(wire, endpoint) for endpoint in CALLS)]:
        assert answer.headers["Cache-Control"] == "no-store"
        for name, value in HEADERS.items():
            got = answer.headers[name]
            assert got == value or (name == "Content-Security-Policy" and "sandbox" in got), (name, got)
        assert "Set-Cookie" not in answer.headers


def phone_with(app: Flask, role: str, store: str) -> Wire:
    """A phone of somebody with this one role."""
    login = f"R{uuid.uuid4().hex[:8]}"
    with house_of(app).database.write() as db:
        db.add(Staff(store_id=store, id=login, name=role, roles=[role], password_hash="!"))
        db.commit()
    return Wire(app, login, store, [role])
