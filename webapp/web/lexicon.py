"""What codes are called, for pages: from the catalogue, the registry and the store's people."""

from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.commands.registry import COMMANDS
from webapp.domain import catalogue
from webapp.models import Staff
from webapp.queries.words import Lexicon, Two


def lexicon(db: Session, store: str) -> Lexicon:
    """All words, with the names of this store's people."""
    people = dict(db.execute(select(Staff.id, Staff.name).where(Staff.store_id == store)).all())
    people["server"] = "服务器"
    return Lexicon(**_words(), people=people)


@cache
def _words() -> dict[str, Any]:
    lists, damage = catalogue.checklists(), catalogue.damage()
    return {
        "items": {item["id"]: _two(item) for made in lists for item in made["items"]},
        "answers": {item["id"]: item["answer"] for made in lists for item in made["items"]},
        "zones": {zone["id"]: _two(zone) for made in lists for zone in made["zones"]},
        "regions": {row["id"]: _two(row) for row in damage["regions"]},
        "kinds": {row["code"]: _two(row) for row in damage["kinds"]},
        "sizes": {row["code"]: _two(row) for row in damage["sizes"]},
        "symbols": {row["code"]: row["symbol"] for row in damage["kinds"]},
        "options": {name: {o["value"]: _two(o) for o in options} for name, options in catalogue.option_sets().items()},
        "commands": {name: entry.zh for name, entry in COMMANDS.items()},
    }


def _two(row: dict[str, Any]) -> Two:
    return Two(row["zh"], row.get("en", row["zh"]))
