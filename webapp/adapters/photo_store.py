"""Where photo bytes are kept: by content, never changed. File first, then the row (offline.md 3.6).

`<first two of the hash>/<hash>` are originals; `spool/` holds what is still arriving; `derived/` what can be made again;
`arrived/` remembers bytes that came for a photo which has no row, because its act was quarantined.
"""

import contextlib
import fcntl
import hashlib
import io
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Protocol

from webapp.foundation.canon import sha256_hex

PIECE = 64 * 1024
FORGOTTEN = 7 * 24 * 3600


class Truncated(Exception):
    """Fewer bytes came than were announced."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class PhotoStore:
    """A folder of photos. Every method that writes may raise OSError; then nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("spool", "derived", "arrived"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.sweep(time.time() - FORGOTTEN)

    def sweep(self, before: float) -> None:
        """Removes parts of photos whose phone never came back."""
        for path in (self._folder / "spool").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash are, or would be."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def keep(self, data: bytes) -> str:
        """Keeps the bytes durably and returns their SHA-256; keeping them twice is one file. Raises OSError."""
        sha256 = sha256_hex(data)
        if not self.has(sha256):
            with self.spool(secrets.token_hex(8)) as spool:
                spool.pour(io.BytesIO(data), len(data))
                self.settle(spool, sha256)
        return sha256

    @contextmanager
    def spool(self, name: str, *, resume: bool = False) -> Iterator["Spool"]:
        """A file for bytes on their way, one user at a time. It is gone afterwards, unless `resume` and not settled."""
        path = self._folder / "spool" / name
        with _locked(path) as file:
            spool = Spool(path, file)
            try:
                yield spool
            finally:
                if not spool.settled and (spool.spoilt or not resume):
                    path.unlink(missing_ok=True)

    def waiting(self, name: str) -> int:
        """How many bytes of it are here already."""
        try:
            return (self._folder / "spool" / name).stat().st_size
        except FileNotFoundError:
            return 0

    def forget(self, name: str) -> None:
        """Drops parts that are of no more use."""
        (self._folder / "spool" / name).unlink(missing_ok=True)

    def settle(self, spool: "Spool", sha256: str) -> None:
        """Durably turns what was spooled into the original of this hash: fsync, rename, fsync of the folder."""
        spool.sync()
        goal = self.path(sha256)
        goal.parent.mkdir(exist_ok=True)
        spool.path.rename(goal)
        spool.settled = True
        _sync_folder(goal.parent)

    def derived(self, sha256: str, size: str) -> Path:
        """Where this size of the photo is, or would be."""
        return self._folder / "derived" / f"{sha256}.{size}.jpg"

    def keep_derived(self, sha256: str, size: str, data: bytes) -> None:
        """Keeps a size that was made; losing it costs only the making."""
        spool = self._folder / "spool" / f"{sha256}.{size}.{secrets.token_hex(4)}"
        try:
            spool.write_bytes(data)
            spool.rename(self.derived(sha256, size))
        finally:
            spool.unlink(missing_ok=True)

    def note_arrival(self, store: str, photo: str, sha256: str) -> None:
        """Remembers that these bytes came for this photo of the store; the name is a hash, so it is a safe file name."""
        path = self._arrival(store, photo, sha256)
        path.touch()
        _sync_folder(path.parent)

    def arrived(self, store: str, photo: str, sha256: str) -> bool:
        """True when the bytes came for this very photo: knowing a hash is not having had the picture."""
        return self._arrival(store, photo, sha256).is_file() and self.has(sha256)

    def erase(self, store: str, photo: str, sha256: str, *, bytes_too: bool) -> None:
        """Forgets a photo: that it came, parts of it, and unless another photo shows the same bytes the bytes in every size."""
        self._arrival(store, photo, sha256).unlink(missing_ok=True)
        for part in (self._folder / "spool").glob(f"{store}.{photo}.*"):
            part.unlink(missing_ok=True)
        if bytes_too:
            for path in (self.path(sha256), *(self._folder / "derived").glob(f"{sha256}.*"),
                         *(self._folder / "spool").glob(f"{sha256}.*")):
                path.unlink(missing_ok=True)

    def _arrival(self, store: str, photo: str, sha256: str) -> Path:
        return self._folder / "arrived" / sha256_hex(f"{store}\n{photo}\n{sha256}".encode())


class Spool:
    """Bytes on their way. spoilt: they are of no use and should go; settled: they are an original now."""

    def __init__(self, path: Path, file: BufferedRandom) -> None:
        self.path, self._file = path, file
        self.spoilt = self.settled = False

    @property
    def size(self) -> int:
        return self._file.seek(0, os.SEEK_END)

    def pour(self, source: Readable, length: int, at: int = 0) -> None:
        """Takes `length` bytes from the source to the place `at`; what stood behind it goes. Raises Truncated, OSError."""
        self._file.seek(at)
        self._file.truncate()
        while length > 0:
            piece = source.read(min(PIECE, length))
            if not piece:
                raise Truncated
            self._file.write(piece)
            length -= len(piece)
        self._file.flush()

    def digest(self) -> str:
        """SHA-256 of everything spooled."""
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").hexdigest()

    def sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def _locked(path: Path) -> Iterator[BufferedRandom]:
    """The file, open for reading and writing, ours alone: two requests for one photo take turns."""
    while True:  # the one before us may have renamed or removed the file while we waited
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if path.exists() and os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield file
                return
        finally:
            file.close()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
