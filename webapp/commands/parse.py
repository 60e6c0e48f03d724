"""From bytes to an act: the envelope first, then the command's arguments. Nothing is believed, nothing is lost."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from webapp.commands.registry import COMMANDS, Entry
from webapp.domain.words import Command
from webapp.foundation.canon import NotCanonical, canonical, check, sha256_hex
from webapp.foundation.clock import from_wire
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_, Quarantine

ACT_LIMIT = 200 * 1024
KEYS = frozenset({"v", "id", "device", "seq", "actor", "visit", "command", "args", "base", "acted_at", "offset_ms", "app",
                  "salt", "sig"})


@dataclass
class Envelope:
    """What could be read of an act. `problem` says why it must be quarantined; what was readable is filled anyway.

    signed: the bytes that `sig` is over. key_id: the key that made it, once it has been checked.
    """

    raw: bytes
    sha256: str
    id: str | None = None
    device: str | None = None
    seq: int | None = None
    actor: str = ""
    visit: str | None = None
    command: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    base: int | None = None
    acted_at: datetime | None = None
    offset_ms: int = 0
    app: str | None = None
    sig: str | None = None
    signed: bytes = b""
    key_id: str | None = None
    problem: Quarantine | None = None

    @property
    def key(self) -> str:
        """How the ledger names it: its id, or its hash when it has none."""
        return self.id or self.sha256

    @property
    def photo(self) -> str | None:
        """The photo it announces, if it does."""
        photo = self.args.get("photo") if self.command == "photo.add" else None
        return photo if is_id(photo) else None


def read_act(raw: bytes) -> Envelope:
    """Reads one act of a push. Never raises: what is wrong stands in `problem`."""
    try:
        act = json.loads(raw, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError):
        act = None
    if not isinstance(act, dict):
        return Envelope(raw, sha256_hex(raw), problem=_bad("act.unreadable", "$"))

    envelope = Envelope(raw, sha256_hex(raw))
    for name, good in _READABLE.items():
        if good(act.get(name)):
            setattr(envelope, name, act[name])
    envelope.acted_at = _moment(act.get("acted_at"))
    envelope.problem = _seal(envelope, act) or _envelope_problem(envelope, act)
    return envelope


def read_command(envelope: Envelope) -> tuple[Entry, Command]:
    """The command and its arguments. Raises Quarantine when the name is unknown or an argument is wrong."""
    entry = COMMANDS.get(envelope.command)
    if entry is None:
        raise _bad("command.unknown", "$.command")
    if (entry.visit == "none") != (envelope.visit is None):
        raise _bad("act.wrong_visit", "$.visit")
    return entry, read_args(entry, envelope.args)


def read_args(entry: Entry, args: dict[str, Any]) -> Command:
    """Arguments as the command's class, strictly: no unknown key, no wrong type. Raises Quarantine naming the place."""
    try:
        return msgspec.convert(args, entry.command, strict=True)
    except msgspec.ValidationError as why:
        text, _, place = str(why).partition(" - at `")
        raise Quarantine("command.bad_args", N_("这条记录的内容不合要求：%(at)s"), at=place.rstrip("`") or "$",
                         why=text[:200]) from why


def _seal(envelope: Envelope, act: dict[str, Any]) -> Quarantine | None:
    """Hashes the act as its sender did: RFC 8785 bytes without the signature."""
    try:
        check(act.get("args", {}))
        signed = canonical({k: v for k, v in act.items() if k != "sig"}, nulls=True)
        envelope.sha256 = sha256_hex(signed)
        if envelope.sig is not None:
            envelope.signed = signed
        if rb"\u0000" in envelope.raw:
            _no_nul(act)
    except NotCanonical as why:
        return _bad("act.not_canonical", str(why)[:200])
    return None


def _no_nul(value: Any) -> None:
    """PostgreSQL keeps no NUL in text; nobody types one. Raises NotCanonical."""
    if isinstance(value, str) and "\0" in value:
        raise NotCanonical("$: a NUL character")
    for inner in (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ():
        _no_nul(inner)


def _envelope_problem(envelope: Envelope, act: dict[str, Any]) -> Quarantine | None:
    if len(envelope.raw) > ACT_LIMIT:
        return _bad("act.too_large", "$")
    if extra := sorted(act.keys() - KEYS):
        return _bad("act.unknown_key", f"$.{extra[0][:60]}")
    if act.get("v") != 1 or isinstance(act["v"], bool):
        return _bad("act.version", "$.v")
    for name, good in _REQUIRED.items():
        if not good(act.get(name)):
            return _bad("act.bad_field", f"$.{name}")
    if "visit" in act and envelope.visit is None:
        return _bad("act.bad_field", "$.visit")
    return None


def _bad(code: str, at: str) -> Quarantine:
    return Quarantine(code, _SENTENCES[code], at=at)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) != len(pairs):
        raise ValueError("a key stands twice")
    return known


def _moment(value: object) -> datetime | None:
    try:
        return from_wire(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _text(value: object, most: int) -> bool:
    if not isinstance(value, str) or len(value) > most:
        return False
    if value.isascii():  # a flag on the string: nothing to look through for surrogates
        return "\0" not in value
    return not any(0xD800 <= ord(c) <= 0xDFFF or c == "\0" for c in value)


_READABLE: dict[str, Callable[[Any], bool]] = {
    "id": is_id,
    "device": is_id,
    "seq": lambda v: _whole(v, 1, 2**53 - 1),
    "actor": lambda v: _text(v, 20),
    "visit": is_id,
    "command": lambda v: _text(v, 60),
    "args": lambda v: isinstance(v, dict),
    "base": lambda v: _whole(v, 0, 2**53 - 1),
    "offset_ms": lambda v: _whole(v, -(2**53 - 1), 2**53 - 1),
    "app": lambda v: _text(v, 20),
    "sig": lambda v: _text(v, 200),
}
_REQUIRED: dict[str, Callable[[Any], bool]] = {
    "id": is_id,
    "device": is_id,
    "seq": _READABLE["seq"],
    "actor": lambda v: _text(v, 20) and v != "",
    "command": lambda v: _text(v, 60) and v != "",
    "args": _READABLE["args"],
    "base": lambda v: v is None or _whole(v, 0, 2**53 - 1),
    "acted_at": lambda v: _moment(v) is not None,
    "offset_ms": _READABLE["offset_ms"],
    "app": _READABLE["app"],
    "salt": lambda v: _text(v, 22) and len(str(v)) == 22,
    "sig": lambda v: v is None or _text(v, 200),
}
_SENTENCES = {
    "act.unreadable": N_("这条记录读不出来，内容已原样保存"),
    "act.not_canonical": N_("这条记录含有不允许的内容（小数、空值或残缺字符），内容已原样保存"),
    "act.too_large": N_("这条记录太大，内容已原样保存"),
    "act.unknown_key": N_("这条记录里有不认识的字段，内容已原样保存"),
    "act.version": N_("这条记录的版本不认识，请更新应用"),
    "act.bad_field": N_("这条记录缺少必要的字段，或字段不对"),
    "act.wrong_visit": N_("这条记录没有指明来店，或不该指明来店"),
    "command.unknown": N_("这项操作服务器不认识，请更新应用"),
}
