"""The OpenAPI document is made from the code, is a valid one, and the app does what it says, whatever is sent to it."""

import json
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Wire
from tests.api.pictures import jpeg
from tests.api.test_changes import mark
from webapp.api import openapi
from webapp.api.schemas import ACT, ANSWERS
from webapp.commands.registry import COMMANDS

EXAMPLES = 24
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_the_app_does_what_the_document_says(app: Flask, wire: Wire, visit: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    told = {operation.definition.raw["operationId"]: statuses_of(operation, wire.token)
            for operation in (result.ok() for result in schema.get_all_operations())}

    assert set(told) == set(openapi.CALLS) - {"openapi"}
    assert all(statuses and max(statuses) < 500 for statuses in told.values()), told
    assert all(200 in told[name] for name in ("me", "changes", "catalogue", "check_photos", "vehicles")), told


def statuses_of(operation: Any, token: str) -> set[int]:
    """Calls one operation with what the document allows and what it forbids; every answer must be as the document says."""
    statuses: set[int] = set()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
           | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def call(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=CHECKS)
        statuses.add(response.status_code)

    call()
    return statuses


def test_every_route_and_every_command_is_explained(app: Flask) -> None:
    with app.test_request_context():
        document = openapi.document()

    under = {rule.endpoint.removeprefix("api.") for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert {told["operationId"] for path in document["paths"].values() for told in path.values()} == under == set(openapi.CALLS)
    assert set(document["x-commands"]) == set(COMMANDS)
    assert len(document["components"]["schemas"]["Act"]["oneOf"]) == len(COMMANDS)


def test_what_phones_send_and_we_answer_fits_the_document(app: Flask, wire: Wire, visit: str) -> None:
    with app.test_request_context():
        document = openapi.document()
    wire.does("walkaround.record_damage", mark(), visit)
    data = jpeg()
    photo = wire.announce(data, visit)
    answers = {
        "me": wire.get("/devices/me"), "changes": wire.get("/changes"), "catalogue": wire.get("/catalogue"),
        "visit": wire.get(f"/visits/{visit}"), "manifest": wire.get(f"/visits/{visit}/manifest"),
        "ledger": wire.get(f"/visits/{visit}/ledger"), "vehicles": wire.get("/vehicles?plate=浙ZA1056"),
        "push": wire.hand_in(act := wire.act("walkaround.record_damage", mark(), visit)).json,
        "put_photo": wire.send(photo, data).json,
    }

    for name, told in answers.items():
        jsonschema.validate(told, {**ANSWERS[name], "components": document["components"]})
    jsonschema.validate(json.loads(act), {**ACT, "components": document["components"]})
    with pytest.raises(jsonschema.ValidationError):  # control
        jsonschema.validate({**answers["me"], "more": 1}, ANSWERS["me"])


def test_the_document_is_a_valid_one(app: Flask) -> None:
    with app.test_request_context():
        document = openapi.document()

    for name, shape in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(shape)
        assert "$ref" not in str(shape) or all(
            ref in document["components"]["schemas"] for ref in references(shape)), name


def references(shape: object) -> set[str]:
    """The names of the schemas that this one points to."""
    if isinstance(shape, dict):
        own = {shape["$ref"].rpartition("/")[2]} if isinstance(shape.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in shape.values()))
    return set().union(*(references(inner) for inner in shape)) if isinstance(shape, list) else set()
