"""A whole store to take along, so that its evidence outlives this software: tables as lines of JSON, files by their hash, public
keys, and a page that says what everything means. Secrets (passwords, tokens, private keys) stay here."""

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from webapp.adapters.photo_store import PhotoStore
from webapp.commands.house import House
from webapp.foundation.canon import sha256_hex
from webapp.models import Base, Photo, SealedFile

SECRET = {"staff": {"password_hash"}, "device": {"token_sha256"}, "status_link": {"token_sha256"}}
LEFT_OUT = frozenset({"desk_session", "backup_run"})
PUBLIC = ("root.pem", "head.pem", "seal-chain.pem")
FORMAT = """# A store, whole

- `tables/<name>.jsonl`: every row of the store, one JSON object per line, columns by name. Moments are ISO 8601 in UTC; bytes are
  `{"base64": ...}`. Passwords and tokens are left out.
- `photos/<sha256>`: photos as they were taken; `tables/photo.jsonl` says of which visit. `sealed/<sha256>.pdf`: sealed papers
  (`tables/sealed_file.jsonl`).
- `keys/`: the store's public certificates (PEM). `root.pem` certifies the others.
- `ledger_entry` is the chain: `hash` is SHA-256 over the RFC 8785 bytes of `{store, index, store_prev, visit, visit_prev, act_id,
  act_sha256, sig_sha256, key_id, actor, device, verdict, code, received_at, skew_ms, epoch}` (columns store_id, idx, visit_id,
  device_id under those names; received_at with milliseconds and Z). `store_prev` is the hash of the entry before, 64 zeros at the
  first. `kept_act.body` is the act as it came; `act_sha256` is SHA-256 over its RFC 8785 bytes without `sig`. A body that is null
  was erased by a `visit.erase` act of the same visit.
- `document.body` are the canonical bytes that the customer signed, `doc_sha256` their SHA-256.
- `SHA256SUMS`: check with `sha256sum -c SHA256SUMS`.
"""


def write_store(house: House, store: str, folder: Path, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Fills the folder; returns how many rows and files. Raises OSError."""
    for name in ("tables", "photos", "sealed", "keys"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    with house.database.read() as db:
        hashes = sorted(set(db.scalars(select(Photo.sha256).where(Photo.store_id == store, Photo.state == "present"))))
        sealed = sorted(db.scalars(select(SealedFile.sha256).where(SealedFile.store_id == store)))
        steps, rows = len(tables) + len(hashes) + len(sealed), 0
        for n, table in enumerate(tables):
            rows += _table(db, table, store, folder / "tables" / f"{table.name}.jsonl")
            progress(n + 1, steps)
    files = _copies(house.photos, hashes, folder)
    files += _sealed(house, sealed, folder)
    progress(steps, steps)
    for name in PUBLIC:
        if (source := house.settings.home / "keys" / name).is_file():
            shutil.copyfile(source, folder / "keys" / name)
    (folder / "FORMAT.md").write_text(FORMAT, encoding="utf-8")
    (folder / "SHA256SUMS").write_text("".join(_sums(folder)), encoding="utf-8")
    return rows, files


def _table(db: Session, table: Table, store: str, path: Path) -> int:
    mine = table.c.id if table.name == "store" else table.c.get("store_id")
    if mine is None:
        return 0
    hidden, n = SECRET.get(table.name, set()), 0
    with path.open("x", encoding="utf-8") as file:
        for row in db.execute(select(table).where(mine == store).execution_options(yield_per=500)).mappings():
            file.write(json.dumps({k: _plain(v) for k, v in row.items() if k not in hidden}, ensure_ascii=False) + "\n")
            n += 1
    return n


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode()}
    return value.isoformat() if isinstance(value, datetime | date) else value


def _copies(photos: PhotoStore, hashes: list[str], folder: Path) -> int:
    here = [sha256 for sha256 in hashes if photos.has(sha256)]
    for sha256 in here:
        shutil.copyfile(photos.path(sha256), folder / "photos" / sha256)
    return len(here)


def _sealed(house: House, hashes: list[str], folder: Path) -> int:
    n = 0
    for sha256 in hashes:
        if data := house.sealed.read(sha256):
            (folder / "sealed" / f"{sha256}.pdf").write_bytes(data)
            n += 1
    return n


def _sums(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{sha256_hex(path.read_bytes())}  {path.relative_to(folder)}\n"
