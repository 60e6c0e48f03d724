"""The process that looks at pictures cannot do anything else (T39); when it breaks, the house does not."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.api.conftest import Wire, house_of, is_error
from tests.api.pictures import jpeg
from tests.faults.attempts import DENIED
from webapp.adapters import images
from webapp.adapters.images import Crashed, NotLooked, Worker

START = "import sys; sys.path.insert(0, sys.argv[1]); from tests.faults.attempts import main; main({shut}, {seconds})"


@contextlib.contextmanager
def taken_over(patch: pytest.MonkeyPatch, *, shut: bool = True, seconds: int = 10) -> Iterator[Worker]:
    """A worker that does what the bytes say."""
    patch.setattr(images, "START", START.format(shut=shut, seconds=seconds))
    worker = Worker()
    yield worker
    if worker._control is not None:
        worker._gone(worker._control)


@pytest.fixture
def places(wire: Wire, visit: str, app: Flask, tmp_path: Path) -> Iterator[bytes]:
    house, data = house_of(app), jpeg()
    photo = house.photos.path(house.photos.keep(data))
    for name in ("victim", "moved"):
        (tmp_path / name).touch()
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        yield json.dumps({"key": str(house.settings.home / "keys/head-key.pem"), "photo": str(photo), "home": str(tmp_path),
                          "database": str(house.database.engine.url.database), "victim": str(tmp_path / "victim"),
                          "made": str(tmp_path / "made"), "moved": str(tmp_path / "moved"),
                          "port": str(somebody.getsockname()[1])}).encode()


def test_every_attempt_is_denied(places: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with taken_over(monkeypatch) as worker:
        outcomes = {name: _outcome(worker, name, places) for name in DENIED}

    assert {name: outcome for name, outcome in outcomes.items() if outcome != "denied"} == {}
    assert len(outcomes) >= 20 and sorted(path.name for path in tmp_path.iterdir()) == before


def _outcome(worker: Worker, name: str, places: bytes) -> object:
    try:
        return worker.ask(name, places)[0]["outcome"]
    except Crashed:
        return "crashed"


def test_control_with_open_doors_every_attempt_succeeds(places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_over(monkeypatch, shut=False) as worker:
        outcomes = {name: worker.ask(name, places)[0]["outcome"] for name in DENIED}

    assert {name for name, outcome in outcomes.items() if outcome != "done"} == set()


def test_it_knows_nothing_of_the_house(places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret@h/d")
    handle = os.open("/etc/hostname", os.O_RDONLY)
    os.set_inheritable(handle, True)
    with taken_over(monkeypatch) as worker:
        told, _none = worker.ask("around", places)
    os.close(handle)

    assert set(told["told"]["env"]) <= {"LANG", "LC_CTYPE"}  # type: ignore[index]


def test_one_that_breaks_down_takes_nobody_along(places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_over(monkeypatch, seconds=1) as worker:
        for ending in ("crash", "abort", "forever"):
            with pytest.raises(Crashed):
                worker.ask(ending, places)
        assert worker.ask("around", places)[0]["outcome"] == "done"


def test_one_that_says_nothing_is_waited_for_no_longer(places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "PATIENCE", 0.5)
    with taken_over(monkeypatch, shut=False) as worker, pytest.raises(NotLooked):
        worker.ask("sleep", places)


def test_a_picture_that_brings_it_down_twice_is_refused_and_the_next_is_taken(
        wire: Wire, visit: str, places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)
    with monkeypatch.context() as patch, taken_over(patch) as worker:
        patch.setattr(images, "worker", worker)  # it takes no picture for an order, so every child ends without an answer
        is_error(wire.send(photo, data), 415, "photo.broken")
    assert wire.send(photo, data).status_code == 201


def test_a_worker_that_was_killed_is_started_again(wire: Wire, visit: str) -> None:
    for _ in range(2):
        data = jpeg(80, 60, noise=True)
        assert wire.send(wire.announce(data, visit), data).status_code == 201
        assert images.worker._process is not None
        images.worker._process.send_signal(signal.SIGKILL)
        images.worker._process.wait()


def test_a_worker_that_cannot_be_started_is_busy_not_the_pictures_fault(
        wire: Wire, visit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)
    with monkeypatch.context() as patch:
        patch.setattr(images, "worker", Worker())
        patch.setattr(images, "START", "raise SystemExit")
        told = wire.send(photo, data)
        is_error(told, 503, "photo.not_looked")
    assert int(told.headers["Retry-After"]) > 0 and wire.send(photo, data).status_code == 201


def test_it_ends_with_the_house(places: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_over(monkeypatch) as worker:
        worker.ask("around", places)
        assert worker._control is not None and worker._process is not None
        worker._control.close()
        assert worker._process.wait(timeout=20) == 0
        worker._control = None


