"""Which visits were erased, kept outside the database: a restored backup is older than the erasure and must erase again.

One line of JSON per visit, hashes and ids only. It lies in the house and beside the backups; whichever knows more wins.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Erased:
    """entry: hash of the erase act's ledger entry."""

    store: str
    visit: str
    entry: str


NAME = "erased.jsonl"


class EraseJournal:
    """A file that only grows."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Erased]:
        """What it names; a last line cut by a power failure is left out, the ledger writes it anew."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(Erased(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return found

    def add(self, erased: Iterable[Erased]) -> int:
        """Notes what it does not name yet, durably; returns how many."""
        known = {(one.store, one.visit) for one in self.read()}
        new = [one for one in dict.fromkeys(erased) if (one.store, one.visit) not in known]
        if not new:
            return 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(asdict(one), separators=(",", ":")) + "\n" for one in new)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                text = text if file.read(1) == b"\n" else "\n" + text
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        return len(new)
