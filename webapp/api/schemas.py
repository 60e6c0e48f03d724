"""Shapes of answers, and of the act's envelope, for the OpenAPI document (protocol.md)."""

from typing import Any

UUID_TEXT = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
SIGNATURE = {"type": "string", "pattern": "^[A-Za-z0-9_-]{86}$"}
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
TRUTH = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
ANY_OBJECT = {"type": "object"}
ROLES = {"type": "array", "items": TEXT}


def shape(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with these keys and no others."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required),
            "additionalProperties": False}


def said(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An answer of ours."""
    return shape({"sync": {"const": "ok"}, **required}, optional)


KEY_ID = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
HEAD = shape({"store": TEXT, "index": WHOLE, "hash": HASH, "key_id": KEY_ID, "sig": SIGNATURE})
HEAD_KEY = shape({"kty": {"const": "EC"}, "crv": {"const": "P-256"}, "x": TEXT, "y": TEXT, "key_id": KEY_ID})
ROW = shape({"table": TEXT, "id": TEXT, "change_no": WHOLE, "deleted": TRUTH, "data": ANY_OBJECT})
ENTRY = shape({
    "store": TEXT, "index": WHOLE, "store_prev": HASH, "visit": {"type": ["string", "null"]},
    "visit_prev": {"type": ["string", "null"]}, "act_id": TEXT, "act_sha256": HASH, "sig_sha256": {"type": ["string", "null"]},
    "key_id": {"type": ["string", "null"]}, "actor": TEXT, "device": TEXT, "verdict": TEXT, "code": TEXT,
    "received_at": MOMENT, "skew_ms": WHOLE, "epoch": WHOLE, "hash": HASH, "command": {"type": ["string", "null"]},
    "acted_at": {"type": ["string", "null"]},
})
ERROR = said({"error": shape({"code": TEXT, "text": {"type": "string", "minLength": 1}, "facts": ANY_OBJECT})})
RECEIPT = shape({
    "id": TEXT, "sha256": HASH,
    "verdict": {"enum": ["applied", "conflict", "duplicate", "refused", "quarantined", "gap", "fork", "retry"]},
    "change_no": {"type": ["integer", "null"]}, "code": TEXT, "text": TEXT, "facts": ANY_OBJECT,
})
ACT = {
    "type": "object",
    "required": ["v", "id", "device", "seq", "actor", "command", "args", "base", "acted_at", "offset_ms", "app", "salt"],
    "additionalProperties": False,
    "properties": {
        "v": {"const": 1}, "id": UUID_TEXT, "device": UUID_TEXT, "seq": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
        "actor": {"type": "string", "minLength": 1, "maxLength": 20}, "visit": UUID_TEXT,
        "command": {"type": "string", "minLength": 1, "maxLength": 60}, "args": ANY_OBJECT,
        "base": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**53 - 1}, "acted_at": MOMENT, "offset_ms": WHOLE,
        "app": {"type": "string", "maxLength": 20}, "salt": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"},
        "sig": {"type": "string", "maxLength": 200},
    },
}
_CARD = {"type": "array", "items": ANY_OBJECT}
_ME = {"device": UUID_TEXT, "actor": TEXT, "name": TEXT, "roles": ROLES, "store": TEXT, "epoch": WHOLE, "expect_seq": WHOLE,
       "server_time": MOMENT, "key_id": {"anyOf": [KEY_ID, {"type": "null"}]}, "head_key": HEAD_KEY, "root_sha256": HASH}
_PHOTO = shape({"state": {"enum": ["have", "need", "partial"]}}, {"offset": WHOLE})
ANSWERS: dict[str, dict[str, Any]] = {
    "enrol": said({**_ME, "token": TEXT}),
    "me": said(_ME),
    "wiped": said({}),
    "push": said({"epoch": WHOLE, "server_time": MOMENT, "expect_seq": WHOLE,
                  "receipts": {"type": "array", "items": {"$ref": "#/components/schemas/Receipt"}}, "head": HEAD}),
    "changes": said({"rows": {"type": "array", "items": ROW}, "next": TEXT, "more": TRUTH, "reset": TRUTH,
                     "device_last_seq": WHOLE, "backup_watermark": WHOLE, "head": HEAD, "epoch": WHOLE}),
    "vehicles": said({"vehicles": _CARD}),
    "catalogue": said({"sha256": HASH}, {
        "unchanged": TRUTH, "store": ANY_OBJECT, "checklists": _CARD, "option_sets": ANY_OBJECT, "damage": ANY_OBJECT,
        "labour_operations": _CARD, "parts": _CARD, "legal_texts": _CARD, "staff": _CARD}),
    "check_photos": said({"photos": {"type": "object", "additionalProperties": _PHOTO}}),
    "put_photo": {"oneOf": [said({"photo": UUID_TEXT, "sha256": HASH, "bytes": WHOLE}),
                            said({"photo": UUID_TEXT, "offset": WHOLE})]},
    "visit": said({"visit": ROW, "rows": {"type": "array", "items": ROW}, "vehicle": {"anyOf": [ROW, {"type": "null"}]},
                   "head": HEAD}),
    "manifest": said({
        "devices": {"type": "object", "additionalProperties": shape({"last_seq": WHOLE, "count": WHOLE})},
        "photos": {"type": "object", "additionalProperties": shape({"sha256": HASH, "state": {"enum": ["present", "expected"]}})},
        "documents": {"type": "array", "items": shape({"id": TEXT, "kind": TEXT, "revision": WHOLE, "doc_sha256": HASH})},
        "head": {"anyOf": [HEAD, {"type": "null"}]}, "epoch": WHOLE}),
    "ledger": said({"entries": {"type": "array", "items": ENTRY}}),
    "heads": said(dict.fromkeys(("agree", "differ", "taken_back", "foreign"), {"type": "array", "items": WHOLE})),
    "openapi": ANY_OBJECT,
}
