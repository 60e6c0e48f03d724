"""A sign-in at the desk: kept on the server, named by a cookie; 30 min idle, 12 h in all (decisions.md 15).

A session is not a fact about a car, so it has no act; it ends with the person's leave within one request, because every
request looks at the person too.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from webapp.foundation.actor import Actor
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.foundation.question import Question
from webapp.models import DeskSession, Device, Staff, Store, StoreCounter

IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=12)
NOTED_AFTER = timedelta(minutes=1)  # being active is written once a minute, not on every click


@dataclass(frozen=True)
class DeskUser:
    """Who sits at the desk, in which store, by which session. n: the store's last change number when we asked."""

    actor: Actor
    store_name: str
    time_zone: str
    session: str
    csrf_secret: bytes
    active_at: datetime
    must_change: bool
    n: int

    def is_due(self, now: datetime) -> bool:
        """True when `noted` should write that somebody is here."""
        return now - self.active_at >= NOTED_AFTER


def open_session(actor: Actor, old: str | None) -> Callable[[Session, datetime], str]:
    """A new session of a person who has just given their password; returns its token.

    The token is always new and an old one ends with it (fixation). Sessions long over are swept on the way.
    """

    def work(db: Session, now: datetime) -> str:
        if old:
            db.execute(delete(DeskSession).where(DeskSession.token_sha256 == _hash(old)))
        db.execute(delete(DeskSession).where(DeskSession.store_id == actor.store, DeskSession.created_at < now - WHOLE))
        token = secrets.token_urlsafe(32)
        db.add(DeskSession(token_sha256=_hash(token), store_id=actor.store, staff_id=actor.staff,
                           csrf_secret=secrets.token_bytes(32), created_at=now, active_at=now))
        _servers_device(db, actor.store, now)
        return token

    return work


# Made once: it is asked at every request of the desk.
_SERVER = (select(func.min(Device.id)).where(Device.store_id == DeskSession.store_id, Device.is_server)
           .correlate(DeskSession).scalar_subquery())
_SESSION = Question(
    select(DeskSession.token_sha256, DeskSession.csrf_secret, DeskSession.created_at, DeskSession.active_at, Staff.id, Staff.name,
           Staff.roles, Staff.active, Staff.facts, Store.id, Store.short_name, Store.time_zone, _SERVER, StoreCounter.n)
    .join(Staff, (Staff.store_id == DeskSession.store_id) & (Staff.id == DeskSession.staff_id))
    .join(Store, Store.id == DeskSession.store_id)
    .outerjoin(StoreCounter, StoreCounter.store_id == DeskSession.store_id)
    .where(DeskSession.token_sha256 == bindparam("token")))


def find_session(database: Database, token: str, now: datetime) -> DeskUser | None:
    """Whose session this is; None when there is none, it ran out, or the person no longer works here."""
    row = _SESSION.first(database, token=_hash(token))
    if row is None:
        return None
    session, csrf_secret, created_at, active_at, staff, name, roles, active, facts, store, store_name, zone, device, n = row
    if device is None or not active or now - active_at > IDLE or now - created_at > WHOLE:
        return None
    return DeskUser(Actor(store, staff, name, frozenset(roles), device), store_name, zone, session, csrf_secret, active_at,
                    bool(facts.get("must_change_password")), n or 0)


def noted(session: str) -> Callable[[Session, datetime], None]:
    """Notes that somebody worked at the desk just now."""

    def work(db: Session, now: datetime) -> None:
        row = db.get(DeskSession, session)
        if row is not None:
            row.active_at = now

    return work


def end_session(session: str) -> Callable[[Session, datetime], None]:
    """Signs out; the cookie is worth nothing afterwards."""

    def work(db: Session, now: datetime) -> None:
        db.execute(delete(DeskSession).where(DeskSession.token_sha256 == session))

    return work


def change_password(user: DeskUser, password_hash: str) -> Callable[[Session, datetime], None]:
    """A person's own new password; their other sessions end."""

    def work(db: Session, now: datetime) -> None:
        staff = db.get_one(Staff, (user.actor.store, user.actor.staff))
        staff.password_hash = password_hash
        staff.facts = {k: v for k, v in staff.facts.items() if k != "must_change_password"}
        db.execute(delete(DeskSession).where(DeskSession.store_id == staff.store_id, DeskSession.staff_id == staff.id,
                                             DeskSession.token_sha256 != user.session))

    return work


def _servers_device(db: Session, store: str, now: datetime) -> None:
    """Desk acts come from the store's own device; a store that has none yet gets it here."""
    if db.scalar(select(Device.id).where(Device.store_id == store, Device.is_server).limit(1)) is None:
        db.add(Device(id=new_id(), store_id=store, name="服务器", enrolled_at=now, is_server=True))


def _hash(token: str) -> str:
    return sha256_hex(token.encode("utf-8", "replace"))
