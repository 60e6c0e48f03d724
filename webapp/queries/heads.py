"""Heads that phones hold, compared with the ledger as it is now: any one older head shows a rewritten history (T16)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.adapters.keys import head_bytes, spki_id
from webapp.foundation.db import Database
from webapp.foundation.es256 import verify
from webapp.models import LedgerEntry, StoreCounter, WitnessedHead

START = "0" * 64


@dataclass(frozen=True)
class HeldHead:
    """A head as somebody kept it, and the epoch of the server in which it was given."""

    store: str
    index: int
    hash: str
    key_id: str
    sig: str
    epoch: int


@dataclass(frozen=True)
class Witness:
    """A head that came back from a phone. state: agree, differ or taken_back, as in Compared."""

    device: str
    index: int
    hash: str
    epoch: int
    state: str


@dataclass
class Compared:
    """differ: the ledger says something else there now. taken_back: a backup was restored since, to a point before it.
    foreign: not of this store, or not signed by this house."""

    agree: list[HeldHead] = field(default_factory=list)
    differ: list[HeldHead] = field(default_factory=list)
    taken_back: list[HeldHead] = field(default_factory=list)
    foreign: list[HeldHead] = field(default_factory=list)


def compare(db: Session, key: ec.EllipticCurvePublicKey, store: str, held: Sequence[HeldHead]) -> Compared:
    """Each head in one of four lists."""
    told, key_id, hashes = Compared(), spki_id(key), hashes_at(db, store, [head.index for head in held])
    begins = _EpochBegins(db, store)
    for head in held:
        if (head.store, head.key_id) != (store, key_id) or not verify(key, head.sig, head_bytes(store, head.index, head.hash)):
            told.foreign.append(head)
        elif hashes.get(head.index) == head.hash:
            told.agree.append(head)
        elif head.index >= begins.after(head.epoch):
            told.taken_back.append(head)
        else:
            told.differ.append(head)
    return told


def hashes_at(db: Session, store: str, indexes: Sequence[int]) -> dict[int, str]:
    """The ledger's hash at each of these places; before its first entry it is all noughts."""
    rows = db.execute(select(LedgerEntry.idx, LedgerEntry.hash).where(LedgerEntry.store_id == store,
                                                                      LedgerEntry.idx.in_(indexes)))
    return {0: START} | dict(rows.all())


def witnessed(db: Session, store: str) -> dict[str, list[Witness]]:
    """Per phone the heads that came back from it, oldest first, and how each stands to the ledger of now."""
    begins, phones = _EpochBegins(db, store), dict[str, list[Witness]]()
    same = (LedgerEntry.store_id == WitnessedHead.store_id) & (LedgerEntry.idx == WitnessedHead.idx)
    rows = db.execute(select(WitnessedHead, LedgerEntry.hash).outerjoin(LedgerEntry, same)
                      .where(WitnessedHead.store_id == store).order_by(WitnessedHead.idx))
    for row, hash in rows:
        if row.hash == (hash if row.idx else START):
            state = "agree"
        else:
            state = "taken_back" if row.idx >= begins.after(row.epoch) else "differ"
        phones.setdefault(row.device_id, []).append(Witness(row.device_id, row.idx, row.hash, row.epoch, state))
    return phones


def were_given(database: Database) -> bool:
    """Whether signed heads of this database are known to be out: then its keys must be somewhere."""
    try:
        with database.read() as db:
            return db.scalar(select(WitnessedHead.idx).limit(1)) is not None
    except DBAPIError:  # tables are not laid yet
        return False


class _EpochBegins:
    """Where the ledger goes on after a restore: what an earlier epoch had from there on was taken back."""

    def __init__(self, db: Session, store: str) -> None:
        self._db, self._store = db, store
        self._n, self._epoch = db.execute(
            select(StoreCounter.n, StoreCounter.epoch).where(StoreCounter.store_id == store)).one()
        self._known: dict[int, int] = {}

    def after(self, epoch: int) -> int:
        if epoch not in self._known:
            first = self._db.scalar(select(func.min(LedgerEntry.idx)).where(LedgerEntry.store_id == self._store,
                                                                            LedgerEntry.epoch > epoch))
            nothing_since = self._n + 1 if self._epoch > epoch else 2**53
            self._known[epoch] = nothing_since if first is None else first
        return self._known[epoch]
