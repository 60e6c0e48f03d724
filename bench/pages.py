"""Requests per second of the visit page and the customer's page against a bare Flask page on the same kind of server."""

import base64
import http.client
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from bench.desk import app_in, furnished, signed_in
from bench.table import show
from tests.conftest import Phone
from tests.e2e.conftest import ROOT, _free_port
from tests.visits import a_visit, does
from webapp.foundation.canon import sha256_hex
from webapp.foundation.ids import new_id
from webapp.models import Store

CLIENTS, SECONDS, ROUNDS = 4, 2.5, 2
SERVE = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian(sys.argv[1], address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1, blocking_threads=8,
        log_level="error").serve()
"""

bare = Flask("bare")


@bare.get("/")
def hello() -> str:
    return "hello"


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        furnished(home).engine.dispose()
        visit, token, cookie = _arrange(home)
        bare_at, house_at = _serve("bench.pages:bare", home), _serve("wsgi:app", home)
        try:
            asks = {"bare": (bare_at[1], "/", ""), "visit": (house_at[1], f"/visits/{visit}", cookie),
                    "status": (house_at[1], "/s/", f"cw_car={token}")}
            rates = dict.fromkeys(asks, 0.0)
            for _ in range(ROUNDS):
                for name, (port, path, cookies) in asks.items():
                    rates[name] = max(rates[name], _rate(port, path, cookies))
        finally:
            for process, _ in (bare_at, house_at):
                process.terminate()
                process.wait(10)
    show("Pages per second, granian with one worker and eight threads (http.client, four threads)", [
        ("bare Flask page", f"{rates['bare']:,.0f} /s", "", None),
        *[(f"{name} page", f"{rates[name]:,.0f} /s: {rates[name] / rates['bare']:.3f} of bare", f"≥ {least}",
           rates[name] / rates["bare"] >= least) for name, least in (("visit", 0.15), ("status", 0.4))]])


def _arrange(home: Path) -> tuple[str, str, str]:
    """A visit with its customer's link, and the cookie of somebody at the desk."""
    app = app_in(home)
    house = app.extensions["house"]
    with house.database.write() as db:  # the tests' lists are for two stores
        db.add(Store(id="YF02", name="另一家店", short_name="另一家", settings={}))
        db.commit()
    phone = Phone(house.database, house.door)
    visit = a_visit(phone, at="authorised")
    token = base64.b32encode(secrets.token_bytes(20)).decode()
    does(phone, "status.issue_link", {"link": new_id(), "token_sha256": sha256_hex(token.encode()), "scope": "view"}, visit)
    cookies = (signed_in(app)._cookies or {}).values()  # noqa: SLF001
    return visit, token, "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)


def _serve(target: str, home: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, target, str(port)], cwd=ROOT,
                               env={**os.environ, "CLOCKWISE_HOME": str(home), "PYTHONPATH": str(ROOT)})
    for _ in range(200):
        try:
            _get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/", "", any_status=True)
            return process, port
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{target} did not start")


def _rate(port: int, path: str, cookies: str) -> float:
    """Requests per second of all clients together."""
    counts: list[int] = []
    until = time.perf_counter() + SECONDS
    threads = [threading.Thread(target=_client, args=(port, path, cookies, until, counts.append)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == CLIENTS, "a client failed"
    return sum(counts) / SECONDS


def _client(port: int, path: str, cookies: str, until: float, done: Callable[[int], None]) -> None:
    connection, count = http.client.HTTPConnection("127.0.0.1", port, timeout=10), 0
    while time.perf_counter() < until:
        _get(connection, path, cookies)
        count += 1
    done(count)


def _get(connection: http.client.HTTPConnection, path: str, cookies: str, any_status: bool = False) -> None:
    connection.request("GET", path, headers={"Cookie": cookies} if cookies else {})
    answer = connection.getresponse()
    answer.read()
    if not any_status and answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.headers.get('Location', '')}")
