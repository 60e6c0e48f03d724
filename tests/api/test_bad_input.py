"""Every call with every kind of bad input: a code, a Chinese sentence, nothing lost, never a 500.

Acts and photos have tables of their own in test_acts and test_photos.
"""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import Wire, digest_of, is_error, sha
from tests.api.pictures import jpeg
from tests.visits import arrival
from webapp.foundation.ids import new_id

ENROL = {"store": "YF01", "login": "E005", "password": "clockwise", "device_name": "手机"}
HELD = {"photo": "00000000-0000-7000-8000-000000000000", "sha256": "0" * 64, "bytes": 1}
GOOD: dict[str, dict[str, Any]] = {
    "/devices": ENROL,
    "/photos/check": {"photos": [HELD]},
    "/acts": {"protocol": 1, "device": "00000000-0000-7000-8000-000000000000", "epoch": 1, "acts": []},
}
BAD_ENROLMENTS: list[dict[str, Any]] = [
    {}, {"store": "YF01"}, {"fork_of": "no-uuid"}, *({**ENROL, **change} for change in (
        {"surprise": 1}, {"store": 5}, {"login": ""}, {"login": "E" * 21}, {"login": "E0\x0005"}, {"password": "p" * 201},
        {"password": None}, {"device": "no-uuid"}, {"device_name": "n" * 61}, {"device_name": ""}, {"device_name": "a\x00b"},
        {"public_key": []})),
]
BAD_CHECKS: list[dict[str, Any]] = [
    {}, {"photos": {}}, {"photos": [{}]}, {"photos": [HELD] * 201}, {"photos": [HELD], "more": 1},
    *({"photos": [{**HELD, **change}]} for change in (
        {"photo": "x"}, {"sha256": "A" * 64}, {"bytes": -1}, {"bytes": 1.5}, {"bytes": True}, {"more": 1})),
]
BAD_FIELDS = [("/devices", body) for body in BAD_ENROLMENTS] + [("/photos/check", body) for body in BAD_CHECKS]
UNREADABLE = [b"", b"{", b"not json", b'{"a":"\xff\xfe"}', b'{"a":"\\ud800"}', b"\xef\xbb\xbf{}", b'{"a":1}{"b":2}', b"\x00",
              b'{"a":01}']


@pytest.mark.parametrize(("path", "body"), BAD_FIELDS)
def test_a_wrong_field_is_named(wire: Wire, path: str, body: object) -> None:
    facts = is_error(wire.post_raw(path, json.dumps(body).encode()), 422, "body.bad_field")
    assert facts["at"].startswith("$")


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("body", UNREADABLE)
def test_what_cannot_be_read_is_said_so(wire: Wire, path: str, body: bytes) -> None:
    response = wire.post_raw(path, body)

    assert response.status_code in (400, 422)
    is_error(response, response.status_code, "body.not_json" if response.status_code == 400 else "body.bad_field")


