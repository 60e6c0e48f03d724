"""车牌 (documents.md 1.2): which kind a plate is, and what looks odd about it. Pure; twin on the phone."""

import re
from typing import NamedTuple

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
BATTERY = frozenset("DABCE")
_TAIL = "[A-HJ-NP-Z0-9]"
_HEAD = f"^[{PROVINCES}][A-HJ-NP-Z]"
KINDS = {
    "ordinary": re.compile(f"{_HEAD}{_TAIL}{{5}}$"),
    "nev_small": re.compile(f"{_HEAD}[A-HJK]{_TAIL}[0-9]{{4}}$"),
    "nev_large": re.compile(f"{_HEAD}[0-9]{{5}}[DF]$"),
    "police": re.compile(f"{_HEAD}{_TAIL}{{4}}警$"),
    "trainer": re.compile(f"{_HEAD}{_TAIL}{{4}}学$"),
    "trailer": re.compile(f"{_HEAD}{_TAIL}{{4}}挂$"),
    "consulate": re.compile(f"{_HEAD}{_TAIL}{{4}}领$"),
    "hk_macau": re.compile(f"^粤Z{_TAIL}{{4}}[港澳]$"),
    "embassy": re.compile("^[0-9]{6}使$"),
}
_OTHER = re.compile("^[A-Z0-9\u4e00-\u9fff]{4,12}$")


class Plate(NamedTuple):
    """text: without dot or blank, as stored. kind None: not a plate at all."""

    text: str
    kind: str | None
    warnings: tuple[str, ...] = ()


def read_plate(written: str, powertrain: str | None = None) -> Plate:
    """Reads a plate as people write it. Unusual ones are kept as `other` with a warning, a person decides."""
    text = re.sub(r"[\s·.\-]", "", written).upper()
    if not text:
        return Plate("", "unplated")
    kind = next((name for name, shape in KINDS.items() if shape.match(text)), None)
    if kind is None:
        return Plate(text, "other", ("plate.unusual",)) if _OTHER.match(text) else Plate(text, None)
    return Plate(text, kind, tuple(_odd(text, kind, powertrain)))


def shown(text: str) -> str:
    """`浙Z·A1B23`: as people read it."""
    return f"{text[:2]}·{text[2:]}" if text[:1] in PROVINCES else text


def _odd(text: str, kind: str, powertrain: str | None) -> list[str]:
    odd = []
    if kind == "ordinary" and sum(c.isalpha() for c in text[2:]) > 2:
        odd.append("plate.many_letters")
    letter = {"nev_small": text[2:3], "nev_large": text[-1:]}.get(kind)
    if letter and powertrain:
        battery = letter in BATTERY
        if (battery and powertrain != "bev") or (not battery and powertrain == "fuel"):
            odd.append("plate.powertrain")
    return odd
