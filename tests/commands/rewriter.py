"""Somebody with the server's database and keys who changes history and makes everything fit again (T16).

Every lie is consistent: bodies, hashes, both chains, the store's counter; heads are signed anew with the real key. Only the
phones' own keys are out of reach, so a changed act goes in unsigned, as acts may.
"""

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.commands.ledger import entry_hash, wire_entry
from webapp.commands.parse import read_act
from webapp.foundation.ids import new_id
from webapp.models import KeptAct, LedgerEntry, StoreCounter

Link = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Rewrite:
    """What was done, and the first place in the ledger that tells it."""

    lie: str
    first: int


def read_links(db: Session, store: str) -> list[Link]:
    """The ledger and the acts beside it, as plain rows."""
    tables = [db.execute(select(table.__table__).where(table.store_id == store).order_by(table.idx)).mappings()
              for table in (LedgerEntry, KeptAct)]
    return [(dict(entry), dict(act)) for entry, act in zip(*tables, strict=True)]


def rewrite(db: Session, store: str, links: list[Link], chance: random.Random) -> Rewrite:
    """Tells one lie somewhere and writes the whole ledger anew. The caller rolls back."""
    name, lie = chance.choice(sorted(LIES.items()))
    changed, place = copy.deepcopy(links), chance.randrange(1, len(links) - 1)
    lie(changed, place, chance)
    _write(db, store, changed)
    return Rewrite(name, place + 1)


def _other_words(links: list[Link], place: int, chance: random.Random) -> None:
    _body(links[place], lambda act: {**act, "args": {**act["args"], "note": f"改 {chance.random()}"}})


def _other_actor(links: list[Link], place: int, chance: random.Random) -> None:
    _body(links[place], lambda act: {**act, "actor": "E006"})
    for row in links[place]:
        row["actor"] = "E006"


def _other_day(links: list[Link], place: int, chance: random.Random) -> None:
    back = timedelta(minutes=chance.randrange(1, 9999))
    for row in links[place]:
        row["received_at"] -= back


def _other_verdict(links: list[Link], place: int, chance: random.Random) -> None:
    for row in links[place]:
        row["verdict"], row["code"] = ("refused", "role.not_yours") if row["verdict"] == "applied" else ("applied", "ok")


def _unsigned(links: list[Link], place: int, chance: random.Random) -> None:
    _body(links[place], lambda act: act)


def _removed(links: list[Link], place: int, chance: random.Random) -> None:
    del links[place]


def _cut_off(links: list[Link], place: int, chance: random.Random) -> None:
    del links[place:]


def _swapped(links: list[Link], place: int, chance: random.Random) -> None:
    links[place], links[place + 1] = links[place + 1], links[place]


def _invented(links: list[Link], place: int, chance: random.Random) -> None:
    made = copy.deepcopy(links[place])
    _body(made, lambda act: {**act, "id": new_id()})
    for row in made:
        row["act_id"] = json.loads(made[1]["body"])["id"]
    made[1]["seq"] = None
    links.insert(place, made)


LIES: dict[str, Callable[[list[Link], int, random.Random], None]] = {
    "other words": _other_words, "other actor": _other_actor, "other day": _other_day, "other verdict": _other_verdict,
    "unsigned": _unsigned, "removed": _removed, "cut off": _cut_off, "swapped": _swapped, "invented": _invented,
}


def _body(link: Link, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    entry, act = link
    told = change({key: value for key, value in json.loads(act["body"]).items() if key != "sig"})
    act["body"] = json.dumps(told, ensure_ascii=False).encode()
    act["act_sha256"] = entry["act_sha256"] = read_act(act["body"]).sha256
    entry["sig_sha256"] = entry["key_id"] = None


def _write(db: Session, store: str, links: list[Link]) -> None:
    last, visits = "0" * 64, dict[str, str]()
    for index, (entry, act) in enumerate(links, 1):
        entry["idx"] = act["idx"] = index
        entry["store_prev"], entry["visit_prev"] = last, visits.get(entry["visit_id"])
        last = entry["hash"] = entry_hash(wire_entry(LedgerEntry(**entry)))
        if entry["visit_id"]:
            visits[entry["visit_id"]] = last
    for table, rows in ((LedgerEntry, [entry for entry, _ in links]), (KeptAct, [act for _, act in links])):
        db.execute(delete(table).where(table.store_id == store))
        db.execute(insert(table), rows)
    db.execute(update(StoreCounter).where(StoreCounter.store_id == store).values(n=len(links), head=last))
