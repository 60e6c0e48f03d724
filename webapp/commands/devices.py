"""Phones of the store: enrolled by their user's password, known by a token that slides 90 days (decisions.md 15)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.foundation.actor import Actor
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.es256 import jwk_id, jwk_of, public_key
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Device, Incident, Staff, StoreCounter

LASTS = timedelta(days=90)
SLIDES_AFTER = timedelta(days=1)
SEEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Caller:
    """Whose token it is. revoked: the phone was stopped, or its user has left; it may still hand in what it holds.

    wipe: a manager ordered it to forget everything, and it has not said yet that it has.
    """

    actor: Actor
    revoked: bool
    expect_seq: int
    token_until: datetime
    last_seen_at: datetime | None
    key_id: str | None
    wipe: bool = False

    def is_due(self, now: datetime) -> bool:
        """True when `seen` should write that the phone was here."""
        return self.last_seen_at is None or now - self.last_seen_at > SEEN_AFTER or self.token_until - now < LASTS - SLIDES_AFTER


@dataclass(frozen=True)
class Enrolled:
    device: str
    token: str
    actor: Actor
    epoch: int
    expect_seq: int
    key_id: str | None


def find_caller(database: Database, token: str, now: datetime) -> Caller | None:
    """The phone with this token, None when there is none or it has run out."""
    with database.read() as db:
        device = _by_token(db, token, now)
        staff = db.get(Staff, (device.store_id, device.staff_id)) if device else None
    if device is None or staff is None or device.token_until is None:
        return None
    actor = Actor(staff.store_id, staff.id, staff.name, frozenset(staff.roles), device.id)
    revoked = device.revoked_at is not None or not staff.active
    return Caller(actor, revoked, device.expect_seq, device.token_until, device.last_seen_at, _key_id(device),
                  device.wipe_at is not None)


def enrol(actor: Actor, name: str, public_key: dict[str, Any] | None) -> Callable[[Session, datetime], Enrolled]:
    """A new phone of a person who has just given their password."""
    key = check_key(public_key) if public_key else None

    def work(db: Session, now: datetime) -> Enrolled:
        device = Device(id=new_id(), store_id=actor.store, staff_id=actor.staff, name=name, public_key=key, enrolled_at=now,
                        expect_seq=1)
        db.add(device)
        return _give_token(db, device, actor, now)

    return work


def enrol_again(actor: Actor, device_id: str, jwk: dict[str, Any] | None = None) -> Callable[[Session, datetime], Enrolled]:
    """The same person on the same phone after its token ran out: a new token, its numbers go on. Raises Refusal.

    A phone that was stopped gets one too, and it is still stopped: the guard lets it hand in what it holds and nothing else.
    Refused here, whoever had signed out on it could never hand in again.

    A phone that had no key gets this one. A phone has one key for ever, or its older acts could be checked no more: who
    comes with another one is a new phone.
    """
    key = check_key(jwk) if jwk else None

    def work(db: Session, now: datetime) -> Enrolled:
        device = db.get(Device, device_id, with_for_update=True)
        if device is None or (device.store_id, device.staff_id) != (actor.store, actor.staff) or device.is_server:
            raise Refusal("device.not_yours", N_("这部手机是别人登记的，请用登记人的工号登录，或作为新手机登录"))
        if key and device.public_key not in (None, key):
            raise Refusal("device.other_key", N_("这部手机的签名密钥换了，请作为新手机登录；没发出的内容会跟着过去"))
        device.public_key = device.public_key or key
        return _give_token(db, device, actor, now)

    return work


def fork(token: str, fork_of: str, jwk: dict[str, Any] | None = None) -> Callable[[Session, datetime], Enrolled | None]:
    """A second phone that woke up with a copied identity gets its own; the old one keeps its token. Raises Refusal."""
    key = check_key(jwk) if jwk else None

    def work(db: Session, now: datetime) -> Enrolled | None:
        old = _by_token(db, token, now)
        staff = db.get(Staff, (old.store_id, old.staff_id)) if old else None
        if old is None or staff is None:
            return None
        if old.id != fork_of:
            raise Refusal("device.not_yours", N_("这部手机是别人登记的，请用登记人的工号登录，或作为新手机登录"))
        if old.revoked_at or not staff.active:
            raise Refusal("device_revoked", N_("这部手机已被停用；没发出的内容仍可发给服务经理处理"))
        actor = Actor(staff.store_id, staff.id, staff.name, frozenset(staff.roles), "")
        device = Device(id=new_id(), store_id=old.store_id, staff_id=old.staff_id, name=old.name, public_key=key,
                        enrolled_at=now, expect_seq=1, fork_of=old.id)
        db.add(device)
        return _give_token(db, device, actor, now)

    return work


def seen(device_id: str) -> Callable[[Session, datetime], None]:
    """Notes that the phone was here, and lets its token slide."""

    def work(db: Session, now: datetime) -> None:
        device = db.get(Device, device_id)
        if device is not None and not device.revoked_at:
            device.last_seen_at, device.token_until = now, now + LASTS

    return work


def wiped(caller: Caller, left: int) -> Callable[[Session, datetime], None]:
    """The phone has handed in what it could and is about to forget everything; its token ends here. Raises Refusal.

    left: what it could not hand in. The manager finds it among what was set aside.
    """

    def work(db: Session, now: datetime) -> None:
        device = db.get_one(Device, caller.actor.device, with_for_update=True)
        if device.wipe_at is None:
            raise Refusal("device.keep", N_("没有人要求清除这部手机"))
        device.wiped_at, device.token_until = now, now
        db.add(Incident(id=new_id(), store_id=device.store_id, change_no=None, kind="device.wiped", device_id=device.id, at=now,
                        facts={"staff": caller.actor.staff, "left": left}))

    return work


def check_key(jwk: dict[str, Any]) -> dict[str, str]:
    """A public P-256 key as browsers export it, without what we do not use. Raises Refusal."""
    try:
        return jwk_of(public_key(jwk))
    except ValueError as why:
        raise Refusal("device.bad_key", N_("手机的公钥不对，请更新应用后再登录")) from why


def _by_token(db: Session, token: str, now: datetime) -> Device | None:
    device = db.scalar(select(Device).where(Device.token_sha256 == sha256_hex(token.encode("utf-8", "replace"))))
    return device if device and device.token_until and device.token_until > now else None


def _give_token(db: Session, device: Device, actor: Actor, now: datetime) -> Enrolled:
    token = secrets.token_urlsafe(32)
    device.token_sha256, device.token_until, device.last_seen_at = sha256_hex(token.encode()), now + LASTS, now
    epoch = db.scalars(select(StoreCounter.epoch).where(StoreCounter.store_id == device.store_id)).one()
    actor = Actor(actor.store, actor.staff, actor.name, actor.roles, device.id)
    return Enrolled(device.id, token, actor, epoch, device.expect_seq, _key_id(device))


def _key_id(device: Device) -> str | None:
    return jwk_id(device.public_key) if device.public_key else None

