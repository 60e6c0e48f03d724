"""The folder that backups lie in. What has its name is whole; what is being written has a name with a dot before it.

    backup-key.json              the key under the owner's passphrase
    sets/<moment>/               one backup: manifest.age, seal, database.age, home.age
    pool/<kind>/ab/<sha256>.age  photos and sealed papers by their content, shared by all sets

A set is written aside, fsynced, and renamed once everything that it names is on the disk.
"""

import ctypes
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from webapp.adapters.backup_key import BackupFault, BackupKey, sync_folder, write_durably
from webapp.foundation.refusal import N_

NAME = re.compile(r"\d{8}T\d{9}Z")
HOURS, DAYS, WEEKS = 24, 14, 8


class BackupFolder:
    """Every method may raise OSError: a full disk, a folder that is gone."""

    def __init__(self, path: Path) -> None:
        self.path, self._sets = path, path / "sets"

    def prepare(self, key: BackupKey, new: bool) -> None:
        """The folders, the key under its passphrase, and nothing left of a backup that was broken off.

        Only a `new` folder is made: a disk that is not plugged in must not become a folder beside it. Raises BackupFault.
        """
        if not new and not (self.path / "backup-key.json").is_file():
            text = N_("备份文件夹 %(folder)s 不见了（移动硬盘没接上？）。要换文件夹，请运行 flask backup --setup")
            raise BackupFault(text, folder=str(self.path))
        for folder in (self._sets, self.path / "pool"):
            folder.mkdir(parents=True, exist_ok=True)
        place = self.path / "backup-key.json"
        if not place.is_file() or place.read_text("utf-8") != key.wrapped:
            write_durably(place, key.wrapped.encode())
        for left in self._sets.glob(".*"):
            shutil.rmtree(left)
        for left in (self.path / "pool").glob("*/*/.*"):
            left.unlink()

    def wrapped_key(self) -> str:
        """Raises BackupFault when there is no backup here."""
        try:
            return (self.path / "backup-key.json").read_text("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError) as why:
            text = N_("%(folder)s 里没有顺时针的备份（找不到 backup-key.json），请检查文件夹")
            raise BackupFault(text, folder=str(self.path)) from why

    def names(self) -> list[str]:
        """Finished sets, the newest first."""
        found = self._sets.iterdir() if self._sets.is_dir() else ()
        return sorted((p.name for p in found if NAME.fullmatch(p.name)), reverse=True)

    def set_of(self, name: str) -> Path:
        return self._sets / name

    @contextmanager
    def new_set(self, now: datetime) -> Iterator[Path]:
        """A folder to write a set into; it gets its name when nothing went wrong. Raises BackupFault, OSError."""
        name = name_of(now)
        aside = self._sets / f".{name}"
        aside.mkdir()
        try:
            yield aside
            for file in aside.iterdir():
                _sync_file(file)
            sync_folder(aside)
            sync_all(self.path)  # the pool's files, all at once: one by one would take minutes
            aside.rename(self._sets / name)
            sync_folder(self._sets)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def pooled(self, kind: str, sha256: str) -> Path:
        return self.path / "pool" / kind / sha256[:2] / f"{sha256}.age"

    def pool(self, kind: str, sha256: str, data: bytes) -> None:
        """Keeps encrypted bytes under the hash of what they hold; durable once the set has its name."""
        goal = self.pooled(kind, sha256)
        goal.parent.mkdir(parents=True, exist_ok=True)
        aside = goal.with_name(f".{goal.name}")
        try:
            aside.write_bytes(data)
            aside.rename(goal)
        finally:
            aside.unlink(missing_ok=True)

    def stored(self, kind: str, sha256: str) -> int:
        """How many bytes lie in the pool under this hash; -1 for none."""
        try:
            return self.pooled(kind, sha256).stat().st_size
        except FileNotFoundError:
            return -1

    def drop(self, name: str) -> None:
        """Takes a set away: first its name, so that half of it is never taken for a whole."""
        aside = self._sets / f".{name}"
        self.set_of(name).rename(aside)
        shutil.rmtree(aside)

    def sweep(self, named: set[tuple[str, str]]) -> int:
        """Takes away what no set names any more; returns how many files."""
        gone = 0
        for path in (self.path / "pool").glob("*/*/*.age"):
            if (path.parent.parent.name, path.stem) not in named:
                with suppress(FileNotFoundError):
                    path.unlink()
                    gone += 1
        return gone


def name_of(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"


def moment_of(name: str) -> datetime:
    return datetime.strptime(f"{name[:15]}.{name[15:18]}", "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)


def surplus(names: Iterable[str], now: datetime) -> list[str]:
    """Sets that may go: not among the last 24, nor the last of one of 14 days, nor the last of one of 8 weeks."""
    ordered = sorted(names, reverse=True)
    keep = set(ordered[:HOURS])
    for spans, label in ((DAYS, "%Y%m%d"), (WEEKS, "%G%V")):
        since = now - timedelta(days=spans if spans == DAYS else spans * 7)
        newest: dict[str, str] = {}
        for name in ordered:
            if moment_of(name) > since:
                newest.setdefault(moment_of(name).strftime(label), name)
        keep |= set(newest.values())
    return [name for name in ordered if name not in keep]


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(folder: Path) -> None:
    """The file system below this folder is on the disk. Raises OSError, also for what failed to be written earlier."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if syncfs is None:
            os.sync()
        elif syncfs(handle):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(handle)
