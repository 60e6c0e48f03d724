"""How a document writes words, moments, sums and plates. Twin: static/pwa/lib/blocks.js."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))


class Pen:
    """Words, moments and sums as this document writes them."""

    def __init__(self, doc: dict[str, Any]) -> None:
        self._at = 1 if doc["locale"] == "en" else 0
        try:
            self._zone = ZoneInfo(doc["time_zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._zone = ZoneInfo("UTC")

    def say(self, key: str, **facts: object) -> str:
        text = WORDS[key][self._at]
        for name, value in facts.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def moment(self, wire: str) -> str:
        return datetime.fromisoformat(wire).astimezone(self._zone).strftime("%Y-%m-%d %H:%M")


def amount(fen: int) -> str:
    """`1,419.00`: always with its fen, so that a column of sums lines up."""
    return f"{thousands(fen // 100)}.{fen % 100:02d}"


def thousands(number: int) -> str:
    return f"{number:,}"


def decimal(number: int, places: int) -> str:
    """150 with two places is `1.5`: no more digits than it has."""
    whole, part = divmod(number, 10**places)
    return f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


def plate_shown(plate: str) -> str:
    """`浙Z·8K520`: the dot stands after the letter of the issuing place, where there is one."""
    dotted = len(plate) >= 7 and "A" <= plate[1] <= "Z"
    return f"{plate[:2]}·{plate[2:]}" if dotted else plate
