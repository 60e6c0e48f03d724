"""Everything somebody might do to a bundle or a PDF, by a seed: for the tests, and for many more of them in bench/."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from webapp.foundation.canon import NotCanonical, canonical, sha256_hex
from webapp.foundation.es256 import base64url, from_base64url

Place = tuple[Any, Any, str]


def spoiled_bundle(bundle: dict[str, Any], chance: random.Random) -> tuple[str, bytes]:
    """One change, of a leaf, a part, an inner text, or a byte of the whole; what it was, and the bytes."""
    made = copy.deepcopy(bundle)
    way = chance.choice(("leaf", "leaf", "drop", "twice", "swap", "act", "document", "byte", "written", "consistent"))
    if way == "byte":
        whole = bytearray(canonical(made, nulls=True))
        at = chance.randrange(len(whole))
        whole[at] ^= 1 << chance.randrange(8)
        return f"byte {at}", bytes(whole)
    if way == "written":
        return "written", json.dumps(made, ensure_ascii=False, indent=1).encode()
    told = globals()[f"_{way}"](made, chance)
    try:
        return f"{way} {told}", canonical(made, nulls=True)
    except NotCanonical:
        return f"{way} {told}", json.dumps(made, separators=(",", ":"), sort_keys=True).encode()


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1:]


def _leaf(made: dict[str, Any], chance: random.Random) -> str:
    holder, name, path = chance.choice(list(leaves(made)))
    holder[name] = _other(holder[name], chance)
    return path


def _drop(made: dict[str, Any], chance: random.Random) -> str:
    holder, name, path = chance.choice(list(parts(made)))
    del holder[name]
    return path


def _twice(made: dict[str, Any], chance: random.Random) -> str:
    holder = made[chance.choice(("acts", "entries", "photos", "devices"))]
    if holder:
        holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(chance.choice(holder)))
    else:
        made["acts"].append(copy.deepcopy(made["acts"][0]))
    return "one more"


def _swap(made: dict[str, Any], chance: random.Random) -> str:
    name = chance.choice(("acts", "entries"))
    one, other = chance.sample(range(len(made[name])), 2)
    made[name][one], made[name][other] = made[name][other], made[name][one]
    return f"{name} {one} {other}"


def _act(made: dict[str, Any], chance: random.Random) -> str:
    """Other words in one act; sometimes with a hash that fits them."""
    n = chance.randrange(len(made["acts"]))
    act = json.loads(from_base64url(made["acts"][n]["body"]))
    holder, name, path = chance.choice(list(leaves(act)))
    holder[name] = _other(holder[name], chance)
    made["acts"][n]["body"] = base64url(json.dumps(act).encode())
    if chance.random() < 0.5:
        with suppress(NotCanonical):
            made["entries"][n]["act_sha256"] = sha256_hex(canonical({k: v for k, v in act.items() if k != "sig"}, nulls=True))
    return f"{n} {path}"


def _document(made: dict[str, Any], chance: random.Random) -> str:
    """Other words in the document; sometimes with a hash that fits them."""
    doc = json.loads(from_base64url(made["document"]["body"]))
    holder, name, path = chance.choice(list(leaves(doc)))
    holder[name] = _other(holder[name], chance)
    try:
        body = canonical(doc)
    except NotCanonical:
        body = json.dumps(doc).encode()
    made["document"]["body"] = base64url(body)
    if chance.random() < 0.5:
        made["document"]["doc_sha256"] = made["document"]["signature"]["doc_sha256"] = sha256_hex(body)
    return path


def _consistent(made: dict[str, Any], chance: random.Random) -> str:
    """The whole chain made to fit again: only phones' signatures and the head are out of reach."""
    n, before = chance.randrange(len(made["entries"])), None
    made["entries"][n]["actor"] = "E006"
    for entry in made["entries"]:
        entry["visit_prev"] = before
        before = entry["hash"] = sha256_hex(canonical({k: v for k, v in entry.items() if k != "hash"}, nulls=True))
    made["head"]["hash"] = before
    return f"{n}"


def leaves(value: Any, path: str = "") -> Iterator[Place]:
    """Every text, number, truth and null with the holder it stands in."""
    for holder, name, at in parts(value, path):
        if not isinstance(holder[name], dict | list):
            yield holder, name, at


def parts(value: Any, path: str = "") -> Iterator[Place]:
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for name, inner in pairs:
        yield value, name, f"{path}.{name}"
        yield from parts(inner, f"{path}.{name}")


def _other(value: Any, chance: random.Random) -> Any:
    if isinstance(value, bool) or value is None:
        return chance.choice(["x", 7, not value])
    if isinstance(value, int):
        return chance.choice([value + 1, -value - 1, str(value), value + 0.5, 2**60, None])
    ways = [value + "x", value[:-1] if value else "y", "", 5, None, value.upper() if value != value.upper() else value + "é",
            "\ud800" + value]
    if value:
        at = chance.randrange(len(value))
        ways += [value[:at] + chance.choice("aAbB09-_") + value[at + 1:]] * 4
    return chance.choice([way for way in ways if way != value])
