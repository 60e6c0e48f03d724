"""A disk that gets full: a small tmpfs where one can be mounted, else limits that refuse what a full disk refuses."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event

SIZE = 64 * 1024 * 1024


class SmallDisk:
    """A folder whose disk can be filled. real: a file system of its own; else only this process meets the limits."""

    def __init__(self, folder: Path, real: bool) -> None:
        self.folder, self.real = folder, real

    @contextmanager
    def full(self, engine: Engine, leave: int = 0) -> Iterator[None]:
        """Meanwhile there is room for `leave` bytes more."""
        with engine.connect() as known:  # an old WAL is room: it would be written over
            known.exec_driver_sql("ROLLBACK")
            known.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._ballast(leave) if self.real else _limits(engine, leave):
            yield

    @contextmanager
    def _ballast(self, leave: int) -> Iterator[None]:
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
            os.truncate(ballast, max(0, ballast.stat().st_size - leave))
            yield
        finally:
            ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A disk of 64 MB at `folder`."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "clockwise-test", folder], check=False,
                             capture_output=True).returncode == 0
    try:
        yield SmallDisk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def _limits(engine: Engine, leave: int) -> Iterator[None]:
    """No file may grow beyond `leave`, the database by no page (SQLite takes a limit of files for a broken disk)."""

    def no_more(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA max_page_count=1")

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    event.listen(engine, "checkout", no_more)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(leave, 256 * 1024), before[1]))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        event.remove(engine, "checkout", no_more)
        engine.dispose()
