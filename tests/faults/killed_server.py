"""The real server under bin/serve.py, killed with SIGKILL at any moment while phones send acts and photos (T2)."""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.api.conftest import about, digest_of, sha
from tests.api.pictures import jpeg
from tests.conftest import Phone
from tests.visits import arrival
from webapp.foundation.ids import new_id

ROOT = Path(__file__).parents[2]


class Server:
    """Starts, is killed, starts again. seconds: how long it took each time until it answered."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home, self.seconds = home, list[float]()
        self._env = {**os.environ, "CLOCKWISE_HOME": str(home), "PORT": str(self.port)}
        for name in ("DATABASE_URL", "PHOTO_STORE", "PUBLIC_URL", "CLOCKWISE_TESTING"):
            self._env.pop(name, None)

    def start(self) -> None:
        began = time.monotonic()
        with (self.home.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen([sys.executable, "bin/serve.py"], cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log, start_new_session=True)
        while self.ask("GET", "/api/v1/openapi.json", None, {})[0] != 200:
            if self._process.poll() is not None or time.monotonic() - began > 120:
                raise AssertionError((self.home.parent / "server.log").read_text()[-2000:])
            time.sleep(0.02)
        self.seconds.append(time.monotonic() - began)

    def kill(self, whom: str = "all") -> None:
        """all: its whole family, as when the machine ends; parent: the process that somebody started; worker: the one that
        answers, as the system does when memory ends. Then it starts again, the last one by itself."""
        if whom == "worker":
            os.kill(self._worker(), signal.SIGKILL)
            return
        (os.killpg if whom == "all" else os.kill)(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _worker(self) -> int:
        mine = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return next(int(child) for child in mine if b"serve.py" in Path(f"/proc/{child}/cmdline").read_bytes())

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON; 0 when nobody answered."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            line.close()


@dataclass
class Told:
    """What the server acknowledged."""

    acts: set[str] = field(default_factory=set)
    photos: dict[str, str] = field(default_factory=dict)


class Sender(Phone):
    """A phone that says everything again until it is acknowledged."""

    def __init__(self, server: Server, login: str) -> None:
        self.server, self.staff, self.seq, self.base, self.told = server, login, 0, None, Told()
        body = json.dumps({"store": "YF01", "login": login, "password": "clockwise", "device_name": login}).encode()
        status, enrolled = server.ask("POST", "/api/v1/devices", body, {"Content-Type": "application/json"})
        assert status == 201, enrolled
        self.id, self.token, self.chance = enrolled["device"], enrolled["token"], random.Random(login)

    def works(self, photos: int) -> None:
        visit = new_id()
        self._hands_in(self.act("visit.open", arrival(), visit))
        for _ in range(photos):
            data = jpeg(self.chance.randrange(60, 240), 90, noise=True)
            photo = new_id()
            self._hands_in(self.act("photo.add", about(photo, data), visit))
            self._until(lambda photo=photo, data=data: self._call("PUT", f"/photos/{photo}", data, "image/jpeg",  # type: ignore[misc]
                                                                 **{"Repr-Digest": digest_of(data)})[0] in (200, 201))
            self.told.photos[photo] = sha(data)

    def _hands_in(self, act: bytes) -> None:
        id = json.loads(act)["id"]
        body = b'{"protocol":1,"device":"%b","epoch":1,"acts":[%b]}' % (self.id.encode(), act)

        def taken() -> bool:
            status, told = self._call("POST", "/acts", body, "application/json")
            return status == 200 and told["receipts"][0]["verdict"] in ("applied", "duplicate")

        self._until(taken)
        self.told.acts.add(id)

    def _call(self, method: str, path: str, body: bytes, kind: str, **headers: str) -> tuple[int, Any]:
        return self.server.ask(method, f"/api/v1{path}", body, {"Authorization": f"Bearer {self.token}", "Content-Type": kind,
                                                                **headers})

    def _until(self, done: Any) -> None:
        until = time.monotonic() + 300
        while not done():
            assert time.monotonic() < until, "never acknowledged"
            time.sleep(0.02)


def storm(home: Path, seed: int, kills: int, photos: int) -> tuple[Server, list[str]]:
    """Phones send `photos` in all while the server is killed so often; returns what was found wrong."""
    chance, server = random.Random(seed), Server(home)
    server.start()
    senders = [Sender(server, login) for login in ("E005", "E006")]
    threads = [threading.Thread(target=sender.works, args=(photos // 2,), daemon=True) for sender in senders]
    for thread in threads:
        thread.start()
    lone = -60.0
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 1.2))
            whom = chance.choice(("all", "all", "parent", "worker"))
            if whom == "worker" and time.monotonic() - lone < 8:
                whom = "all"  # the server ends by itself when its worker falls again and again
            lone = time.monotonic() if whom == "worker" else lone
            server.kill(whom)
            if whom != "worker":
                server.start()
        for thread in threads:
            thread.join(timeout=300)
        wrong = [f"{sender.staff} did not finish" for thread, sender in zip(threads, senders, strict=True) if thread.is_alive()]
    finally:
        server.kill()
    return server, wrong + [fault for sender in senders for fault in look(home, sender.told)]


def look(home: Path, told: Told) -> list[str]:
    """What was acknowledged and is not here, is here twice, or has a row and no bytes."""
    wrong = list[str]()
    database = sqlite3.connect(home / "clockwise.sqlite")
    with database:
        if (state := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            wrong.append(state)
        kept = [row[0] for row in database.execute("SELECT act_id FROM kept_act")]
        rows = dict(database.execute("SELECT id, sha256 FROM photo WHERE state = 'present'"))
    database.close()
    wrong += [f"act {act} lost" for act in told.acts - set(kept)]
    wrong += ["an act kept twice"] if len(kept) != len(set(kept)) else []
    wrong += [f"photo {photo} lost" for photo, sha256 in told.photos.items() if rows.get(photo) != sha256]
    for photo, sha256 in rows.items():
        path = home / "photos" / sha256[:2] / sha256
        if not path.is_file() or sha(path.read_bytes()) != sha256:
            wrong.append(f"row {photo} without its bytes")
    return wrong
