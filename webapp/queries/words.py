"""Sentences that are put together: text is a key of the catalogue, facts may hold sentences again. Pages translate them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNITS = {"degC": "℃"}


@dataclass(frozen=True)
class Say:
    """`Say("损伤 %(region)s", {"region": Two("左前门", "Left front door")})`; both is data that has two languages already."""

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Two:
    """A word of the catalogue data (an item, a region) in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Lexicon:
    """What codes are called: the pages make it from the catalogue, since queries know no domain.

    items, regions, zones, kinds, sizes: code -> word; options: set name -> value -> word; answers: item -> answer spec;
    people: staff number -> name; commands: name -> Chinese title; symbols: kind of damage -> letter.
    """

    items: Mapping[str, Two]
    answers: Mapping[str, Mapping[str, Any]]
    zones: Mapping[str, Two]
    regions: Mapping[str, Two]
    kinds: Mapping[str, Two]
    sizes: Mapping[str, Two]
    symbols: Mapping[str, str]
    options: Mapping[str, Mapping[str, Two]]
    commands: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)

    def option(self, item: str, value: str) -> Two | str:
        """What a choice of this item is called."""
        name = self.answers.get(item, {}).get("options", "")
        return self.options.get(name, {}).get(value, value) if isinstance(name, str) else value

    def number(self, item: str, number: int) -> str | Two:
        """`1.5 mm`; what is counted, `2 个`."""
        spec = self.answers.get(item, {})
        places, unit = int(spec.get("decimals", 0) or 0), str(spec.get("unit", "") or "")
        text = f"{number / 10**places:.{places}f}" if places else f"{number:,}"
        return Two(f"{text} 个", text) if unit == "pcs" else f"{text} {UNITS.get(unit, unit)}".strip()
