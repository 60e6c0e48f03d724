"""`/openapi.json`, made from the code: routes from the app, bodies from the classes that read them, acts from the registry.

What a route means stands here once, in CALLS; a route that is missing here fails the build of the document, and a test.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import Response, current_app

from webapp.api.acts import MOST_ACTS, PUSH_LIMIT, Push
from webapp.api.devices import Enrolment, Wiped
from webapp.api.guard import OPEN
from webapp.api.heads import Heads
from webapp.api.photos import Check
from webapp.api.schemas import ACT, ANSWERS, ERROR, RECEIPT, UUID_TEXT
from webapp.api.wire import api
from webapp.commands.permission import CALLS as ROLES
from webapp.commands.registry import COMMANDS

VERSION = "1"
REF = "#/components/schemas/{name}"
EVERYWHERE = (400, 500, 503, 507)


@dataclass(frozen=True)
class Call:
    """summary: what it does; body: the class that reads it, or "photo"; query: parameters; done, refused: statuses."""

    summary: str
    done: tuple[int, ...] = (200,)
    refused: tuple[int, ...] = ()
    body: type[msgspec.Struct] | str | None = None
    query: dict[str, dict[str, Any]] = field(default_factory=dict)


_LIMIT = {"schema": {"type": "integer", "minimum": 1, "maximum": 1000}}
_PLATE = {"schema": {"type": "string", "minLength": 1, "maxLength": 12}, "required": True}
_PHOTO_HEADERS: list[dict[str, Any]] = [
    {"name": "Repr-Digest", "in": "header", "required": True,
     "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"}},
    {"name": "Content-Range", "in": "header",
     "schema": {"type": "string", "pattern": "^bytes [0-9]{1,8}-[0-9]{1,8}/[0-9]{1,8}$"}},
]
CALLS = {
    "enrol": Call("Enrol a phone by password, the same phone again, or a fork of one", (201,), (401, 403, 413, 415, 422, 429),
                  Enrolment),
    "me": Call("Who am I, and which number must my next act have"),
    "wiped": Call("A phone that was ordered to forget everything does so now", (200,), (409, 413, 415, 422), Wiped),
    "push": Call("Hand in acts; each is answered by a receipt", (200,), (413, 415, 422), Push),
    "changes": Call("What this phone has not seen yet, in commit order", (200,), (422,), None,
                    {"cursor": {"schema": {"type": "string"}}, "limit": _LIMIT}),
    "vehicles": Call("Cards of the cars with this plate", (200,), (422,), None, {"plate": _PLATE}),
    "catalogue": Call("Store, checklists, options, damage, labour, parts, legal texts, staff", (200,), (), None,
                      {"known": {"schema": {"type": "string"}}}),
    "check_photos": Call("Which photos the server has", (200,), (413, 415, 422), Check),
    "put_photo": Call("The bytes of an announced photo, whole or in parts of at most 1 MiB", (200, 201, 202),
                      (404, 409, 411, 413, 415, 422), "photo"),
    "get_photo": Call("The picture", (200,), (404, 422), None,
                      {"size": {"schema": {"enum": ["thumb", "view", "original"], "default": "view"}}}),
    "visit": Call("The whole visit as the desk sees it", (200,), (404, 422)),
    "manifest": Call("What the server has of the visit", (200,), (404, 422)),
    "ledger": Call("The entries of the visit in order, with hashes", (200,), (404, 422), None,
                   {"after": {"schema": {"type": "integer", "minimum": 0, "maximum": 999999999}},
                    "limit": _LIMIT}),
    "heads": Call("Hand in heads that were kept; hear whether the ledger still agrees", (200,), (413, 415, 422), Heads),
    "openapi": Call("This document"),
}


@api.get("/openapi.json", endpoint="openapi")
def openapi() -> Response:
    """The document itself, bare: tools read it, not phones."""
    return Response(msgspec.json.encode(document()), mimetype="application/json")


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this app. Raises KeyError for a route that CALLS does not explain."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clockwise 顺时针", "version": VERSION, "description": _about()},
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "x-commands": _commands(),
    }


def _about() -> str:
    return (f"Every answer says \"sync\":\"ok\". One push: at most {MOST_ACTS} acts and {PUSH_LIMIT} bytes. "
            "Errors carry a stable code and a sentence in the language of Accept-Language (zh-CN by default).")


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule in current_app.url_map.iter_rules():
        blueprint, _, name = rule.endpoint.partition(".")
        if blueprint != api.name:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            paths.setdefault(path, {})[method.lower()] = _operation(name, rule.arguments)
    return paths


def _operation(name: str, arguments: set[str]) -> dict[str, Any]:
    call, is_open = CALLS[name], f"{api.name}.{name}" in OPEN
    refused = {*EVERYWHERE, *call.refused, *(() if is_open else (401, 403))}
    operation = {
        "operationId": name, "summary": call.summary,
        "parameters": _parameters(call, arguments),
        "responses": {str(status): _done(name) for status in call.done} | {str(s): _error() for s in sorted(refused)},
        "security": [] if is_open else [{"bearer": []}],
    }
    if call.body:
        operation["requestBody"] = _body(call.body)
    if not is_open:
        operation["x-roles"] = sorted(ROLES[f"{api.name}.{name}"])
    return operation


def _parameters(call: Call, arguments: set[str]) -> list[dict[str, Any]]:
    path = [{"name": name, "in": "path", "required": True, "schema": UUID_TEXT} for name in sorted(arguments)]
    query = [{"name": name, "in": "query", **what} for name, what in call.query.items()]
    return path + query + (_PHOTO_HEADERS if call.body == "photo" else [])


def _body(body: type[msgspec.Struct] | str) -> dict[str, Any]:
    if isinstance(body, str):
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"required": True, "content": dict.fromkeys(("image/jpeg", "image/png", "image/webp"), binary)}
    return {"required": True, "content": {"application/json": {"schema": {"$ref": REF.format(name=body.__name__)}}}}


def _done(name: str) -> dict[str, Any]:
    if name == "get_photo":
        return {"description": "the picture", "content": {kind: {} for kind in ("image/jpeg", "image/png", "image/webp")}}
    return {"description": "done", "content": {"application/json": {"schema": ANSWERS[name]}}}


def _error() -> dict[str, Any]:
    schema = {"$ref": REF.format(name="Error")}
    return {"description": "a code and a sentence", "content": {"application/json": {"schema": schema}}}


def _schemas() -> dict[str, Any]:
    classes = [entry.command for entry in COMMANDS.values()]
    _, parts = msgspec.json.schema_components([Enrolment, Wiped, Push, Check, Heads, *classes], ref_template=REF)
    parts["Push"]["properties"]["acts"] = {"type": "array", "maxItems": MOST_ACTS, "items": {"$ref": REF.format(name="Act")}}
    return {**parts, "Act": _act(), "Receipt": RECEIPT, "Error": ERROR}


def _act() -> dict[str, Any]:
    """The envelope, and per command the arguments it takes."""
    known = [{"properties": {"command": {"const": name}, "args": told["args"]}} for name, told in _commands().items()]
    return {**ACT, "oneOf": known}


def _commands() -> dict[str, Any]:
    references, _ = msgspec.json.schema_components([entry.command for entry in COMMANDS.values()], ref_template=REF)
    return {name: {"args": reference, "roles": sorted(entry.roles), "visit": entry.visit, "since": entry.since}
            for (name, entry), reference in zip(COMMANDS.items(), references, strict=True)}
