"""What the server does by itself from time to time. Each chore is a process of its own, at low priority: pages stay quick,
and a chore that is killed or runs out of memory takes nothing with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

log = structlog.get_logger()
LOOK = 60.0  # seconds between two looks
FIRST = 300.0  # after the start: whoever starts the server is waiting for its pages


@dataclass(frozen=True)
class Chore:
    """words: what follows `flask`. is_due is asked every minute and must be quick; it may raise, then it is asked again."""

    words: tuple[str, ...]
    is_due: Callable[[datetime], bool]


class Maintenance:
    """Looks what is due and does one chore after another, in a thread of the process that starts the server."""

    def __init__(self, chores: Sequence[Chore], root: Path, now: Callable[[], datetime], first: float = FIRST,
                 pause: float = LOOK) -> None:
        self._chores, self._root, self._now, self._first, self._pause = chores, root, now, first, pause
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="maintenance", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(10)

    def _run(self) -> None:
        pause = self._first
        while not self._stopped.wait(pause):
            pause = self._pause
            self.look()

    def look(self) -> None:
        """Does what is due, one after another."""
        for chore in self._chores:
            self._do(chore)

    def _do(self, chore: Chore) -> None:
        try:
            if chore.is_due(self._now()) and not self._stopped.is_set():
                done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi:app", *chore.words], cwd=self._root,  # noqa: S603
                                      env={**os.environ, "CLOCKWISE_CHORE": "1"}, capture_output=True, check=False)
                if done.returncode:
                    log.warning("chore.failed", chore=" ".join(chore.words), code=done.returncode)
        except Exception as why:
            log.error("chore.fault", chore=" ".join(chore.words), kind=type(why).__name__)
