"""A house with visits and photos in it, and what a test does to its backup."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from click.testing import Result
from flask import Flask
from PIL import Image
from sqlalchemy import select, text, update

from migrations.run import upgrade
from tests.conftest import Phone, _people
from tests.visits import a_visit, does
from webapp.adapters.backup_folder import BackupFolder
from webapp.adapters.backup_key import BackupKey, save_key, unwrap
from webapp.app import create_app
from webapp.commands.dump import LEFT_OUT
from webapp.commands.house import House
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.config import read_settings
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Base, Photo

QUICK = Path(__file__).with_name("backup_key.json")
PASSPHRASE = "四个不相干的词 river lamp"


class Shop:
    """A server in a folder that a test may lose: `home`, and a backup folder that lies elsewhere."""

    def __init__(self, folder: Path, url: str | None = None, disk: Path | None = None) -> None:
        self.home, self.folder, self.url = folder / "home", disk or folder / "disk", url
        self.app = self._open()

    def _open(self) -> Flask:
        return create_app(read_settings({"CLOCKWISE_HOME": str(self.home), "BACKUP_FOLDER": str(self.folder),
                                         "CLOCKWISE_TESTING": "1"} | ({"DATABASE_URL": self.url} if self.url else {})))

    @property
    def house(self) -> House:
        house: House = self.app.extensions["house"]
        return house

    def flask(self, *words: str, passphrase: str | None = PASSPHRASE) -> Result:
        """What somebody types; the passphrase comes from standard input."""
        asks = words[0] == "restore" or "--setup" in words
        return self.app.test_cli_runner().invoke(args=[*words, *(["--passphrase-file", "-"] if asks else [])],
                                                 input=passphrase if asks else None)

    def sets_up(self, key: BackupKey | None = None) -> None:
        """As `flask backup --setup` does, with a key whose passphrase is quick to try: the real one takes a second each time."""
        key = key or unwrap(QUICK.read_text("utf-8").strip(), PASSPHRASE)
        save_key(self.home / "keys", key)
        BackupFolder(self.folder).prepare(key, new=True)

    def backs_up(self, *words: str) -> Result:
        if not (self.home / "keys/backup.json").exists() and not words:
            self.sets_up()
        done = self.flask("backup", *words)
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    def restores(self, *words: str, passphrase: str = PASSPHRASE) -> Result:
        return self.flask("restore", str(self.folder), *words, passphrase=passphrase)

    def burns_down(self) -> None:
        """Machine and disk are gone; a new one is there, empty."""
        self.house.database.engine.dispose()
        shutil.rmtree(self.home)
        if self.url:
            with Database(self.url).engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        self.app = self._open()

    def reopens(self) -> None:
        """The server starts on what is there now."""
        self.app = self._open()

    def rows(self) -> dict[str, list[Any]]:
        """Everything in the database, but for what a restore changes and what backups write themselves."""
        with self.house.database.read() as db:
            return {table.name: [_bare(row._asdict()) for row in db.execute(select(table).order_by(*table.primary_key))]
                    for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT | {"backup_run"}}

    def files(self) -> dict[str, str]:
        return {p.relative_to(self.home).as_posix(): sha256_hex(p.read_bytes())
                for name in ("photos", "keys") for p in (self.home / name).rglob("*") if p.is_file()}

    def set(self) -> Path:
        return max((self.folder / "sets").iterdir())


def a_shop(folder: Path, url: str | None = None, visits: int = 1, photos: int = 3) -> Shop:
    """A store at work: visits walked to their end, each with photos whose bytes are here."""
    shop = Shop(folder, url)
    upgrade(shop.house.database)
    _people(shop.house.database)
    phone = Phone(shop.house.database, shop.house.door)
    for _ in range(visits):
        visit = a_visit(phone, at="estimating")
        for _ in range(photos):
            takes(shop, phone, visit)
    return shop


def takes(shop: Shop, phone: Phone, visit: str, data: bytes | None = None) -> str:
    """A photo announced and here; returns its SHA-256."""
    data = jpeg() if data is None else data
    sha256, photo = shop.house.photos.keep(data), new_id()
    does(phone, "photo.add", {"photo": photo, "sha256": sha256, "bytes": len(data), "mime": "image/jpeg", "width": 64,
                              "height": 48, "taken_at": to_wire(utc_now()), "subject": {"kind": "other"}}, visit)
    with shop.house.database.write() as db:
        db.execute(update(Photo).where(Photo.id == photo).values(state="present"))
        db.commit()
    return sha256


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(out, "JPEG", comment=new_id().encode())
    return out.getvalue()


def another_key() -> BackupKey:
    """A key that nobody here has."""
    return BackupKey(str(pyrage.x25519.Identity.generate()), os.urandom(32), "{}")


@contextmanager
def spoilt(path: Path, data: bytes | None) -> Iterator[None]:
    """The file with other bytes, or gone, for a while."""
    before = path.read_bytes()
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    yield
    path.write_bytes(before)


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("epoch", "backed_up") or "hash" in row}