@pytest.mark.parametrize("path", GOOD)
def test_deep_json_is_no_trouble(wire: Wire, path: str) -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    for body in (deep, b'{"photos":' + deep + b"}", b'{"public_key":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001):
        response = wire.post_raw(path, body)
        assert response.status_code in (400, 422), response.text
        is_error(response, response.status_code, response.json["error"]["code"])


@pytest.mark.parametrize("path", GOOD)
def test_a_body_of_another_type_or_too_large_is_named(wire: Wire, path: str) -> None:
    is_error(wire.call("POST", path, data=b"{}", content_type="text/plain"), 415, "body.not_json_type")
    is_error(wire.call("POST", path, data={"a": "b"}), 415, "body.not_json_type")
    is_error(wire.post_raw(path, b'"' + b"x" * 1_048_576 + b'"'), 413, "body.too_large")


@pytest.mark.parametrize("path", [*GOOD, "/photos/00000000-0000-7000-8000-000000000000"])
def test_a_body_that_breaks_off_is_named(wire: Wire, path: str, visit: str) -> None:
    data = jpeg()
    photo = path.startswith("/photos/0")
    path = f"/photos/{wire.announce(data, visit)}" if photo else path
    headers = {"Repr-Digest": digest_of(data)} if photo else {}

    response = wire.call("PUT" if photo else "POST", path, data=data[:100] if photo else b'{"pro',
                         content_type="image/jpeg" if photo else "application/json",
                         environ_overrides={"CONTENT_LENGTH": str(len(data) if photo else 4000)}, headers=headers)

    is_error(response, 400, "body.truncated")


@pytest.mark.parametrize(("method", "path", "size", "status"), [
    ("POST", "/acts", 5_000_000, 413), ("PUT", f"/photos/{HELD['photo']}", 14_000_000, 413), ("POST", "/nothing", 300_000, 404),
    ("PUT", "/acts", 300_000, 405), ("POST", "/photos/check", 2_000_000, 413),
])
def test_a_refused_body_is_read_to_its_end(wire: Wire, method: str, path: str, size: int, status: int) -> None:
    """Else the server closes the connection on it, and the phone takes our answer for no network and tries for ever."""
    body = io.BytesIO(bytes(size))
    headers = {"Repr-Digest": digest_of(b""), "Content-Length": str(size)}

    told = wire.call(method, path, input_stream=body, content_type="image/jpeg" if "photos/0" in path else "application/json",
                     headers=headers)

    assert told.status_code == status and body.tell() == size


def test_lone_surrogates_in_addresses_and_headers_are_no_trouble(wire: Wire) -> None:
    for path in ("/changes?cursor=%ED%A0%80", "/vehicles?plate=%ED%A0%80%FF", "/catalogue?known=%ED%A0%80", "/visits/%ED%A0%80",
                 "/photos/%00", "/photos/..%2f..%2fetc%2fpasswd", "/visits/%C0%AE"):
        response = wire.call("GET", path)
        assert response.status_code in (200, 404, 422), (path, response.text)
        assert response.json["sync"] == "ok"
    for language in ("*", "xx", ",;q=", "en;q=abc", "z" * 3000, "é"):
        is_error(wire.call("GET", f"/visits/{new_id()}", headers={"Accept-Language": language}), 404, "visit.unknown")


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", "/acts", 405, "call.wrong_method"), ("DELETE", "/devices/me", 405, "call.wrong_method"),
    ("OPTIONS", "/acts", 405, "call.wrong_method"), ("PATCH", "/changes", 405, "call.wrong_method"),
    ("GET", "/nothing", 404, "call.unknown"), ("POST", "/devices/", 404, "call.unknown"), ("GET", "/../v1", 404, "call.unknown"),
    ("GET", "/photos/", 404, "call.unknown"), ("BREW", "/acts", 405, "call.wrong_method"),
])
def test_addresses_and_methods_that_are_not(wire: Wire, method: str, path: str, status: int, code: str) -> None:
    is_error(wire.call(method, path), status, code)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/acts", "/api/v1"])
def test_everything_under_api_answers_as_the_api(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    if path != "/api":
        is_error(response, 404, "call.unknown")


def test_english_speakers_read_english(wire: Wire) -> None:
    error = wire.call("GET", f"/visits/{new_id()}", headers={"Accept-Language": "en"}).json["error"]

    assert error["code"] == "visit.unknown" and error["text"].isascii(), error


def test_other_stores_ids_in_acts_touch_nothing(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    stranger, data = wire_of("E005", "YF02"), jpeg()
    photo = wire.announce(data, visit)
    mark = {"mark": new_id(), "region": "roof", "kind": "dent", "size": "small", "x": 1, "y": 1}
    acts = [
        stranger.act("walkaround.record_damage", mark, visit),
        stranger.act("photo.retract", {"photo": photo, "reason": "试"}, visit),
        stranger.act("visit.open", arrival(), new_id()),
    ]

    told = stranger.hand_in(*acts).json["receipts"]

    assert [(r["verdict"], r["code"]) for r in told] == [*[("refused", "visit.unknown")] * 2, ("applied", "ok")]
    assert wire.get(f"/visits/{visit}/manifest")["photos"][photo] == {"sha256": sha(data), "state": "expected"}
