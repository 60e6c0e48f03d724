"""The disk is full (T5), thirty times, while acts, photos, seals and backups are written: 507 and a sentence, pages still open,
nothing half kept, and with room again everything goes on by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from migrations.run import upgrade
from tests.api.conftest import Wire, house_of, is_error, sha
from tests.api.pictures import jpeg
from tests.commands.backed_up import PASSPHRASE, QUICK
from tests.conftest import _people
from tests.faults.small_disk import SmallDisk, small_disk
from tests.visits import a_visit, signs
from webapp.adapters.backup_folder import BackupFolder
from webapp.adapters.backup_key import BackupFault, save_key, unwrap
from webapp.api import wire as api_wire
from webapp.app import create_app
from webapp.commands import seal_worker
from webapp.commands.backup_runs import run_backup
from webapp.commands.chain_check import check_chains, store_heads
from webapp.commands.house import House
from webapp.foundation.clock import utc_now
from webapp.foundation.config import read_settings
from webapp.foundation.ids import new_id
from webapp.models import Photo, SealedFile

LEFT = (0, 4096, 64 * 1024)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def app(disk: SmallDisk) -> Iterator[Flask]:
    app = create_app(read_settings({"CLOCKWISE_HOME": str(disk.folder), "CLOCKWISE_TESTING": "1"}))
    upgrade(house_of(app).database)
    _people(house_of(app).database)
    yield app
    house_of(app).database.engine.dispose()


def is_full(told: TestResponse) -> None:
    is_error(told, 507, "server.disk_full")
    assert int(told.headers["Retry-After"]) > 0


def sound(house: House) -> None:
    """The database is whole, and behind every row of a photo that is here lie its bytes."""
    with house.database.read() as db:
        assert db.scalar(text("PRAGMA integrity_check")) == "ok"
        check_chains(db, store_heads(db))
        for photo in db.scalars(select(Photo).where(Photo.state == "present")):
            assert sha(house.photos.path(photo.sha256).read_bytes()) == photo.sha256
    assert not list((house.settings.photo_store / "spool").glob("*"))


def test_acts_and_photos(disk: SmallDisk, app: Flask) -> None:
    wire, house, engine = Wire(app), house_of(app), house_of(app).database.engine
    visit = a_visit(wire, at="inspecting")
    for leave in LEFT * 4:
        data = jpeg(1200, 900, noise=True)
        photo = wire.announce(data, visit)
        acts = [wire.act("concern.add", {"concern": new_id(), "text": "很" * 1000}, visit) for _ in range(60)]
        with disk.full(engine, leave):
            is_full(wire.hand_in(*acts))
            is_full(wire.send(photo, data))
            assert wire.get("/changes")["rows"]
        assert {receipt["verdict"] for receipt in wire.hand_in(*acts).json["receipts"]} == {"applied"}
        assert wire.send(photo, data).status_code == 201
        sound(house)


def test_seals(disk: SmallDisk, app: Flask) -> None:
    wire, house = Wire(app), house_of(app)
    signs(wire, a_visit(wire, at="inspecting"), "pre_inspection")
    for _ in range(3):
        with disk.full(house.database.engine):
            assert seal_worker.once(house, utc_now).sealed == 0
        sound(house)
    assert seal_worker.once(house, utc_now).sealed == 1
    with house.database.read() as db:
        (file,) = db.scalars(select(SealedFile))
    assert sha(house.sealed.path(file.sha256).read_bytes()) == file.sha256
    sound(house)


def test_backups(disk: SmallDisk, app: Flask) -> None:
    wire, house = Wire(app), house_of(app)
    visit, goal = a_visit(wire, at="inspecting"), disk.folder / "backups"
    data = jpeg(1200, 900, noise=True)
    wire.send(wire.announce(data, visit), data)
    key = unwrap(QUICK.read_text("utf-8").strip(), PASSPHRASE)
    save_key(house.settings.home / "keys", key)
    BackupFolder(goal).prepare(key, new=True)
    for _ in range(3):
        with disk.full(house.database.engine, 20_000), pytest.raises(BackupFault, match="满了"):
            run_backup(house, goal)
        sound(house)
    assert run_backup(house, goal).manifest.files >= 1


def test_controls_who_does_not_know_a_full_disk_says_so_wrongly_and_a_row_without_file_is_seen(
        disk: SmallDisk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    wire, data = Wire(app), jpeg(1200, 900, noise=True)
    photo = wire.announce(data, a_visit(wire, at="inspecting"))
    with disk.full(house_of(app).database.engine), monkeypatch.context() as patch:
        patch.setattr(api_wire, "FULL", set[int]())
        with pytest.raises(AssertionError):
            is_full(wire.send(photo, data))
    assert wire.send(photo, data).status_code == 201
    house_of(app).photos.path(sha(data)).unlink()
    with pytest.raises(FileNotFoundError):
        sound(house_of(app))
