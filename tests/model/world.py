"""The world of a schedule: one server, a few phones, the road between them, two clocks and the backups in a cupboard.

Everything stays warm between schedules; `begin` puts the database, the photos and the phones' disks back to the first day.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from tests.model.proxy import Proxy
from tests.model.sabotage import PHONE
from webapp.adapters.keys import Keys
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id

ROOT = Path(__file__).parent.parent.parent
STAFF = ("E005", "E006", "E005", "E006")
FASTEST = "/dev/shm"  # what a power cut does is another test's business: nothing here waits for a disk


class Failed(Exception):
    """A phone's order did not succeed: name, code, text."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts.get("text"))
        self.facts = facts


class Dead(Exception):
    """The phone's process ended before it answered."""


class Phone:
    """A process that runs the lane. `saved` is called with every promise that it kept."""

    def __init__(self, n: int, world: "World") -> None:
        self.n, self.world = n, world
        self.disk = world.folder / f"phone-{n}.disk"
        self.base: Path | None = None
        self.on = False
        self.clock = 0
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._count = 0

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            "node",
            str(self.world.folder / "phone.mjs"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=64 * 1024 * 1024,
        )
        self._reading = asyncio.create_task(self._listen(self._process))

    async def boot(self) -> Any:
        if not self._process:
            await self.start()
        self.on = True
        return await self.do(
            "boot",
            base=self.base and str(self.base),
            disk=str(self.disk),
            clock=self.clock,
            url=f"http://127.0.0.1:{self.world.proxy_port}/p{self.n}",
            **self.world.pictures,
        )

    async def kill(self) -> None:
        """SIGKILL. What had not completed on its disk is gone."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
            await self._reading
        self._process, self.on = None, False

    async def do(self, order: str, **facts: Any) -> Any:
        """Raises Failed, Dead."""
        if not self._process or not self._process.stdin:
            raise Dead
        self._count += 1
        answer = self._waiting[self._count] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"n": self._count, "do": order, **facts}).encode() + b"\n")
        return await asyncio.wait_for(answer, 30)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            said = json.loads(line)
            if "saved" in said:
                self.world.saved(self.n, said["saved"])
            elif "uncaught" in said:
                self.world.uncaught.append(f"phone {self.n}: {said['uncaught']}")
            elif "n" in said and (waiting := self._waiting.pop(said["n"], None)) and not waiting.done():
                if "failed" in said:
                    waiting.set_exception(Failed(said["failed"]))
                else:
                    waiting.set_result(said["done"])
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Dead())
        self._waiting.clear()


def make_database(url: str, name: str, source: str = "template1") -> None:
    """A PostgreSQL database that is a copy of another; one of that name goes."""
    server = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as db:
        db.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        db.execute(text(f"CREATE DATABASE {name} TEMPLATE {source}"))
    server.dispose()


class World:
    """`async with World() as world`, then `begin` before each schedule."""

    def __init__(self, url: str | None = None, sabotage: str = "") -> None:
        where = FASTEST if Path(FASTEST).is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="clockwise-model-", dir=where))
        self.home = self.folder / "home"
        self.home.mkdir()
        self.url = url or f"sqlite:///{self.home / 'clockwise.sqlite'}"
        self.sabotage = sabotage
        self.phones: list[Phone] = []
        self.uncaught: list[str] = []
        self.oracle: dict[str, dict[str, Any]] = {}
        self.proxy_port = 0
        self.epoch = 1

    async def __aenter__(self) -> "World":
        self._pictures()
        words = [word for patch in PHONE.get(self.sabotage, ()) for word in patch]
        subprocess.run(["node", "tests/model/bundle.mjs", self.folder / "phone.mjs", *words], cwd=ROOT, check=True)
        self._house = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.model.house",
            str(self.home),
            self.url,
            self.sabotage,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=(self.folder / "house.log").open("wb"),
            env={**os.environ, "CLOCKWISE_TESTING": "1"},
        )
        line = await self._house.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError((self.folder / "house.log").read_text())
        self.keys = Keys(self.home / "keys")
        self.proxy = Proxy(json.loads(line)["port"])
        self.proxy_port = await self.proxy.start()
        self.database = Database(self.url)
        await self._enrol()
        return self

    async def __aexit__(self, *_: object) -> None:
        for phone in self.phones:
            await phone.kill()
        self.proxy.close()
        self._house.stdin.close()  # type: ignore[union-attr]
        await self._house.wait()
        self.database.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)

    def saved(self, phone: int, act: dict[str, Any]) -> None:
        """The lane has said "saved on this phone": from now on this act may never be missing."""
        self.oracle[act["id"]] = {**act, "phone": phone}

    async def begin(self, phones: int) -> None:
        """The first day again, with so many phones switched on."""
        await self.order("rest")
        self._put_back(self.folder / "first")
        for name in ("clock", "plan"):
            (self.home / name).unlink(missing_ok=True)
        self.epoch, self.oracle, self.uncaught = 1, {}, []
        self.proxy.heal()
        self.proxy.held.clear()
        self.proxy.over.clear()
        for phone in self.phones:
            phone.disk.unlink(missing_ok=True)
            phone.base, phone.clock, phone.on = self.folder / f"base-{phone.n % len(STAFF)}", 0, False
        await asyncio.gather(*(phone.boot() for phone in self.phones[:phones]))

    async def order(self, what: str) -> None:
        """start, stop, rest (house.py)."""
        self.database.engine.dispose()
        self._house.stdin.write(json.dumps({"do": what}).encode() + b"\n")  # type: ignore[union-attr]
        await self._house.stdout.readline()  # type: ignore[union-attr]

    def sql(self, statement: str, **facts: Any) -> list[Any]:
        with self.database.write() as db:
            done = db.execute(text(statement), facts)
            rows = [tuple(row) for row in done] if done.returns_rows else []
            db.commit()
        return rows

    async def back_up(self, name: str) -> None:
        await self.order("stop")
        self._put_aside(self.folder / name)
        await self.order("start")

    async def restore(self, name: str, new_epoch: bool) -> None:
        """As an administrator does it; one who follows the book says that a new epoch begins, one in a hurry forgets."""
        await self.order("stop")
        self._put_back(self.folder / name)
        if new_epoch:
            self.epoch += 1
            self.sql("UPDATE store_counter SET epoch = :epoch", epoch=self.epoch)
            self.database.engine.dispose()
        await self.order("start")

    def plan(self, **fault: Any) -> None:
        """The server's next fault (house.py)."""
        (self.home / "plan.new").write_text(json.dumps(fault))
        (self.home / "plan.new").rename(self.home / "plan")

    def no_plan(self) -> None:
        (self.home / "plan").unlink(missing_ok=True)

    def set_clock(self, ms: int) -> None:
        (self.home / "clock").write_text(str(ms))

    async def _enrol(self) -> None:
        """Four phones sign in once; each schedule begins with them as they are then."""
        await self.order("start")
        self.phones = [Phone(n, self) for n in range(len(STAFF) + 1)]
        for phone, login in zip(self.phones, STAFF, strict=False):
            await phone.boot()
            await phone.do("signIn", login=login)
            await phone.do("sync")
            await phone.do("off")
            shutil.move(phone.disk, self.folder / f"base-{phone.n}")
        await self.order("stop")
        self._put_aside(self.folder / "first")
        await self._warm()

    async def _warm(self) -> None:
        """One plain visit; the server's parent process repeats what it heard, and every child is quick from its start."""
        await self.begin(2)
        self.proxy.record = heard = []
        visit = new_id()
        await self.phones[0].do("open", plate="浙Z00001", visit=visit)
        for kind in ("answer", "mark", "photo", "concern", "sign", "job", "correct", "release"):
            await self.phones[0].do("tap", kind=kind, visit=visit, number=1)
        for phone in self.phones[:2]:
            await phone.do("sync")
        self.proxy.record = None
        lines = [
            json.dumps(
                [
                    r.method,
                    r.path,
                    dict(line.split(": ", 1) for line in r.head.decode("latin-1").split("\r\n")[1:] if line),
                    r.body.hex(),
                ]
            )
            for r in heard
        ]
        (self.home / "requests").write_text("\n".join(lines))
        await self.order("stop")
        self._put_back(self.folder / "first")
        await self.order("warm")

    def _put_aside(self, where: Path) -> None:
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir()
        self._copy_database(where, aside=True)
        shutil.copytree(self.home / "photos", where / "photos", copy_function=os.link)

    def _put_back(self, where: Path) -> None:
        self._copy_database(where, aside=False)
        shutil.rmtree(self.home / "photos", ignore_errors=True)
        shutil.copytree(where / "photos", self.home / "photos", copy_function=os.link)

    def _copy_database(self, where: Path, aside: bool) -> None:
        """The server is stopped or rests. SQLite: the write-ahead log goes with the file; PostgreSQL copies by itself."""
        if not self.database.is_sqlite:
            here, there = (make_url(self.url).database, "model_" + where.name.replace("-", "_"))
            source, goal = (here, there) if aside else (there, here)
            make_database(self.url, goal, source)
            return
        for ending in ("", "-wal", "-shm"):
            here, there = self.home / f"clockwise.sqlite{ending}", where / f"clockwise.sqlite{ending}"
            source, goal = (here, there) if aside else (there, here)
            goal.unlink(missing_ok=True)
            if source.exists() and ending != "-shm":
                shutil.copy(source, goal)

    def _pictures(self) -> None:
        """A small picture and one that goes in parts."""
        from PIL import Image

        self.pictures = {}
        for name, side in (("small", 40), ("large", 640)):
            path = self.folder / f"{name}.jpg"
            Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(path, "JPEG", quality=98)
            self.pictures[name] = str(path)
