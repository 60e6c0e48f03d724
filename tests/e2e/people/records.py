"""The clerk of records: reads what the server kept of a visit, and checks it as an auditor would. Never writes."""

import hashlib
import json
from typing import Any

from sqlalchemy import func, select

from tests.e2e.conftest import HouseAtWork
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.foundation.canon import canonical
from webapp.foundation.es256 import jwk_id, public_key, verify
from webapp.models import (
    Belonging,
    DamageMark,
    Device,
    Document,
    KeptAct,
    LedgerEntry,
    Photo,
    StatusLink,
    StoreCounter,
    Visit,
)

GENESIS = "0" * 64


class Records:
    def __init__(self, house: HouseAtWork, visit: str) -> None:
        self.database, self.visit = house.database, visit

    def state(self) -> str:
        with self.database.read() as db:
            return str(db.scalar(select(Visit.state).where(Visit.id == self.visit)))

    def signed_kinds(self) -> list[str]:
        with self.database.read() as db:
            return sorted(db.scalars(select(Document.kind).where(Document.visit_id == self.visit)))

    def counts(self) -> dict[str, int]:
        """How many of each the server has; twice would show here as well as lost."""
        with self.database.read() as db:
            def count(model: Any, *where: Any) -> int:
                return db.scalar(select(func.count()).select_from(model).where(model.visit_id == self.visit, *where)) or 0
            return {"mark": count(DamageMark), "photo": count(Photo), "photo_here": count(Photo, Photo.state == "present"),
                    "belonging": count(Belonging), "link": count(StatusLink),
                    "not_applied": count(KeptAct, KeptAct.verdict != "applied")}

    def is_unknown(self) -> bool:
        """Nothing of this visit has come here."""
        with self.database.read() as db:
            return not db.scalar(select(func.count()).select_from(KeptAct).where(KeptAct.visit_id == self.visit))

    def acts_are_there_once(self) -> bool:
        with self.database.read() as db:
            ids = db.scalars(select(KeptAct.act_id).where(KeptAct.visit_id == self.visit)).all()
            return len(ids) == len(set(ids)) > 0

    def chain_holds(self) -> bool:
        """From genesis: every hash is recomputed, every link points to the one before, every kept act has its hash."""
        with self.database.read() as db:
            entries = db.scalars(select(LedgerEntry).order_by(LedgerEntry.store_id, LedgerEntry.idx)).all()
            heads: dict[str, LedgerEntry] = {}
            for entry in entries:
                before = heads.get(entry.store_id)
                linked = (entry.store_prev, entry.idx) == ((before.hash, before.idx + 1) if before else (GENESIS, 1))
                if not linked or entry_hash(wire_entry(entry)) != entry.hash:
                    return False
                heads[entry.store_id] = entry
            counters = {counter.store_id: counter.head for counter in db.scalars(select(StoreCounter)) if counter.n}
            return bool(entries) and counters == {store: entry.hash for store, entry in heads.items()}

    def phones_signed(self) -> bool:
        """Every act that a phone made of this visit bears that phone's own signature, checked here once more."""
        with self.database.read() as db:
            rows = db.execute(select(LedgerEntry.key_id, KeptAct.body, Device.public_key).join(KeptAct, (
                KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx))
                .join(Device, Device.id == LedgerEntry.device_id)
                .where(LedgerEntry.visit_id == self.visit, ~Device.is_server)).all()
        acts = [(key_id, json.loads(body), key) for key_id, body, key in rows]
        return bool(acts) and all(
            key and key_id == jwk_id(key) and verify(public_key(key), act.pop("sig"), canonical(act, nulls=True))
            for key_id, act, key in acts)

    def signed_bytes_hold(self) -> bool:
        """The stored bytes of each document have the hash that was signed."""
        with self.database.read() as db:
            rows = db.scalars(select(Document).where(Document.visit_id == self.visit)).all()
            return bool(rows) and all(json.loads(row.body) and hashlib.sha256(row.body).hexdigest() == row.doc_sha256
                                      for row in rows)
