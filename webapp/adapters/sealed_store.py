"""Where sealed PDFs are kept: by content, never changed. File first, then the row.

`<first two of the hash>/<hash>` are the files. `new/` marks what is not in the ledger yet: `<hash>` before the file is
written, gone once its row is. Whoever holds `lock` alone may make files; what a killed worker left is found by its mark.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.foundation.canon import sha256_hex
from webapp.foundation.lock import held


class SealedStore:
    """A folder of sealed files. `keep` may raise OSError; then nothing counts as kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file of this hash is, or would be."""
        return self.folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes | None:
        """The file, when it is here and is what its name says."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError:
            return None
        return data if sha256_hex(data) == sha256 else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One worker at a time. Raises Held when another works."""
        with held(self.folder / "lock"):
            (self.folder / "new").mkdir(mode=0o700, exist_ok=True)
            yield

    def keep(self, data: bytes) -> str:
        """Keeps the file durably, marked as new; returns its SHA-256."""
        sha256 = sha256_hex(data)
        goal, part = self.path(sha256), self.folder / "new" / f"{sha256}.part"
        (self.folder / "new" / sha256).touch(mode=0o600)
        goal.parent.mkdir(mode=0o700, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _sync(part.parent)
        part.rename(goal)
        _sync(goal.parent)
        _sync(self.folder)
        return sha256

    def settle(self, sha256: str) -> None:
        """Its row is in the database: the file is new no more."""
        (self.folder / "new" / sha256).unlink(missing_ok=True)

    def remove(self, sha256: str) -> None:
        """The file goes: it never came into the ledger, or its personal data was lawfully erased."""
        self.path(sha256).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            _sync(self.path(sha256).parent)
        self.settle(sha256)

    def sweep(self, known: Callable[[str], bool]) -> int:
        """What a killed worker left: a half file goes, and a whole one that no row knows. Returns how many went."""
        gone = 0
        for mark in sorted((self.folder / "new").iterdir()):
            if mark.suffix == ".part" or known(mark.name):
                mark.unlink()
            else:
                self.remove(mark.name)
                gone += 1
        return gone


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
