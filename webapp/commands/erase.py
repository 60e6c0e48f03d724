"""An erasure beyond the rows: photos, sealed PDFs, what the database's own files still hold, the journal for restores.

The act comes first and is the fact; everything here may be done again and again until nothing is left (a crash between).
"""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.adapters.erase_journal import NAME, Erased, EraseJournal
from webapp.commands.arrival import server_actor
from webapp.commands.house import House
from webapp.commands.receipt import Receipt
from webapp.foundation.actor import Act, Actor
from webapp.foundation.db import Database
from webapp.models import Document, KeptAct, LedgerEntry, Photo, SealedFile, Store, Visit

ERASE = "visit.erase"


def erase_visit(house: House, actor: Actor, visit: str, rule: str, reason: str, act_id: str) -> Receipt:
    """Erases one visit and those that were merged into it, each by an act of its own. Returns the receipt of the last."""
    for merged in _merged_into(house, actor.store, visit):
        _erase(house, actor, merged, rule, reason, str(uuid5(NAMESPACE_OID, f"{act_id}/{merged}")))
    return _erase(house, actor, visit, rule, reason, act_id)


def clear_up(house: House, store: str, visits: Iterable[str]) -> None:
    """Takes away the files of erased visits, and writes them into the journal."""
    for visit in visits:
        _files(house, store, visit)
    write_journal(house)
    settle_pages(house.database)


def clear_up_all(house: House) -> None:
    """Every erased visit again: what a crash left, and bytes that were on their way meanwhile."""
    with house.database.read() as db:
        erased = db.execute(select(Visit.store_id, Visit.id).where(Visit.erased_at.is_not(None))).all()
    for store, visit in erased:
        _files(house, store, visit)
    write_journal(house)
    settle_pages(house.database)


def journal_of(house: House) -> EraseJournal:
    """It is copied beside every backup, and comes back with it."""
    return EraseJournal(house.settings.home / NAME)


def write_journal(house: House) -> int:
    """Whatever the ledger says was erased stands in the journal too; returns how many were new."""
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    with house.database.read() as db:
        rows = db.execute(select(LedgerEntry.store_id, LedgerEntry.visit_id, LedgerEntry.hash).join(KeptAct, same)
                          .where(KeptAct.command == ERASE, LedgerEntry.verdict == "applied").order_by(LedgerEntry.idx)).all()
    named = [Erased(store, visit, entry) for store, visit, entry in rows if visit]
    if house.settings.backup_folder.is_dir():
        with suppress(OSError):  # a disk that is not plugged in hears of it with the next backup
            EraseJournal(house.settings.backup_folder / NAME).add(named)
    return journal_of(house).add(named)


def unerased(home: Path, database: Database) -> list[Erased]:
    """What the journal names and this database has forgotten, because it is older. Looked at whenever a house opens."""
    named = EraseJournal(home / NAME).read()
    if not named:
        return []
    with database.read() as db:
        stores = set(db.scalars(select(Store.id)))
        gone = set(db.scalars(select(Visit.id).where(Visit.erased_at.is_not(None))))
    return [one for one in named if one.store in stores and one.visit not in gone]


def erase_again(house: House) -> int:
    """After a restore, before the house opens: what the journal names is erased again. Returns how many visits."""
    again = 0
    for one in unerased(house.settings.home, house.database):
        receipt = erase_visit(house, server_actor(house, one.store), one.visit, "restored", "恢复备份后再次删除",
                              str(uuid5(NAMESPACE_OID, f"{ERASE}/{one.visit}/{secrets.token_hex(8)}")))
        again += receipt.verdict == "applied"
    return again


def after_commit(house: House, acts: Iterable[Act]) -> None:
    """An erase act may also come from a phone: then too the files go at once."""
    for act in acts:
        if act.command == ERASE and act.visit:
            clear_up(house, act.store, [act.visit])


def settle_pages(database: Database) -> None:
    """SQLite zeroes what is deleted (secure_delete), but its log keeps the earlier pages until it is cut."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _erase(house: House, actor: Actor, visit: str, rule: str, reason: str, act_id: str) -> Receipt:
    receipt = house.door.execute(actor, ERASE, {"reason": reason, "rule": rule}, act_id=act_id, visit=visit,
                                 salt=secrets.token_urlsafe(16))
    if receipt.facts.get("first", receipt.verdict) == "applied":
        clear_up(house, actor.store, [visit])
    return receipt


def _merged_into(house: House, store: str, visit: str) -> list[str]:
    """Visits that go on in this one, directly or by way of another, and are not erased yet."""
    found, ask = list[str](), [visit]
    with house.database.read() as db:
        while ask:
            ask = list(db.scalars(select(Visit.id).where(Visit.store_id == store, Visit.merged_into.in_(ask),
                                                         Visit.erased_at.is_(None), Visit.id.not_in(found))))
            found += ask
    return found


def sealed_files(db: Session, store: str, visit: str) -> list[str]:
    """Hashes of the sealed PDFs of this visit's documents."""
    return list(db.scalars(select(SealedFile.sha256).join(Document, Document.id == SealedFile.document_id)
                           .where(Document.store_id == store, Document.visit_id == visit)))


def _files(house: House, store: str, visit: str) -> None:
    with house.database.read() as db:
        photos = db.execute(select(Photo.id, Photo.sha256).where(
            Photo.store_id == store, Photo.visit_id == visit, Photo.state == "erased")).all()
        shared = _still_needed(db, [sha256 for _, sha256 in photos])
        sealed = sealed_files(db, store, visit)
    for photo, sha256 in photos:
        house.photos.erase(store, photo, sha256, bytes_too=sha256 not in shared)
    for sha256 in sealed:
        house.sealed.remove(sha256)


def _still_needed(db: Session, hashes: list[str]) -> set[str]:
    """Hashes that a photo of another visit, in whichever store, still shows."""
    stores = select(Store.id).scalar_subquery()
    return set(db.scalars(select(Photo.sha256).where(Photo.store_id.in_(stores), Photo.sha256.in_(hashes),
                                                     Photo.state != "erased")))
