"""A real server with the demo store, and phones and desks that reach it over a road that can be cut."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from migrations.run import upgrade
from tests.e2e.handset import ARGUMENTS, CHROMIUM, Handset
from tests.e2e.link import Link
from webapp.commands import furnish
from webapp.foundation.clock import utc_now
from webapp.foundation.db import Database

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=20_000)  # the machine may have other work; no test here is about seconds
SHOTS = Path(os.environ.get("CLOCKWISE_TEST_SHOTS", ROOT / "shots"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@dataclass
class HouseAtWork:
    """The server as its owner runs it, in a folder of its own."""

    home: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    tree: Path = ROOT  # another edition of the app stands elsewhere
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database(self) -> Database:
        """For looking at what was kept, never for arranging it."""
        return Database(f"sqlite:///{self.home / 'clockwise.sqlite'}")

    def start(self) -> None:
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PHOTO_STORE", "PUBLIC_URL")}
        env |= {"CLOCKWISE_HOME": str(self.home), "PORT": str(self.port), "PYTHONUTF8": "1", **self.settings}
        self._log = (self.home / "server.log").open("ab")
        self._process = subprocess.Popen([sys.executable, str(self.tree / "bin/serve.py")], cwd=self.tree, env=env,
                                         stdout=self._log, stderr=subprocess.STDOUT)
        self._wait()

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None
            self._log.close()

    def log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")

    def _wait(self) -> None:
        for _ in range(1200):  # a minute: the machine may have other work
            try:
                with urllib.request.urlopen(f"{self.url}/static/pwa/css/tokens.css", timeout=2):
                    return
            except OSError:
                assert self._process is not None
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
        raise AssertionError("the server did not start:\n" + self.log())


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo store, made once and copied for each test."""
    path = tmp_path_factory.mktemp("furnished") / "clockwise.sqlite"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    furnish.seed_demo(database, utc_now())
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[HouseAtWork]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(furnished, home / "clockwise.sqlite")
    house = HouseAtWork(home, _free_port())
    house.start()
    yield house
    house.stop()


@pytest.fixture
def road(house: HouseAtWork) -> Iterator[Link]:
    """The way from phones to the server: `road.cut()`, `road.mend()`, `road.rate = …`."""
    link = Link(house.port).start()
    yield link
    link.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def phone(playwright: Playwright, house: HouseAtWork, road: Link, tmp_path: Path) -> Iterator[Callable[..., Handset]]:
    """`phone()` opens one more phone; keywords go to Playwright (`service_workers="block"` is WeChat on an iPhone)."""
    made: list[Handset] = []

    def open_one(**other: Any) -> Handset:
        handset = Handset(playwright, f"http://localhost:{road.address}", tmp_path / f"phone{len(made)}", SHOTS, **other)
        made.append(handset)
        return handset

    yield open_one
    for handset in made:
        handset.close()
    assert not [trouble for handset in made for trouble in handset.troubles]


@pytest.fixture
def desk(browser: Browser, house: HouseAtWork) -> Iterator[Page]:
    """A window at the reception desk."""
    context = browser.new_context(base_url=house.url, viewport={"width": 1440, "height": 900}, locale="zh-CN",
                                  timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        port: int = probe.getsockname()[1]
        return port
