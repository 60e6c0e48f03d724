"""Recomputes a store's chain from its first entry to its head: what a restored database must pass before it is believed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from webapp.adapters.backup_key import BackupFault
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.commands.parse import read_act
from webapp.foundation.canon import sha256_hex
from webapp.foundation.refusal import N_
from webapp.models import KeptAct, LedgerEntry, StoreCounter

FIRST = "0" * 64
_sorted = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class StoreHead:
    store: str
    n: int
    head: str
    epoch: int


def store_heads(db: Session) -> list[StoreHead]:
    rows = db.execute(select(StoreCounter.store_id, StoreCounter.n, StoreCounter.head, StoreCounter.epoch)
                      .order_by(StoreCounter.store_id))
    return [StoreHead(*row) for row in rows]


def check_chains(db: Session, expected: list[StoreHead]) -> int:
    """Every entry's hash and links, every act against its entry, and where each chain ends. Returns the number of entries.

    Raises BackupFault at the first that does not agree, naming store and index.
    """
    if store_heads(db) != expected:
        raise BackupFault(N_("数据库里的账本末尾与备份清单不符"))
    return sum(_check_chain(db, told) for told in expected)


def _check_chain(db: Session, told: StoreHead) -> int:
    index, head, visits = 0, FIRST, dict[str, str]()
    entry: Any
    for entry in _links(db, told.store):
        index += 1
        wrong = (entry.idx != index or entry.store_prev != head or not _is_hash(wire_entry(entry), entry.hash)
                 or entry.visit_prev != (visits.get(entry.visit_id) if entry.visit_id else None)
                 or entry.of_act != entry.act_sha256 or not _is_act(entry.body, entry.act_sha256))
        if wrong:
            raise BackupFault(N_("门店 %(store)s 的账本在第 %(index)s 条对不上"), store=told.store, index=index)
        head = entry.hash
        if entry.visit_id:
            visits[entry.visit_id] = head
    if (index, head) != (told.n, told.head):
        raise BackupFault(N_("门店 %(store)s 的账本缺了第 %(index)s 条以后的内容"), store=told.store, index=index + 1)
    return index


def check_tail(db: Session, told: StoreHead, last: int) -> int:
    """As check_chains, for the `last` entries of a store alone: what a start has time for. Raises BackupFault."""
    index = max(0, told.n - last)
    head: str | None = None
    entry: Any
    for entry in _links(db, told.store, after=index):
        index += 1
        if (entry.idx != index or head not in (None, entry.store_prev) or not _is_hash(wire_entry(entry), entry.hash)
                or entry.of_act != entry.act_sha256 or not _is_act(entry.body, entry.act_sha256)):
            raise BackupFault(N_("门店 %(store)s 的账本在第 %(index)s 条对不上"), store=told.store, index=index)
        head = entry.hash
    if (index, head or told.head) != (told.n, told.head):
        raise BackupFault(N_("门店 %(store)s 的账本缺了第 %(index)s 条以后的内容"), store=told.store, index=index + 1)
    return index


def _is_hash(entry: dict[str, Any], sha256: str) -> bool:
    """Quickly where a plain encoder writes the canonical bytes, which is nearly always; carefully else."""
    return sha256_hex(_sorted(entry)) == sha256 or entry_hash(entry) == sha256


def _is_act(body: bytes | None, sha256: str) -> bool:
    """Whether the act as it was kept has this hash. An erased one has no body to say otherwise."""
    if body is None:
        return True
    try:
        act = msgspec.json.decode(body)
        act.pop("sig", None)
        if sha256_hex(_sorted(act)) == sha256:
            return True
    except (msgspec.MsgspecError, AttributeError, UnicodeDecodeError):
        pass
    return read_act(body).sha256 == sha256


def _links(db: Session, store: str, after: int = 0) -> Iterator[Row[Any]]:
    entries, acts = LedgerEntry.__table__, KeptAct.__table__
    joined = entries.outerjoin(acts, and_(acts.c.store_id == entries.c.store_id, acts.c.idx == entries.c.idx))
    query = (select(entries, acts.c.act_sha256.label("of_act"), acts.c.body).select_from(joined)
             .where(entries.c.store_id == store, entries.c.idx > after).order_by(entries.c.idx).execution_options(yield_per=1000))
    yield from db.execute(query)
