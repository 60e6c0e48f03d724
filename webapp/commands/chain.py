"""Does the kept evidence of a store still say what the chain says? Walked from the first entry; triggers may have been dropped.

Everything that does not hold is named with its place (T15). What was lawfully erased is no fault: it is counted (REDACTED).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.commands.ledger import entry_hash, wire_entry
from webapp.commands.parse import read_act
from webapp.foundation.canon import NotCanonical, sha256_hex
from webapp.models import Document, KeptAct, LedgerEntry, Photo, StoreCounter

START = "0" * 64
SAME = ("act_id", "act_sha256", "device_id", "visit_id", "actor", "verdict", "code", "received_at")


@dataclass(frozen=True)
class Fault:
    """kind: a dotted code. index: the entry's place in the store's ledger, where it has one. what: the row that is meant."""

    kind: str
    index: int | None
    what: str


@dataclass
class Chain:
    """entries walked, how many acts among them are redacted, and every fault."""

    store: str
    entries: int = 0
    redacted: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify_chain(db: Session, store: str) -> Chain:
    """Walks the ledger with the acts kept beside it, then the documents and photos that the acts speak of."""
    chain, visits = Chain(store), dict[str, str]()
    last, index = START, 0
    erased = _erased_visits(db, store)
    signed, taken = dict[str, Any](), dict[str, Any]()
    for entry, act in _walk(db, store):
        chain.entries += 1
        for kind in _links(entry, last, index, visits):
            chain.faults.append(Fault(kind, entry.idx, entry.act_id))
        for kind in _kept(entry, act, erased):
            chain.faults.append(Fault(kind, entry.idx, entry.act_id))
        last, index = entry.hash, entry.idx
        if entry.visit_id:
            visits[entry.visit_id] = entry.hash
        if act is not None and act.body is None:
            chain.redacted += 1
        elif act is not None:
            _note(act, signed, taken)
    counter = db.get(StoreCounter, store)
    if counter is None or (counter.n, counter.head) != (index, last):
        chain.faults.append(Fault("head.differs", index, store))
    chain.faults += _loose_acts(db, store)
    chain.faults += _documents(db, store, signed, erased)
    chain.faults += _photos(db, store, taken, erased)
    return chain


def _walk(db: Session, store: str) -> Iterator[Any]:
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    rows = db.execute(select(LedgerEntry, KeptAct).outerjoin(KeptAct, same).where(LedgerEntry.store_id == store)
                      .order_by(LedgerEntry.idx).execution_options(yield_per=500))
    yield from rows


def _links(entry: LedgerEntry, last: str, index: int, visits: dict[str, str]) -> Iterator[str]:
    if entry.idx != index + 1:
        yield "entry.missing"
    if entry.store_prev != last:
        yield "entry.store_link"
    if entry.visit_prev != (visits.get(entry.visit_id) if entry.visit_id else None):
        yield "entry.visit_link"
    try:
        if entry_hash(wire_entry(entry)) != entry.hash:
            yield "entry.hash"
    except NotCanonical:
        yield "entry.hash"


def _kept(entry: LedgerEntry, act: KeptAct | None, erased: set[str]) -> Iterator[str]:
    if act is None:
        yield "act.missing"
        return
    if any(getattr(act, name) != getattr(entry, name) for name in SAME):
        yield "act.differs"
    if act.body is None:
        if entry.visit_id not in erased and not (entry.visit_id is None and erased):
            yield "act.gone"
        return
    read = read_act(act.body)
    if read.sha256 != entry.act_sha256 or (sha256_hex(read.sig.encode()) if read.sig is not None else None) != entry.sig_sha256:
        yield "act.hash"
    if not read.problem and (read.command, read.acted_at) != (act.command, act.acted_at):
        yield "act.differs"


def _note(act: KeptAct, signed: dict[str, Any], taken: dict[str, Any]) -> None:
    """What this act made: the document or the photo that must stand with the same words."""
    if act.verdict == "applied" and act.command in ("document.sign", "photo.add"):
        try:
            args = json.loads(act.body or b"{}")["args"]
            made, name = (signed, "document") if act.command == "document.sign" else (taken, "photo")
            made[args[name]] = args
        except (ValueError, KeyError, TypeError):
            return  # spoiled words: its hash says so already


def _erased_visits(db: Session, store: str) -> set[str]:
    """Visits with an erase act whose own entry is in the chain."""
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    found = db.scalars(select(LedgerEntry.visit_id).join(KeptAct, same).where(
        KeptAct.store_id == store, KeptAct.command == "visit.erase", LedgerEntry.verdict == "applied"))
    return {visit for visit in found if visit}


def _loose_acts(db: Session, store: str) -> list[Fault]:
    """Acts that no entry stands for: put in by hand."""
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    rows = db.execute(select(KeptAct.idx, KeptAct.act_id).outerjoin(LedgerEntry, same)
                      .where(KeptAct.store_id == store, LedgerEntry.idx.is_(None)))
    return [Fault("act.loose", idx, act) for idx, act in rows]


def _documents(db: Session, store: str, signed: dict[str, Any], erased: set[str]) -> list[Fault]:
    faults, seen = [], set[str]()
    for row in db.scalars(select(Document).where(Document.store_id == store)):
        seen.add(row.id)
        args = signed.get(row.id)
        if row.visit_id in erased and not row.body:
            continue
        if args is None:
            faults.append(Fault("document.loose", None, row.id))
        elif sha256_hex(row.body) != row.doc_sha256 or row.doc_sha256 != args.get("doc_sha256") or _other_hand(row, args):
            faults.append(Fault("document.differs", None, row.id))
    return faults + [Fault("document.missing", None, id) for id in signed.keys() - seen]


def _other_hand(row: Document, args: dict[str, Any]) -> bool:
    """The signature beside the bytes is another than the act brought."""
    said, kept = args.get("signature"), row.signature
    if not isinstance(said, dict) or not isinstance(kept, dict):
        return True
    names = ("signer", "relation", "consent_sha256", "strokes", "width", "height")
    told = (args.get("kind"), args.get("revision"), said.get("signer"), said.get("relation"))
    return (row.kind, row.revision, row.signer, row.relation) != told or any(kept.get(name) != said.get(name) for name in names)


def _photos(db: Session, store: str, taken: dict[str, Any], erased: set[str]) -> list[Fault]:
    faults, seen = [], set[str]()
    for row in db.scalars(select(Photo).where(Photo.store_id == store)):
        seen.add(row.id)
        args = taken.get(row.id)
        if args is None:
            if not (row.state == "erased" and row.visit_id in erased):
                faults.append(Fault("photo.loose", None, row.id))
        elif (row.sha256, row.bytes, row.mime, row.width, row.height) != tuple(
                args.get(name) for name in ("sha256", "bytes", "mime", "width", "height")):
            faults.append(Fault("photo.differs", None, row.id))
    return faults + [Fault("photo.missing", None, id) for id in taken.keys() - seen]
