"""People of the store, as the manager's page lists them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Device, Staff


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    roles: tuple[str, ...]
    phone: str | None
    active: bool
    phones: int


def people(db: Session, store: str) -> list[Person]:
    """Everybody, those at work first, by staff number."""
    phones = dict(db.execute(select(Device.staff_id, func.count()).where(
        Device.store_id == store, Device.revoked_at.is_(None), ~Device.is_server).group_by(Device.staff_id)).all())
    rows = db.scalars(select(Staff).where(Staff.store_id == store).order_by(Staff.id))
    return sorted((_person(s, phones.get(s.id, 0)) for s in rows), key=lambda p: not p.active)


def person(db: Session, store: str, login: str) -> Person | None:
    """One of them, None when the store has nobody by that number."""
    found = db.scalar(select(Staff).where(Staff.store_id == store, Staff.id == login))
    return _person(found, 0) if found else None


def _person(staff: Staff, phones: int) -> Person:
    return Person(staff.id, staff.name, tuple(staff.roles), staff.phone, staff.active, phones)
