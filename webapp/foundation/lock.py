"""One process at a time: a lock on a file, let go by the system when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock meanwhile. Raises Held at once when another process has it, OSError when the file cannot be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            raise Held(str(path)) from why
        yield
    finally:
        os.close(handle)
