"""手机: what a phone has to say about itself, and what the manager does with it."""

from typing import Annotated

from msgspec import Meta, field
from sqlalchemy.orm import Session

from webapp.domain.words import Command, IdText, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Device, Incident, Visit

Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]
MOST_LOST = 10_000


class LostSeq(Command, frozen=True):
    from_: Seq = field(name="from")
    to: Seq


def lost_seq(db: Session, act: Act, visit: Visit | None, cmd: LostSeq) -> Done | None:
    """A hole in the phone's acts (storage damage): told by an act that stands at the hole's first number. The phone goes on
    behind the hole, and the manager sees an incident instead of a blocked queue (offline.md 3.3)."""
    if cmd.from_ != act.seq or not 0 <= cmd.to - cmd.from_ < MOST_LOST:
        raise Refusal("device.bad_hole", N_("缺失的记录范围不对，请更新应用后再同步"), seq=act.seq)

    db.add(Incident(id=new_id(), store_id=act.store, change_no=act.change_no, kind="device.lost_seq",
                    device_id=act.actor.device, facts={"from": cmd.from_, "to": cmd.to, "staff": act.actor.staff}, at=act.now))
    return Done({"next_seq": cmd.to + 1}, next_seq=cmd.to + 1)


class RevokeDevice(Command, frozen=True):
    device: IdText
    reason: Note


def revoke(db: Session, act: Act, visit: Visit | None, cmd: RevokeDevice) -> Done | None:
    """Lost or lent: from the next request on it reads nothing. What it still holds may come in, set aside for the manager."""
    phone = _phone(db, act, cmd.device)
    phone.revoked_at = phone.revoked_at or act.now
    return None


class WipeDevice(RevokeDevice, frozen=True):
    """What a manager orders for a phone that will not come back."""


def wipe(db: Session, act: Act, visit: Visit | None, cmd: WipeDevice) -> Done | None:
    """Stopped, and told at its next contact to forget everything, after it has handed in what it still holds."""
    phone = _phone(db, act, cmd.device)
    if phone.wiped_at:
        raise Refusal("device.wiped", N_("这部手机已经清除过了"))

    phone.revoked_at = phone.revoked_at or act.now
    phone.wipe_at = phone.wipe_at or act.now
    return None


def _phone(db: Session, act: Act, id: str) -> Device:
    phone = db.get(Device, id)
    if phone is None or phone.store_id != act.store or phone.is_server:
        raise Refusal("device.unknown", N_("本店没有这部手机"))
    return phone
