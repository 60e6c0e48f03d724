"""A backup: one moment of the database, every photo and paper by its content, the keys; encrypted, sealed, then named.

The database's moment comes first and the photos after it: a photo's file is there before its row says so (file first, row
second), so whatever the moment shows is found. Photos that the last set has already are not copied again.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from webapp.adapters.backup_folder import BackupFolder, name_of, surplus
from webapp.adapters.backup_key import BackupFault, BackupKey, Pieces
from webapp.commands.backup_set import Kept, Manifest, read_manifest, write_manifest
from webapp.commands.chain_check import store_heads
from webapp.commands.dump import dump, one_moment, schema_of
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import to_wire
from webapp.foundation.config import Settings
from webapp.foundation.db import Database
from webapp.foundation.lock import held
from webapp.models import Photo, StoreCounter

HASH = re.compile(r"[0-9a-f]{64}")
HOME = ("keys", "lan")  # the house's keys, and the certificate that phones of the Wi-Fi trust
AT_ONCE = 64
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """copied: photos and papers that were not in the folder yet, and their bytes."""

    name: str
    manifest: Manifest
    copied: int
    bytes: int
    dropped: int


def content_folders(settings: Settings) -> dict[str, Path]:
    """Folders of files named by their content, `ab/<sha256>`: what a backup takes whole."""
    return {"photos": settings.photo_store, "sealed": settings.home / "sealed"}


def make_backup(settings: Settings, database: Database, goal: Path, key: BackupKey, now: datetime, *,
                new: bool = False, progress: Progress = lambda done, of: None) -> Made:
    """Writes a set into the folder `goal`. `new`: the folder may be made. Raises BackupFault, Held while another
    backup runs, OSError, a database error."""
    with held(settings.home / "backup.lock"):
        folder = BackupFolder(goal)
        folder.prepare(key, new)
        known = _known(folder, key)
        with folder.new_set(now) as aside:
            with one_moment(database) as moment:
                manifest, present = _begin(moment, now)
                manifest.database_sha256 = _pour(key, aside / "database.age", dump(moment))
            copied = _Copying(folder, key, known, progress)
            for kind, source in content_folders(settings).items():
                manifest.content[kind] = copied.take(kind, source)
            manifest.damaged = copied.damaged
            manifest.missing = sorted(present - manifest.content["photos"].keys() - {*copied.damaged})
            home = json.dumps(_home(settings)).encode()
            manifest.home_sha256 = sha256_hex(home)
            (aside / "home.age").write_bytes(key.encrypt(home))
            write_manifest(aside, key, manifest)
        dropped = _tidy(folder, key, now)
    return Made(name_of(now), manifest, copied.count, copied.bytes, dropped)


def backed_up(manifest: Manifest) -> Callable[[Session, datetime], None]:
    """Tells every store how far its acts are backed up: phones make room below it. A photo that the backup could not take
    holds the mark back, so that its phone keeps it."""

    def work(db: Session, _now: datetime) -> None:
        lost = [*manifest.missing, *manifest.damaged]
        for told in manifest.stores:
            least = db.scalar(select(func.min(Photo.change_no)).where(Photo.store_id == told.store, Photo.sha256.in_(lost),
                                                                      Photo.state == "present")) if lost else None
            mark = told.n if least is None else min(told.n, least - 1)
            db.execute(update(StoreCounter).where(StoreCounter.store_id == told.store, StoreCounter.epoch == told.epoch)
                       .values(backed_up=mark))

    return work


def _begin(moment: Connection, now: datetime) -> tuple[Manifest, set[str]]:
    """The manifest's first lines, and the photos whose bytes the rows say are here."""
    with Session(moment) as db:
        heads = store_heads(db)
        present = {*db.scalars(select(Photo.sha256).where(Photo.state == "present"))}
    return Manifest(to_wire(now), schema_of(moment), heads, "", ""), present


def _pour(key: BackupKey, goal: Path, pieces: Iterator[bytes]) -> str:
    """Encrypts the pieces into a file; returns the SHA-256 of what they were."""
    sha256 = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for piece in pieces:
            sha256.update(piece)
            yield piece

    with goal.open("wb") as file:
        key.encrypt_stream(Pieces(counted()), file)
    return sha256.hexdigest()


def _known(folder: BackupFolder, key: BackupKey) -> dict[str, dict[str, Kept]]:
    """What the newest readable set holds; an unreadable one only costs copying again."""
    for name in folder.names()[:3]:
        try:
            return read_manifest(folder, name, key).content
        except BackupFault:
            continue
    return {}


class _Copying:
    """Brings files into the pool, two at a time: reading, hashing and encrypting let other threads run."""

    def __init__(self, folder: BackupFolder, key: BackupKey, known: dict[str, dict[str, Kept]], progress: Progress) -> None:
        self._folder, self._key, self._known, self._progress = folder, key, known, progress
        self.count = self.bytes = 0
        self.damaged: list[str] = []

    def take(self, kind: str, source: Path) -> dict[str, Kept]:
        """All files of the folder that are what their name says."""
        paths, kept = sorted(p for p in source.glob("??/*") if HASH.fullmatch(p.name)), dict[str, Kept]()
        known = self._known.get(kind, {})
        with ThreadPoolExecutor(2) as two:
            for at in range(0, len(paths), AT_ONCE):
                some = paths[at:at + AT_ONCE]
                for path, found in zip(some, two.map(lambda p: self._one(kind, p, known.get(p.name)), some), strict=True):
                    if found is not None:
                        kept[path.name] = found
                self._progress(min(at + AT_ONCE, len(paths)), len(paths))
        return kept

    def _one(self, kind: str, path: Path, known: Kept | None) -> Kept | None:
        if known and self._folder.stored(kind, path.name) == known.stored:
            return known
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None  # erased meanwhile
        if sha256_hex(data) != path.name:
            self.damaged.append(path.name)
            return None
        sealed = self._key.encrypt(data)
        self._folder.pool(kind, path.name, sealed)
        self.count, self.bytes = self.count + 1, self.bytes + len(data)
        return Kept(len(data), len(sealed))


def _home(settings: Settings) -> dict[str, str]:
    """Small files that a rebuilt server needs, and which quarantined photos have come."""
    found = {p.relative_to(settings.home).as_posix(): b64encode(p.read_bytes()).decode()
             for name in HOME for p in sorted((settings.home / name).rglob("*")) if p.is_file()}
    return found | {f"arrived/{p.name}": "" for p in sorted((settings.photo_store / "arrived").glob("*"))}


def _tidy(folder: BackupFolder, key: BackupKey, now: datetime) -> int:
    """Old sets go; once a day also what no set names any more. A set that cannot be read stops that: it may name anything."""
    names = folder.names()
    going = surplus(names, now)
    for name in going:
        folder.drop(name)
    first_today = len(names) > 1 and names[1][:8] != names[0][:8]
    if not first_today:
        return len(going)
    named: set[tuple[str, str]] = set()
    try:
        for name in folder.names():
            named |= {(kind, sha256) for kind, kept in read_manifest(folder, name, key).content.items() for sha256 in kept}
    except BackupFault:
        return len(going)
    folder.sweep(named)
    return len(going)
