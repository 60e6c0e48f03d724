"""The demo store on an empty database, real stores beside it, and lists that are renewed without losing the old ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from migrations.run import upgrade
from webapp.commands import furnish
from webapp.commands.permission import ROLES
from webapp.commands.sign_in import SignIn, SignInRefused
from webapp.domain.damage import RecordDamage
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import Refusal
from webapp.models import Appointment, ChecklistTemplate, Device, LegalText, Staff, Store, StoreCounter, Vehicle, Visit

LATE = datetime(2027, 3, 9, 16, 30, tzinfo=UTC)  # past midnight in the store
REAL = {"store": "hz01", "name": "杭州样例汽车服务有限公司", "short_name": "样例杭州店", "login": "e001", "owner": "顾样例",
        "password": "a long sentence"}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    upgrade(database)
    yield database
    database.engine.dispose()


def test_the_demo_store_has_cars_today_in_its_own_time_zone(empty: Database) -> None:
    assert furnish.seed_demo(empty, LATE)

    with empty.read() as db:
        days = [a.slot_start_at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() for a in db.scalars(select(Appointment))]
    assert sorted(set(days)) == ["2027-03-10", "2027-03-11"]
    assert days.count("2027-03-10") == 8


def test_a_second_time_changes_nothing(empty: Database) -> None:
    furnish.seed_demo(empty, LATE)
    before = counts(empty)

    assert not furnish.seed_demo(empty, LATE)
    assert counts(empty) == before


def test_the_next_days_have_cars_to_receive_once(empty: Database) -> None:
    furnish.seed_demo(empty, LATE)
    later = LATE + timedelta(days=3)

    added = furnish.renew_demo(empty, later)

    assert added and not furnish.renew_demo(empty, later)
    assert booked_on(empty, "2027-03-13") >= 8
    assert furnish.renew_demo(empty, later + timedelta(days=1))  # the next day fills one day more
    assert booked_on(empty, "2027-03-13") >= 8


def test_a_car_that_is_here_is_not_booked_again_nor_one_of_a_real_store(empty: Database) -> None:
    furnish.seed_demo(empty, LATE)
    with empty.write() as db:
        car = db.scalars(select(Vehicle).where(Vehicle.id.in_(select(Appointment.vehicle_id)))).first()
        assert car is not None
        db.add(Visit(id=new_id(), store_id="YF01", state="inspecting", advisor="E005", plate=car.plate, powertrain="fuel",
                     vehicle_id=car.id, customer_name="赵样例", mobile="16400002001", sender="owner",
                     notice_version="2026-11-01", arrived_at=LATE, touched_at=LATE))
        db.commit()
        before = bookings_of(empty, car.id)

    assert furnish.renew_demo(empty, LATE + timedelta(days=3))
    assert bookings_of(empty, car.id) == before

    furnish.create_store(empty, LATE, **REAL)
    assert furnish.renew_demo(empty, LATE + timedelta(days=9)) == 0


def test_its_people_have_roles_of_the_glossary_and_its_cars_marks_that_can_be_drawn(empty: Database) -> None:
    furnish.seed_demo(empty, LATE)

    with empty.read() as db:
        roles = {role for person in db.scalars(select(Staff)) for role in person.roles}
        marks = [mark for car in db.scalars(select(Vehicle)) for mark in car.marks]
        servers = db.scalars(select(Device).where(Device.is_server)).all()
    assert roles <= ROLES.keys()
    assert len(marks) >= 6
    for mark in marks:
        RecordDamage(**{key: mark[key] for key in ("region", "kind", "size", "x", "y")}, mark=mark["id"])
    assert len(servers) == 1


def test_the_demo_signs_in_until_there_is_a_real_store(empty: Database) -> None:
    furnish.seed_demo(empty, LATE)
    door = SignIn(empty)
    assert door.check("YF01", "E005", furnish.DEMO_PASSWORD, "here").name == "林顾问"

    furnish.create_store(empty, LATE, **REAL)

    with pytest.raises(SignInRefused):
        door.check("YF01", "E005", furnish.DEMO_PASSWORD, "here")
    assert door.check("HZ01", "E001", "a long sentence", "here").roles >= {"owner"}


def test_two_stores_have_their_own_lists_and_counters(empty: Database) -> None:
    furnish.create_store(empty, LATE, **REAL)
    furnish.create_store(empty, LATE, **{**REAL, "store": "HZ02"})

    with empty.read() as db:
        per_store = dict(db.execute(select(ChecklistTemplate.store_id, func.count()).group_by(ChecklistTemplate.store_id)).all())
        assert per_store == {"HZ01": 8, "HZ02": 8}
        assert len(db.scalars(select(StoreCounter)).all()) == 2


@pytest.mark.parametrize(("key", "value", "sentence"), [
    ("store", "H", "门店编号"), ("store", "杭州", "门店编号"), ("name", " ", "全称"), ("short_name", "店" * 41, "简称"),
    ("login", "E 1", "工号"), ("owner", "", "姓名"), ("password", "short", "密码"), ("password", "clockwise", "演示密码"),
    ("time_zone", "Mars/North", "时区"),
])
def test_a_bad_store_is_refused_with_a_sentence(empty: Database, key: str, value: str, sentence: str) -> None:
    with pytest.raises(Refusal) as no:
        furnish.create_store(empty, LATE, **{**REAL, key: value})

    assert sentence in no.value.text
    assert counts(empty)["store"] == 0


def test_a_store_id_is_used_once(empty: Database) -> None:
    furnish.create_store(empty, LATE, **REAL)

    with pytest.raises(Refusal, match=r"store\.known"):
        furnish.create_store(empty, LATE, **REAL)


def test_new_lists_come_and_old_ones_stay(empty: Database) -> None:
    furnish.create_store(empty, LATE, **REAL)
    with empty.write() as db:  # as an older server left it: other words, other hashes
        for table in (ChecklistTemplate, LegalText):
            old = db.scalars(select(table)).first()
            assert old is not None
            db.execute(update(table).where(table.sha256 == old.sha256).values(sha256="0" * 64))
        db.commit()

    furnish.renew_lists(empty)
    furnish.renew_lists(empty)

    with empty.read() as db:
        for table, all_of_them in ((ChecklistTemplate, 9), (LegalText, 6)):
            rows = db.scalars(select(table)).all()
            assert len(rows) == all_of_them
            assert [row.sha256 for row in rows if not row.current] == ["0" * 64]


def counts(database: Database) -> dict[str, int]:
    with database.read() as db:
        return {table.__tablename__: db.scalar(select(func.count()).select_from(table)) or 0
                for table in (Store, Staff, Vehicle, Appointment, ChecklistTemplate, Device)}


def booked_on(database: Database, day: str) -> int:
    with database.read() as db:
        return sum(a.slot_start_at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == day
                   for a in db.scalars(select(Appointment)))


def bookings_of(database: Database, car: str) -> int:
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(Appointment).where(Appointment.vehicle_id == car)) or 0
