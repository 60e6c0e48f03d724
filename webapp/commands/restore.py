"""A backup comes back: everything is read, decrypted and compared beside the house first; only then does it change places.

What was there is moved aside, never overwritten. Every store gets a new epoch, so that phones send again what this backup
does not have (offline.md, "server went back"). The weekly test walks the same path into a folder that is thrown away.
"""

import hashlib
import json
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.adapters.backup_folder import BackupFolder, sync_all
from webapp.adapters.backup_key import SPOILT, BackupFault, BackupKey, unwrap
from webapp.commands.backup import AT_ONCE, Progress
from webapp.commands.backup_set import Kept, Manifest, read_manifest
from webapp.commands.chain_check import check_chains
from webapp.commands.dump import load, read_schema
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.refusal import N_
from webapp.models import Photo, StoreCounter

Lay = Callable[[Database, str], None]  # lays the tables of a step; the command line gives migrations.run.upgrade
HEAD = "head"

# What must be done to a restored database before anybody sees it, e.g. erasures that happened after the backup. Each is
# given the open transaction and the backup folder.
AFTER_RESTORE: list[Callable[[Session, Path], None]] = []


@dataclass(frozen=True)
class Opened:
    """A set whose manifest has been read and believed."""

    folder: BackupFolder
    key: BackupKey
    name: str
    manifest: Manifest

    @property
    def files(self) -> int:
        return sum(len(kept) for kept in self.manifest.content.values())


@dataclass(frozen=True)
class Proven:
    """What was read and compared."""

    rows: int
    entries: int
    files: int
    bytes: int


def open_set(path: Path, passphrase: str, name: str | None = None) -> Opened:
    """The newest set of the folder, or the one named. Raises BackupFault, WrongPassphrase."""
    folder = BackupFolder(path)
    return open_with(folder, unwrap(folder.wrapped_key(), passphrase), name)


def open_with(folder: BackupFolder, key: BackupKey, name: str | None = None) -> Opened:
    """Raises BackupFault. A damaged newest set is refused, never passed over for an older one in silence."""
    names = folder.names()
    if not names:
        raise BackupFault(N_("%(folder)s 里还没有做完的备份"), folder=str(folder.path))
    if name is not None and name not in names:
        raise BackupFault(N_("没有 %(name)s 这份备份，最近的是 %(newest)s"), name=name, newest=names[0])
    chosen = name or names[0]
    return Opened(folder, key, chosen, read_manifest(folder, chosen, key))


def prove(opened: Opened, scratch: Path, database: Database, lay: Lay, *, keep: bool,
          progress: Progress = lambda done, of: None) -> Proven:
    """Restores the set into `scratch` and an empty database, and compares everything on the way.

    keep: photos and papers are written too; else each is only decrypted and compared. Raises BackupFault, OSError.
    """
    plain = scratch / "database.gz"
    _decrypt(opened, "database.age", plain, opened.manifest.database_sha256)
    _lay(lay, database, read_schema(plain), opened.name)
    rows = load(database, plain)
    _lay(lay, database, HEAD, opened.name)
    plain.unlink()
    with database.read() as db:
        entries = check_chains(db, opened.manifest.stores)
        _photos_are_named(db, opened.manifest)
    size = sum(_content(opened, kind, kept, scratch if keep else None, progress)
               for kind, kept in opened.manifest.content.items())
    _home(opened, scratch)
    return Proven(rows, entries, opened.files, size)


