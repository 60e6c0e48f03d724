"""Making a store: its row, its people, the server's own device, its lists and terms. Used by the command line only.

This is not a door for changing a visit; it lays the ground before the first act, and so it may commit.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from webapp.commands.sign_in import LONGEST, hash_password
from webapp.domain import catalogue, demo
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import Refusal
from webapp.models import (
    Appointment,
    ChecklistTemplate,
    Customer,
    DeskSession,
    Device,
    LabourOperation,
    LegalText,
    Part,
    Staff,
    Store,
    StoreCounter,
    Vehicle,
    Visit,
)
from webapp.models.visit import STILL_HERE

DEMO_PASSWORD = "clockwise"  # noqa: S105 - printed on the demo's sign-in page
SHORTEST = 8
AHEAD = 7


def seed_demo(database: Database, now: datetime) -> bool:
    """The demo store, on a database without any store. False when there is one already; then nothing is changed."""
    with database.write() as db:
        if db.scalar(select(func.count()).select_from(Store)):
            return False
        shown = demo.store()
        _lay_ground(db, shown, demo.staff(), hash_password(DEMO_PASSWORD), now)
        _stock(db, shown["id"], now.astimezone(ZoneInfo(shown["time_zone"])).date())
        db.commit()
    return True


def renew_demo(database: Database, now: datetime) -> int:
    """Cars to receive on the coming days too: who tries the demo tomorrow finds the same ones booked. How many were added.

    A booking is known by its number, so a day is filled once; a car that is here now is not booked again. A week ahead,
    because a phone that is in touch is told of a booking when it draws near (queries/scope.py).
    """
    with database.write() as db:
        stores = db.scalars(select(Store)).all()
        if len(stores) != 1 or not stores[0].demo:
            return 0
        store, today = stores[0].id, now.astimezone(ZoneInfo(stores[0].time_zone)).date()
        cars = _demo_cars(db, store, today)
        known = set(db.scalars(select(Appointment.number).where(Appointment.store_id == store)))
        rows = [row for day in range(AHEAD) for row in demo.appointments(cars, today + timedelta(days=day))]
        here = set(db.scalars(select(Visit.vehicle_id).where(Visit.store_id == store, text(STILL_HERE))))
        new = [row for row in rows if row["number"] not in known and row["vehicle_id"] not in here]
        db.add_all(Appointment(store_id=store, **row) for row in new)
        db.commit()
    return len(new)


def _demo_cars(db: Session, store: str, today: date) -> dict[str, dict[str, Any]]:
    """The demo's cars by their name in its file, as they stand in the database."""
    ids = dict(db.execute(select(Vehicle.vin, Vehicle.id).where(Vehicle.store_id == store)).all())
    cars = demo.vehicles(demo.customers(), today)
    return {name: {**car, "id": ids[car["vin"]]} for name, car in cars.items() if car["vin"] in ids}


def create_store(database: Database, now: datetime, *, store: str, name: str, short_name: str, login: str, owner: str,
                 password: str, time_zone: str = "Asia/Shanghai") -> None:
    """A real store with its owner, who adds the others at the desk. The demo's people can sign in no more from then on.

    Raises Refusal with a sentence when something is not as it must be; then nothing is changed.
    """
    store, login = store.strip().upper(), login.strip().upper()
    _check(store, name, short_name, login, owner, password, time_zone)
    with database.write() as db:
        if db.get(Store, store) is not None:
            raise Refusal("store.known", "已有编号为 %(store)s 的门店，请换一个编号", store=store)
        row = {"id": store, "name": name, "short_name": short_name, "time_zone": time_zone, "settings": {}}
        people = [{"id": login, "name": owner, "roles": ["owner", "service_manager"], "facts": {}}]
        _lay_ground(db, row, people, hash_password(password), now)
        _end_demo(db)
        db.commit()


def renew_lists(database: Database) -> None:
    """Gives every store today's checklists and terms. Old versions stay: visits and signed papers name them by hash."""
    with database.write() as db:
        for store in db.scalars(select(Store.id)).all():
            _lists(db, store)
        db.commit()


def _lay_ground(db: Session, store: dict[str, Any], people: list[dict[str, Any]], password_hash: str, now: datetime) -> None:
    db.add(Store(**store))
    db.flush()
    db.add(StoreCounter(store_id=store["id"]))
    db.add_all(Staff(store_id=store["id"], password_hash=password_hash, **person) for person in people)
    db.add(Device(id=new_id(), store_id=store["id"], name="服务器", is_server=True, enrolled_at=now))
    _lists(db, store["id"])


def _stock(db: Session, store: str, today: date) -> None:
    customers = demo.customers()
    vehicles = demo.vehicles(customers, today)
    db.add_all(Customer(store_id=store, **row) for row in customers)
    db.flush()
    db.add_all(Vehicle(store_id=store, **row) for row in vehicles.values())
    db.flush()
    db.add_all(Appointment(store_id=store, **row) for row in demo.appointments(vehicles, today))
    db.add_all(LabourOperation(store_id=store, **row) for row in demo.labour_operations())
    db.add_all(Part(store_id=store, **row) for row in demo.parts(today))


def _lists(db: Session, store: str) -> None:
    _newest(db, store, ChecklistTemplate, [{**{key: made[key] for key in ("id", "version", "sha256")}, "served": made}
                                           for made in catalogue.checklists()])
    _newest(db, store, LegalText, catalogue.legal_texts())


def _newest(db: Session, store: str, table: type[ChecklistTemplate] | type[LegalText], rows: Sequence[dict[str, Any]]) -> None:
    known = set(db.scalars(select(table.sha256).where(table.store_id == store)))
    today = table.sha256.in_([row["sha256"] for row in rows])
    db.execute(update(table).where(table.store_id == store, table.current != today).values(current=today))
    db.add_all(table(store_id=store, **row) for row in rows if row["sha256"] not in known)


def _end_demo(db: Session) -> None:
    shown = select(Store.id).where(Store.demo).scalar_subquery()
    db.execute(update(Staff).where(Staff.store_id.in_(shown)).values(active=False))
    db.execute(delete(DeskSession).where(DeskSession.store_id.in_(shown)))


def _check(store: str, name: str, short_name: str, login: str, owner: str, password: str, time_zone: str) -> None:
    problems = {
        "门店编号须是 2 到 12 个字母或数字，例如 HZ01": re.fullmatch(r"[A-Z0-9]{2,12}", store),
        "门店全称须是 1 到 80 个字": 0 < len(name.strip()) <= 80,
        "门店简称须是 1 到 40 个字": 0 < len(short_name.strip()) <= 40,
        "工号须是 1 到 20 个字母或数字，例如 E001": re.fullmatch(r"[A-Z0-9]{1,20}", login),
        "店主姓名须是 1 到 40 个字": 0 < len(owner.strip()) <= 40,
        f"密码须是 {SHORTEST} 到 {LONGEST} 个字符": SHORTEST <= len(password) <= LONGEST,
        "真实门店不能用演示密码": password != DEMO_PASSWORD,
        "时区须是 Asia/Shanghai 这样的名字": time_zone in available_timezones(),
    }
    for sentence, fine in problems.items():
        if not fine:
            raise Refusal("store.bad", sentence)
