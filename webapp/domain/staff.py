"""员工: who works here and in which roles. Passwords are given once, by the server; the ledger holds the hash of that
one-time password only, since its owner must change it before anything else."""

from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.domain.words import Command, Name, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import DeskSession, Staff, Visit

Login = Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,20}$")]
Role = Literal["advisor", "workshop_supervisor", "team_leader", "technician", "qc_inspector", "parts_clerk", "cashier",
               "car_washer", "gate_guard", "crm_clerk", "service_manager", "owner"]
Roles = Annotated[tuple[Role, ...], Meta(min_length=1, max_length=12)]
PasswordHash = Annotated[str, Meta(pattern=r"^\$argon2id\$[A-Za-z0-9$=,+/]{20,180}$")]


class AddStaff(Command, frozen=True):
    staff: Login
    name: Name
    roles: Roles
    password_hash: PasswordHash
    phone: Annotated[str, Meta(pattern=r"^[0-9+-]{5,20}$")] | None = None


class SetRoles(Command, frozen=True):
    staff: Login
    name: Name
    roles: Roles


class ResetPassword(Command, frozen=True):
    staff: Login
    password_hash: PasswordHash


class LeaveStaff(Command, frozen=True):
    staff: Login
    reason: Note


class ReturnStaff(Command, frozen=True):
    staff: Login
    reason: Note


def add(db: Session, act: Act, visit: Visit | None, cmd: AddStaff) -> Done | None:
    """A new colleague with a one-time password. Only an owner makes an owner."""
    if db.get(Staff, (act.store, cmd.staff)) is not None:
        raise Refusal("staff.known", N_("工号 %(staff)s 已经有人用，请换一个"), staff=cmd.staff)
    _only_owner_makes_owner(act, cmd.roles)

    db.add(Staff(store_id=act.store, id=cmd.staff, name=cmd.name, roles=list(cmd.roles), password_hash=cmd.password_hash,
                 phone=cmd.phone, facts={"must_change_password": True}))
    return None


def set_roles(db: Session, act: Act, visit: Visit | None, cmd: SetRoles) -> Done | None:
    """Name and roles as they are from now on. The last owner stays an owner."""
    staff = _mine(db, act, cmd.staff)
    _only_owner_makes_owner(act, cmd.roles)
    if "owner" in staff.roles and "owner" not in cmd.roles:
        _not_the_last_owner(db, act, staff)

    staff.name, staff.roles = cmd.name, list(cmd.roles)
    return None


def reset_password(db: Session, act: Act, visit: Visit | None, cmd: ResetPassword) -> Done | None:
    """A one-time password; every desk session of that person ends."""
    staff = _mine(db, act, cmd.staff)

    staff.password_hash, staff.facts = cmd.password_hash, {**staff.facts, "must_change_password": True}
    _end_sessions(db, staff)
    return None


def leave(db: Session, act: Act, visit: Visit | None, cmd: LeaveStaff) -> Done | None:
    """No longer works here: signed out everywhere within one request; what they did stays theirs."""
    staff = _mine(db, act, cmd.staff)
    if staff.id == act.actor.staff:
        raise Refusal("staff.yourself", N_("不能停用自己，请另一位店主来做"))
    _not_the_last_owner(db, act, staff)

    staff.active = False
    _end_sessions(db, staff)
    return None


def come_back(db: Session, act: Act, visit: Visit | None, cmd: ReturnStaff) -> Done | None:
    _mine(db, act, cmd.staff).active = True
    return None


def _mine(db: Session, act: Act, login: str) -> Staff:
    """Somebody of this store. A service manager does not touch an owner."""
    staff = db.get(Staff, (act.store, login))
    if staff is None:
        raise Refusal("staff.unknown", N_("本店没有这个工号"))
    if "owner" in staff.roles and "owner" not in act.actor.roles:
        raise Refusal("staff.owner_only", N_("店主的资料只有店主能改"))
    return staff


def _only_owner_makes_owner(act: Act, roles: Roles) -> None:
    if "owner" in roles and "owner" not in act.actor.roles:
        raise Refusal("staff.owner_only", N_("店主的资料只有店主能改"))


def _not_the_last_owner(db: Session, act: Act, staff: Staff) -> None:
    others = db.scalars(select(Staff).where(Staff.store_id == act.store, Staff.active, Staff.id != staff.id))
    if "owner" in staff.roles and not any("owner" in other.roles for other in others):
        raise Refusal("staff.last_owner", N_("这是最后一位店主，请先让另一个人当店主"))


def _end_sessions(db: Session, staff: Staff) -> None:
    db.execute(delete(DeskSession).where(DeskSession.store_id == staff.store_id, DeskSession.staff_id == staff.id))
