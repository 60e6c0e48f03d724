"""Phones of the store: whose they are, when they were last heard of, and what they still hold."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Device, KeptAct, Photo, Staff


@dataclass(frozen=True)
class Phone:
    """expected: photos announced by it whose bytes are not here yet. set_aside: its acts that wait for the manager."""

    id: str
    name: str
    person: str
    staff: str
    app: str | None
    enrolled_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None
    acts: int
    failing: bool
    expected: int = 0
    set_aside: int = 0
    wipe_at: datetime | None = None
    wiped_at: datetime | None = None


def phones(db: Session, store: str) -> list[Phone]:
    """All phones, those in use first, the newest contact first."""
    rows = db.execute(
        select(Device, Staff.name).outerjoin(Staff, (Staff.store_id == Device.store_id) & (Staff.id == Device.staff_id))
        .where(Device.store_id == store, ~Device.is_server)).all()
    ids = [d.id for d, _ in rows]
    expected = dict(db.execute(select(Photo.device_id, func.count()).where(
        Photo.store_id == store, Photo.state == "expected", ~Photo.retracted).group_by(Photo.device_id)).all())
    aside = dict(db.execute(select(KeptAct.device_id, func.count()).where(
        KeptAct.store_id == store, KeptAct.device_id.in_(ids), KeptAct.verdict == "quarantined")
        .group_by(KeptAct.device_id)).all())
    found = [_phone(d, name, expected.get(d.id, 0), aside.get(d.id, 0)) for d, name in rows]
    return sorted(found, key=lambda p: (p.revoked_at is not None, -(p.last_seen_at or p.enrolled_at).timestamp()))


def holding(db: Session, store: str, visits: list[str]) -> list[Phone]:
    """Phones that still hold photos of these visits, with how many."""
    if not visits:
        return []
    counted = dict(db.execute(select(Photo.device_id, func.count()).where(
        Photo.visit_id.in_(visits), Photo.store_id == store, Photo.state == "expected", ~Photo.retracted)
        .group_by(Photo.device_id)).all())
    return [p for p in _some(db, store, list(counted), counted) if p.expected]


def in_use(db: Session, store: str, visits: list[str], since: datetime) -> list[Phone]:
    """Phones heard of since then, and those that hold photos of these visits."""
    recent = db.scalars(select(Device.id).where(Device.store_id == store, ~Device.is_server, Device.revoked_at.is_(None),
                                                Device.last_seen_at >= since)).all()
    held = {p.id: p.expected for p in holding(db, store, visits)}
    found = _some(db, store, list({*recent, *held}), held)
    return sorted(found, key=lambda p: (-p.expected, p.person, p.id))[:12]


def _some(db: Session, store: str, ids: list[str], expected: dict[str, int]) -> list[Phone]:
    rows = db.execute(
        select(Device, Staff.name).outerjoin(Staff, (Staff.store_id == Device.store_id) & (Staff.id == Device.staff_id))
        .where(Device.store_id == store, Device.id.in_(ids))) if ids else ()
    return [_phone(d, name, expected.get(d.id, 0), 0) for d, name in rows]


def _phone(device: Device, person: str | None, expected: int, aside: int) -> Phone:
    return Phone(device.id, device.name, person or "", device.staff_id or "", device.app, device.enrolled_at,
                 device.last_seen_at, device.revoked_at, device.expect_seq - 1, device.failures > 0, expected, aside,
                 device.wipe_at, device.wiped_at)
