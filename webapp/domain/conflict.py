"""Two people answered the same thing (offline.md 3.7, decisions.md 5): which answer counts, and must someone look again?

One pure function, with a twin in static/pwa/commands/reduce/conflict.js; both run tests/domain/conflict_cases.json. Plain
dicts with an answer's columns, so that both languages read alike:
existing   status | number | choice | choices | text | value, severity, device_id, seq, change_no, disputed
incoming   the same value columns, severity, device_id, seq, base, resolving (当面核对: this one settles a dispute)
A conflict needs both: the sender had not seen the existing answer, and the two differ. Nothing is ever averaged or lost.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

KINDS = ("status", "number", "choice", "choices", "text", "register", "set")
RANK = {"fail": 3, "attention": 2, "ok": 1}


class Judgement(NamedTuple):
    """current: whose answer counts. disputed: both are shown until somebody looks together."""

    current: str
    disputed: bool
    verdict: str


def judge(kind: str, existing: Mapping[str, Any], incoming: Mapping[str, Any], answer: Mapping[str, Any] | None = None,
          placard: int | None = None) -> Judgement:
    """kind: a checklist answer's type; `register` for plate, phone, odometer (the first stays, the second is a suggestion);
    `set` for marks, photos, belongings, concerns (both stay). answer: the item's limits; placard: the car's own value."""
    if kind == "set":
        return Judgement("both", False, "applied")
    disputed = bool(existing.get("disputed"))
    if seen(existing, incoming):
        return Judgement("incoming", disputed and not incoming.get("resolving"), "applied")
    if _value(existing) == _value(incoming):
        return Judgement("existing", disputed, "applied")
    worse = kind != "register" and _worse(existing, incoming, answer or {}, placard)
    return Judgement("incoming" if worse else "existing", True, "conflict")


def seen(existing: Mapping[str, Any], incoming: Mapping[str, Any]) -> bool:
    """The sender knew it: pulled up to it, or made it on the same phone before."""
    if existing.get("device_id") == incoming.get("device_id"):
        return int(existing["seq"]) < int(incoming["seq"])
    base = incoming.get("base")
    return base is not None and int(existing["change_no"]) <= base


def _value(row: Mapping[str, Any]) -> tuple[Any, ...]:
    choices = row.get("choices")
    return (*(row.get(name) for name in ("status", "number", "choice", "text", "value")),
            sorted(choices) if choices is not None else None)


def _worse(existing: Mapping[str, Any], incoming: Mapping[str, Any], answer: Mapping[str, Any], placard: int | None) -> bool:
    """Severity first (fail > attention > ok > the rest); numbers then by which is nearer to failing."""
    old, new = RANK.get(existing.get("severity") or "", 0), RANK.get(incoming.get("severity") or "", 0)
    if old != new:
        return new > old
    a, b = existing.get("number"), incoming.get("number")
    if a is None or b is None:
        return False
    if "fail_lt" in answer or "attention_lt" in answer:
        return bool(b < a)
    if "fail_gt" in answer or "attention_gt" in answer:
        return bool(b > a)
    if placard is not None and ("fail_dev" in answer or "attention_dev" in answer):
        return bool(abs(b - placard) > abs(a - placard))
    return False