def begin_epoch(database: Database, folder: Path, now: datetime) -> None:
    """From here on the stores are other ones to their phones. The number also follows the clock: a backup restored twice
    must not give the same epoch twice. Nothing counts as backed up before the next backup."""
    with database.write() as db:
        for counter in db.scalars(select(StoreCounter).with_for_update()):
            counter.epoch, counter.backed_up = max(counter.epoch + 1, int(now.timestamp()) // 60), 0
        db.flush()
        for step in AFTER_RESTORE:
            step(db, folder)
        db.commit()


def is_used(database: Database) -> bool:
    """Whether the database holds anything that people made: a real store, or one act of the demo."""
    with database.read() as db:
        if not database.engine.dialect.has_table(db.connection(), "store_counter"):
            return False
        made = db.scalar(text("SELECT count(*) FROM store_counter c JOIN store s ON s.id = c.store_id "
                              "WHERE c.n > 0 OR NOT s.demo"))
    return bool(made)


def _lay(lay: Lay, database: Database, step: str, name: str) -> None:
    try:
        lay(database, step)
    except LookupError as why:
        raise BackupFault(N_("备份 %(name)s 由更新的版本做成，请先升级顺时针再恢复"), name=name) from why


def _decrypt(opened: Opened, name: str, goal: Path, sha256: str) -> None:
    try:
        with (opened.folder.set_of(opened.name) / name).open("rb") as source, goal.open("wb") as file:
            opened.key.decrypt_stream(source, file)
        with goal.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError as why:
        raise BackupFault(N_("备份 %(name)s 不完整（没有写完或少了文件），请换一份备份"), name=opened.name) from why
    if not whole:
        raise BackupFault(SPOILT)


def _photos_are_named(db: Session, manifest: Manifest) -> None:
    """Every photo whose row says "present" is in the set, or the manifest says that it was missing then."""
    known = manifest.content.get("photos", {}).keys() | {*manifest.missing, *manifest.damaged}
    lost = sorted({*db.scalars(select(Photo.sha256).where(Photo.state == "present"))} - known)
    if lost:
        raise BackupFault(N_("备份里少了 %(n)s 张照片，例如 %(first)s"), n=len(lost), first=lost[0][:12])


def _content(opened: Opened, kind: str, kept: dict[str, Kept], goal: Path | None, progress: Progress) -> int:
    """Decrypts and compares all files of a kind, two at a time; returns their bytes."""
    items, done = sorted(kept.items()), 0

    def one(item: tuple[str, Kept]) -> int:
        sha256, told = item
        try:
            data = opened.key.decrypt(opened.folder.pooled(kind, sha256).read_bytes())
        except FileNotFoundError as why:
            raise BackupFault(N_("备份里少了文件 %(first)s"), first=sha256[:12]) from why
        except BackupFault as why:
            raise BackupFault(N_("备份里的文件 %(first)s 已损坏"), first=sha256[:12]) from why
        if len(data) != told.bytes or sha256_hex(data) != sha256:
            raise BackupFault(N_("备份里的文件 %(first)s 已损坏"), first=sha256[:12])
        if goal is not None:
            place = goal / kind / sha256[:2]
            place.mkdir(parents=True, exist_ok=True)
            (place / sha256).write_bytes(data)
        return len(data)

    with ThreadPoolExecutor(2) as two:
        for at in range(0, len(items), AT_ONCE):
            done += sum(two.map(one, items[at:at + AT_ONCE]))
            progress(min(at + AT_ONCE, len(items)), len(items))
    return done


def _home(opened: Opened, scratch: Path) -> None:
    """Keys and certificates, for the server's user alone."""
    plain = scratch / "home.json"
    _decrypt(opened, "home.age", plain, opened.manifest.home_sha256)
    for name, content in json.loads(plain.read_bytes()).items():
        place = scratch / ("photos/" + name if name.startswith("arrived/") else name)
        if ".." in place.parts or not place.is_relative_to(scratch):
            raise BackupFault(SPOILT)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(b64decode(content))
        place.chmod(0o600)
    plain.unlink()
    sync_all(scratch)


@contextmanager
def scratch_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder for us alone that is gone afterwards; one left by a killed process goes first."""
    folder = parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def try_set(opened: Opened, home: Path, lay: Lay, progress: Progress = lambda done, of: None) -> Proven:
    """Restores the set into a folder that is thrown away. Raises BackupFault, OSError."""
    with scratch_folder(home, ".backup-check") as scratch:
        database = Database(f"sqlite:///{scratch / 'check.sqlite'}")
        try:
            return prove(opened, scratch, database, lay, keep=False, progress=progress)
        finally:
            database.engine.dispose()


__all__ = ["AFTER_RESTORE", "Opened", "Proven", "begin_epoch", "is_used", "open_set", "open_with", "prove",
           "scratch_folder", "try_set"]
