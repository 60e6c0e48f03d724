"""Nothing personal gets into a log, a trace or an error page (T36): the app is driven with planted words, and everything it says
is searched."""

import json
import logging
from typing import Any

import pytest
import structlog
from flask import Flask

from tests.conftest import Phone
from tests.erasing import PLANTED, a_full_visit
from webapp.domain import concern
from webapp.foundation.ids import new_id

TOKEN = "PLANTEDTOKEN234567PLANTEDTOKEN23"  # noqa: S105
PASSWORD = "planted-password-正确马"  # noqa: S105
SECRETS = (*PLANTED, TOKEN, PASSWORD)


def test_the_app_says_nothing_of_people(app: Flask, lane: Phone, desk_of: Any, capfd: pytest.CaptureFixture[str],
                                        caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    pages = drive(app, lane, desk_of, monkeypatch)

    said = "".join(capfd.readouterr()) + caplog.text
    assert "act.fault" in said and "RuntimeError" in said  # faults are told, by place and kind
    assert [word for word in SECRETS if word in said] == []
    assert [word for word in SECRETS if any(word in page for page in pages)] == []


def test_a_careless_log_would_be_found(capfd: pytest.CaptureFixture[str], app: Flask) -> None:
    """The control: what is written to the log is what the search above reads."""
    structlog.get_logger().error("careless", customer=PLANTED[0])

    assert PLANTED[0] in "".join(capfd.readouterr())


def test_a_trace_has_places_and_no_values(capfd: pytest.CaptureFixture[str], app: Flask) -> None:
    try:
        json.loads(f'{{"{PLANTED[0]}"')
        raise AssertionError
    except ValueError:
        try:
            raise KeyError(PLANTED[0]) from None
        except KeyError as why:
            structlog.get_logger().error("fault", exc_info=why)

    said = "".join(capfd.readouterr())
    assert "KeyError" in said and "test_logs.py" in said and PLANTED[0] not in said


def drive(app: Flask, lane: Phone, desk_of: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A day of the house with everything that can go wrong; returns the error pages."""
    visit, desk = a_full_visit(app.extensions["house"], lane), desk_of("E002")
    for path in ("/", f"/?q={PLANTED[3]}", f"/visits/{visit}", "/phones", "/aside"):
        assert desk.get(path).status_code == 200
    client, pages = app.test_client(), []
    client.post("/sign-in", data={"store": "YF01", "login": PLANTED[0], "password": PASSWORD})
    for method, path, body in (
            ("GET", f"/s/{TOKEN}", None), ("GET", f"/nothing/{PLANTED[2]}", None), ("POST", f"/visits/{PLANTED[3]}", None),
            ("POST", "/api/v1/devices", {"store": "YF01", "login": PLANTED[0], "password": PASSWORD, "device_name": PLANTED[1]}),
            ("POST", "/api/v1/acts", {"protocol": 1, "device": new_id(), "acts": [{"text": PLANTED[5]}]}),
            ("GET", f"/api/v1/vehicles?plate={PLANTED[3]}", None)):
        answer = client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {TOKEN}"})
        pages.append(answer.text)
        assert answer.status_code >= 300
    monkeypatch.setattr(concern, "_revised", _breaks)
    for _ in range(5):
        receipt = lane.does("concern.add", {"concern": new_id(), "text": PLANTED[5]}, visit)
        lane.seq -= receipt.verdict == "retry"
    monkeypatch.setattr("webapp.web.visit.timeline", _breaks)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    broken = desk_of("E001").get(f"/visits/{visit}?name={PLANTED[0]}")
    assert broken.status_code == 500
    return [*pages, broken.text]


def _breaks(*args: Any) -> None:
    raise RuntimeError(f"{PLANTED[0]} {PLANTED[2]} {args}")
