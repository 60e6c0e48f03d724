"""The power goes (T3): what a disk that obeys fsync still has, at any moment of a real server's work.

A process with the real database, door and photo store works while strace writes down every write, truncation, rename, removal
and fsync. Then the disk is built again as it was at some moment, without what had not been synced by then, and looked at: with
everything that was acknowledged up to there. `python -m tests.faults.power_cut HOME PHONE MODE` is the one who works.
"""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event

from tests.conftest import Clock, Phone, _people
from tests.sealing import a_house, announced_as, arrives
from tests.visits import arrival
from webapp.commands.execute import Door
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Base

CALLS = "pwrite64,write,fsync,fdatasync,rename,unlink,ftruncate"
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (\d+)$")
FILE = re.compile(r"^\d+<([^>]*)>(?:, )?(.*)$")


@dataclass
class Event:
    """call: write, cut, sync, rename, unlink or ack."""

    call: str
    path: str
    data: bytes = b""
    at: int = 0


def work(home: Path, phone_id: str, mode: str) -> None:
    """Opens visits, announces photos and brings their bytes in; says each acknowledgement on standard output."""
    database, clock = Database(f"sqlite:///{home / 'clockwise.sqlite'}"), Clock()
    if mode != "FULL":  # the control

        @event.listens_for(database.engine, "checkout")
        def _less(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
            connection.execute(f"PRAGMA synchronous={mode}")

    house = a_house(database, clock, home)
    phone = Phone.__new__(Phone)
    phone.database, phone.door, phone.staff, phone.id, phone.seq, phone.base = database, house.door, "E005", phone_id, 0, None
    for n in range(20):
        visit, data = new_id(), f"photo {n} ".encode() * 3000
        args = announced_as(data, "ext_front")
        for act in (phone.act("visit.open", arrival(), visit), phone.act("photo.add", args, visit)):
            (receipt,) = phone.push(act).receipts
            assert receipt.verdict == "applied", receipt
            os.write(1, f"act {receipt.id}\n".encode())
        arrives(house, args["photo"], data)
        os.write(1, f"photo {args['photo']} {sha256_hex(data)}\n".encode())


def traced(folder: Path, mode: str = "FULL") -> tuple[Path, list[Event]]:
    """The disk before, and what happened to it."""
    home, log = folder / "home", folder / "trace"
    home.mkdir(parents=True)
    database = Database(f"sqlite:///{home / 'clockwise.sqlite'}")
    Base.metadata.create_all(database.engine)
    _people(database)
    house = a_house(database, Clock(), home)
    phone = Phone(database, Door(database, Clock()))
    for number in range(256):  # the folders of photos, as a store that has worked for a while has them
        (house.settings.photo_store / f"{number:02x}").mkdir(exist_ok=True)
    database.engine.dispose()
    shutil.copytree(home, folder / "before")
    subprocess.run(["strace", "-f", "-y", "-xx", "-s", "2000000", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", log,
                    sys.executable, "-m", "tests.faults.power_cut", home, phone.id, mode], check=True, stdout=subprocess.PIPE,
                   cwd=Path(__file__).parents[2])
    return folder / "before", read_trace(log, home)


def read_trace(log: Path, home: Path) -> list[Event]:
    events = list[Event]()
    for line in log.read_text().splitlines():
        match = LINE.match(line)
        if match:
            events += _event(match[1], match[2], str(home))
    return events


def _event(call: str, told: str, home: str) -> list[Event]:
    if call in ("rename", "unlink"):
        names = [_bytes(name).decode().removeprefix(home + "/") for name in re.findall(r'"([^"]*)"', told)]
        return [Event(call, names[0], names[-1].encode())]
    match = FILE.match(told)
    if match is None:
        return []
    path, rest = (_bytes(match[1]).decode() if match[1].startswith("\\x") else match[1]), match[2]
    if call == "write" and told.startswith("1<"):
        return [Event("ack", "", _bytes(rest.split('"')[1]))]
    if not path.startswith(home):
        return []
    path = path[len(home) + 1:]
    if call in ("fsync", "fdatasync"):
        return [Event("sync", path)]
    if call == "ftruncate":
        return [Event("cut", path, at=int(rest))]
    at = int(rest.rsplit(", ", 1)[1]) if call == "pwrite64" else -1  # a plain write goes on at the end
    return [Event("write", path, _bytes(rest.split('"')[1]), at)]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """What is written and what of it would still be there. A name is sure once its folder was synced."""

    def __init__(self, before: Path) -> None:
        self.now = {str(p.relative_to(before)): bytearray(p.read_bytes()) for p in before.rglob("*") if p.is_file()}
        self.sure = {name: bytes(data) for name, data in self.now.items()}
        self.names = {name: name for name in self.now}  # what a sure name showed when its folder was synced
        self.acked = list[str]()

    def happens(self, one: Event) -> None:
        if one.call == "ack":
            self.acked.append(one.data.decode().strip())
        elif one.call == "write":
            data = self.now.setdefault(one.path, bytearray())
            at = len(data) if one.at < 0 else one.at
            data.extend(bytes(max(0, at - len(data))))
            data[at:at + len(one.data)] = one.data
        elif one.call == "cut":
            data = self.now.setdefault(one.path, bytearray())
            data[one.at:] = bytes(max(0, one.at - len(data)))
        elif one.call == "rename":
            goal = one.data.decode()
            self.now[goal] = self.now.pop(one.path, bytearray())
            if one.path in self.sure:
                self.names[goal] = one.path
                self.sure["\0" + goal] = self.sure.pop(one.path)
        elif one.call == "unlink":
            self.now.pop(one.path, None)
            self.sure.pop(one.path, None)
        elif one.call == "sync":
            if one.path in self.now:
                self.sure[one.path] = bytes(self.now[one.path])
            for name in [n for n in self.sure if n[0] == "\0" and str(Path(n[1:]).parent) == one.path]:
                self.sure[name[1:]] = self.sure.pop(name)

    def left(self, folder: Path) -> Path:
        """The disk after the power went: only what is sure."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in self.sure.items():
            if name[0] != "\0" and not name.endswith("-shm"):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return folder


def lost(home: Path, acked: list[str]) -> list[str]:
    """What was acknowledged and is not there, and what is broken."""
    database = sqlite3.connect(home / "clockwise.sqlite")
    try:
        wrong = [] if database.execute("PRAGMA integrity_check").fetchone()[0] == "ok" else ["integrity"]
        acts = {row[0] for row in database.execute("SELECT act_id FROM kept_act")}
        photos = dict(database.execute("SELECT id, sha256 FROM photo WHERE state = 'present'"))
    finally:
        database.close()
    for told in (line.split() for line in acked):
        if told[0] == "act" and told[1] not in acts or told[0] == "photo" and photos.get(told[1]) != told[2]:
            wrong.append(" ".join(told))
    for sha256 in photos.values():
        path = home / "photos" / sha256[:2] / sha256
        if not path.is_file() or sha256_hex(path.read_bytes()) != sha256:
            wrong.append(f"no bytes of {sha256[:8]}")
    return wrong


def cut_at(before: Path, events: list[Event], points: int, seed: int, scratch: Path) -> dict[int, list[str]]:
    """Looks at so many moments; returns those at which something was wrong."""
    moments = set(random.Random(seed).sample(range(len(events)), min(points, len(events))))
    disk, wrong = Disk(before), dict[int, list[str]]()
    for n, one in enumerate(events):
        disk.happens(one)
        if n in moments and (found := lost(disk.left(scratch), disk.acked)):
            wrong[n] = found
    return wrong


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

