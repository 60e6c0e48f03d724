"""Where photo bytes are kept: by content, never changed. File first, then the row (offline.md 3.6)."""

import os
import secrets
from pathlib import Path

from webapp.foundation.canon import sha256_hex


class PhotoStore:
    """A folder: `<first two of the hash>/<hash>`; derivatives beside it under `derived/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("spool", "derived"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash are, or would be."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def keep(self, data: bytes) -> str:
        """Keeps the bytes durably and returns their SHA-256; keeping them twice is one file. Raises OSError."""
        sha256 = sha256_hex(data)
        if self.has(sha256):
            return sha256
        spool, goal = self._folder / "spool" / f"{sha256}.{secrets.token_hex(4)}", self.path(sha256)
        try:
            with spool.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            goal.parent.mkdir(exist_ok=True)
            spool.rename(goal)
            _sync_folder(goal.parent)
        finally:
            spool.unlink(missing_ok=True)
        return sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
