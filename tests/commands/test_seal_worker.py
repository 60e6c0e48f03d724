"""The worker as the server starts it: a process of its own that seals by itself and does not outlive the server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Clock, Phone
from tests.sealing import a_house, files_of, signed_sheet
from webapp.foundation.db import Database

ROOT = Path(__file__).parents[2]
SERVER = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'flask', '--app', 'wsgi:app', 'seal', '--watch'])"


def test_it_seals_what_comes_and_ends_with_the_server(database: Database, phone: Phone, clock: Clock, tmp_path: Path) -> None:
    house = a_house(database, clock, tmp_path / "home")
    env = {**os.environ, "CLOCKWISE_HOME": str(house.settings.home), "CLOCKWISE_TESTING": "1",
           "DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}
    server = subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, env=env, start_new_session=True)
    try:
        for _ in range(2):
            document, _pictures = signed_sheet(house, phone)
            assert _comes_true(lambda document=document: bool(files_of(house, document)))
        (worker,) = _children(server.pid)

        os.kill(server.pid, signal.SIGKILL)
        server.wait()

        assert _comes_true(lambda: not Path(f"/proc/{worker}").exists() or _is_dead(worker))
    finally:
        server.kill()


def test_by_hand_while_the_server_works_it_says_so(database: Database, clock: Clock, tmp_path: Path) -> None:
    house = a_house(database, clock, tmp_path / "home")
    from click.testing import CliRunner
    from flask import Flask

    from webapp.cli.seal import seal

    app = Flask("test")
    app.extensions["house"] = house
    with app.app_context(), house.sealed.alone():
        busy = CliRunner().invoke(seal)
    with app.app_context():
        done = CliRunner().invoke(seal)

    assert (busy.exit_code, done.exit_code) == (1, 0)
    assert "另一个进程正在封存" in busy.output
    assert done.output.startswith("封存 0 份")


def _comes_true(what: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_dead(pid: int) -> bool:
    return " Z " in Path(f"/proc/{pid}/stat").read_text()


