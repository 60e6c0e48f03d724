"""The server of the model: the real app on a real socket over a real database file, forked from a process kept warm.

`python -m tests.model.house FOLDER URL [SABOTAGE]`. The parent makes the demo store by the real migrations, holds the
listening socket and never opens the database again; the child serves. So a server that dies (by a fault point, or SIGKILL)
is back in a few milliseconds, with nothing of its memory left, which is what a restart is. Orders are JSON lines: start,
stop (SIGKILL), rest (the child lets go of the database and lives on: between schedules), warm; answers are {"done": …}. The
fault plan and the clock lie in files beside the database.

Two things differ from a server at work: passwords are hashed cheaply, and the clock can be set. Nothing else is patched,
unless a control asks for a sabotage (sabotage.py).
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path

import webapp.foundation.clock as clock

TRUE_NOW = clock.utc_now
CLOCK = Path(sys.argv[1], "clock") if __name__ == "__main__" else None


def shifted():  # type: ignore[no-untyped-def]
    """The server's clock, as far off as the schedule says."""
    return TRUE_NOW() + timedelta(milliseconds=int(CLOCK.read_text() or 0) if CLOCK and CLOCK.exists() else 0)


clock.utc_now = shifted  # before anybody else takes it by name

from argon2 import PasswordHasher  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

from migrations.run import upgrade  # noqa: E402
from tests.model import sabotage  # noqa: E402
from webapp.app import create_app  # noqa: E402
from webapp.commands import furnish, sign_in  # noqa: E402
from webapp.foundation import faults  # noqa: E402
from webapp.foundation.config import read_settings  # noqa: E402


class Plan:
    """What the schedule wants at fault points: {"point", "what", "skip", "do": exit | raise, "stay"} in a file of its own."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock, self._seen = file, threading.Lock(), 0

    def __call__(self, point: str, what: str) -> None:
        with self._lock:
            plan = self._read()
            if not plan or plan["point"] != point or (plan.get("what") and plan["what"] != what):
                return
            self._seen += 1
            if self._seen <= plan.get("skip", 0):
                return
            with self._file.with_suffix(".hit").open("a") as hits:
                hits.write(f"{point} {plan['do']}\n")
            if not plan.get("stay"):
                self._file.unlink()
                self._seen = 0
        if plan["do"] == "exit":
            os._exit(137)
        raise RuntimeError("planned fault")

    def _read(self) -> dict | None:
        try:
            return json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return None


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


def serve(listening: socket.socket, folder: Path, orders: socket.socket) -> None:
    """The child: serves until it dies."""
    threading.Thread(target=_rest, args=(orders,), daemon=True).start()
    os.environ["CLOCKWISE_TESTING"] = "1"
    faults.arm(Plan(folder / "plan"))
    server = make_server("127.0.0.1", 0, _app, threaded=True, request_handler=Quiet, fd=listening.fileno())
    server.serve_forever()


def _rest(orders: socket.socket) -> None:
    while orders.recv(1):
        _app.extensions["house"].database.engine.dispose()
        orders.send(b".")


def main() -> None:
    folder, url = Path(sys.argv[1]), sys.argv[2]
    global _app
    sign_in._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    sign_in._nobody = sign_in._hasher.hash("nobody's password")
    _app = create_app(read_settings({"CLOCKWISE_HOME": str(folder), "DATABASE_URL": url, "CLOCKWISE_TESTING": "1"}))
    database = _app.extensions["house"].database
    upgrade(database)
    furnish.renew_lists(database)
    furnish.seed_demo(database, TRUE_NOW())
    database.engine.dispose()
    sabotage.apply(sys.argv[3] if len(sys.argv) > 3 else "")
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    _say(port=listening.getsockname()[1])
    Keeper(listening, folder).work()


def _warm(file: Path) -> None:
    """Requests of a first, plain schedule are asked here once more, so that a child need not compile its statements anew."""
    client = _app.test_client()
    for line in file.read_text().splitlines():
        method, path, headers, body = json.loads(line)
        answer = client.open(path, method=method, headers=headers, data=bytes.fromhex(body))
        if answer.status_code >= 500:
            raise RuntimeError(answer.text)
    _app.extensions["house"].database.engine.dispose()
    gc.collect()
    gc.freeze()  # or every child's first collection would copy all of it


class Keeper:
    """Starts the child again whenever it dies, until told to stop it."""

    def __init__(self, listening: socket.socket, folder: Path) -> None:
        self._listening, self._folder = listening, folder
        self._child, self._wanted = 0, False
        self._ours, self._its = socket.socketpair()

    def work(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: self._reap())
        for line in sys.stdin:
            order = json.loads(line)["do"]
            if order == "warm":
                _warm(self._folder / "requests")
                _say(done=order)
                continue
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
            self._wanted = order in ("start", "rest")
            if order == "stop":
                self._kill()
            elif not self._child:
                self._fork()
            elif order == "rest":
                self._ours.send(b".")
                self._ours.recv(1)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            _say(done=order)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._kill()

    def _fork(self) -> None:
        self._child = os.fork()
        if self._child:
            return
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            serve(self._listening, self._folder, self._its)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def _kill(self) -> None:
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            self._child = 0

    def _reap(self) -> None:
        if not self._child:
            return
        try:
            gone, _ = os.waitpid(self._child, os.WNOHANG)
        except ChildProcessError:
            gone = self._child
        if gone:
            self._child = 0
            if self._wanted:
                self._fork()


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
