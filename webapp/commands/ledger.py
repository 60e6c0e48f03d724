"""The chain: each kept act becomes one entry, linked to the store's last and to the visit's last (evidence.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.commands.parse import Envelope
from webapp.foundation.canon import digest, sha256_hex
from webapp.foundation.clock import to_wire
from webapp.models import KeptAct, LedgerEntry, StoreCounter


def entry_hash(entry: dict[str, Any]) -> str:
    """SHA-256 over the RFC 8785 bytes of an entry as protocol.md writes it (without `hash`)."""
    return digest(entry, nulls=True)


def wire_entry(row: LedgerEntry) -> dict[str, Any]:
    """A stored entry as protocol.md writes it, without its hash."""
    return {
        "store": row.store_id, "index": row.idx, "store_prev": row.store_prev, "visit": row.visit_id,
        "visit_prev": row.visit_prev, "act_id": row.act_id, "act_sha256": row.act_sha256, "sig_sha256": row.sig_sha256,
        "key_id": row.key_id, "actor": row.actor, "device": row.device_id, "verdict": row.verdict, "code": row.code,
        "received_at": to_wire(row.received_at), "skew_ms": row.skew_ms, "epoch": row.epoch,
    }


@dataclass
class Head:
    """Where a store's chain stands while a push runs; its counter row is locked meanwhile and written at the end."""

    store_id: str
    n: int
    head: str
    epoch: int


class Chain:
    """Adds links in memory while a push runs; `write` puts them into the transaction in three statements."""

    def __init__(self, db: Session, counter: Head, now: datetime) -> None:
        self._db, self._counter, self._now = db, counter, now
        self._visit_heads: dict[str, str | None] = {}
        self._entries: list[dict[str, Any]] = []
        self._acts: list[dict[str, Any]] = []

    @property
    def next(self) -> int:
        """The change number that the next kept act will have."""
        return self._counter.n + 1

    def add(self, envelope: Envelope, *, actor: str, device: str, seq: int | None, first: bool, verdict: str, code: str,
            sentence: str, facts: dict[str, Any], keep: bool = True) -> None:
        """Links one act. seq is None when the act's own is of no use; first is False for a known id with other bytes; keep
        is False when its words may not be kept."""
        c, visit = self._counter, envelope.visit
        entry = {
            "store": c.store_id, "index": c.n + 1, "store_prev": c.head, "visit": visit,
            "visit_prev": self._visit_head(visit) if visit else None, "act_id": envelope.key,
            "act_sha256": envelope.sha256, "sig_sha256": sha256_hex(envelope.sig.encode()) if envelope.sig is not None else None,
            "key_id": envelope.key_id, "actor": actor, "device": device, "verdict": verdict, "code": code,
            "received_at": to_wire(self._now), "skew_ms": envelope.offset_ms, "epoch": c.epoch,
        }
        c.n, c.head = c.n + 1, entry_hash(entry)
        if visit:
            self._visit_heads[visit] = c.head
        self._entries.append({**_columns(entry), "hash": c.head, "received_at": self._now})
        self._acts.append({
            "store_id": c.store_id, "idx": c.n, "act_id": envelope.key, "act_sha256": envelope.sha256,
            "device_id": device, "seq": seq, "visit_id": visit, "actor": actor, "command": envelope.command,
            "verdict": verdict, "code": code, "sentence": sentence, "facts": facts, "acted_at": envelope.acted_at,
            "received_at": self._now, "first": first, "photo": envelope.photo, "body": envelope.raw if keep else None,
        })

    def write(self) -> None:
        """Puts the links into the database, inside the caller's transaction."""
        if self._entries:
            self._db.execute(insert(LedgerEntry), self._entries)
            self._db.execute(insert(KeptAct), self._acts)
            c = self._counter
            self._db.execute(update(StoreCounter).where(StoreCounter.store_id == c.store_id).values(n=c.n, head=c.head),
                             execution_options={"synchronize_session": False})

    def _visit_head(self, visit: str) -> str | None:
        if visit not in self._visit_heads:
            self._visit_heads[visit] = self._db.scalar(
                select(LedgerEntry.hash).where(LedgerEntry.store_id == self._counter.store_id, LedgerEntry.visit_id == visit)
                .order_by(LedgerEntry.idx.desc()).limit(1))
        return self._visit_heads[visit]


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    names = {"store": "store_id", "index": "idx", "visit": "visit_id", "device": "device_id"}
    return {names.get(k, k): v for k, v in entry.items()}
