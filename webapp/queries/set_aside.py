"""What was set aside for the manager: acts that count for nothing until somebody looks, and what phones know of the ledger.

Nothing of it is lost: the content is shown as it came.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from webapp.foundation.refusal import N_
from webapp.models import Device, Incident, KeptAct, Staff, Visit
from webapp.queries.sentences import sentence
from webapp.queries.words import Lexicon, Say

PAGE = 50
LONGEST = 20_000
KINDS = {
    "device.lost_seq": (N_("这部手机缺了第 %(from)s 到 %(to)s 条记录"),
                        N_("手机存储损坏过。请使用人回想这段时间做了什么，缺的重新记录。")),
    "device.wiped": (N_("这部手机已清除，没交上来的有 %(left)s 项"), N_("按门店的要求清除的，不用处理。")),
    "head_differs": (N_("这部手机记得的账本与现在的不一致，从第 %(first)s 条起"),
                     N_("账本可能被人改过。请不要重装服务器，保留这部手机，用 flask heads 查看。")),
    "head_taken_back": (N_("恢复备份时，账本从第 %(first)s 条起被退掉了"),
                        N_("如果最近恢复过备份，手机会自动重发，不用处理；没有恢复过就要查。")),
}
TO_DO = {
    "bad_signature": N_("可能有人冒用这部手机。请与使用人核对，不是本人做的就停用这部手机。"),
    "device.revoked": N_("手机停用后才送到。请与使用人核对，需要的重新记录。"),
    "act.version": N_("这部手机的应用比服务器新。请先更新服务器，再重新记录。"),
    "command.unknown": N_("这部手机的应用比服务器新。请先更新服务器，再重新记录。"),
    "act.fault": N_("服务器处理不了。请把这一条交给维护的人。"),
}
ELSE_TO_DO = N_("没有生效。请与使用人核对，需要的重新记录。")


@dataclass(frozen=True)
class Aside:
    """why: what happened. to_do: what the manager does about it. says: the act in words. content: the act as it came."""

    id: str
    at: datetime
    kind: str
    phone: str
    device: str | None
    person: str
    why: Say
    to_do: str
    index: int | None = None
    visit: str | None = None
    plate: str = ""
    says: Say | None = None
    content: str | None = None


def set_aside(db: Session, store: str, lexicon: Lexicon, phone: str | None = None, after: str | None = None) -> list[Aside]:
    """The newest first, at most PAGE + 1; after: the id of the last one already shown. phone: only of this one."""
    query = (select(Incident, KeptAct, Device.name, Staff.name, Visit.plate)
             .outerjoin(KeptAct, and_(KeptAct.store_id == Incident.store_id, KeptAct.idx == Incident.change_no))
             .outerjoin(Device, and_(Device.store_id == Incident.store_id, Device.id == Incident.device_id))
             .outerjoin(Staff, and_(Staff.store_id == Device.store_id, Staff.id == Device.staff_id))
             .outerjoin(Visit, and_(Visit.store_id == KeptAct.store_id, Visit.id == KeptAct.visit_id))
             .where(Incident.store_id == store).order_by(Incident.at.desc(), Incident.id.desc()).limit(PAGE + 1))
    if phone:
        query = query.where(Incident.device_id == phone)
    last = db.execute(select(Incident.at, Incident.id).where(Incident.store_id == store, Incident.id == after)).first()
    if last:
        query = query.where(tuple_(Incident.at, Incident.id) < (last.at, last.id))
    return [_aside(incident, act, device, person, plate, lexicon) for incident, act, device, person, plate in db.execute(query)]


def _aside(incident: Incident, act: KeptAct | None, device: str | None, person: str | None, plate: str | None,
           lexicon: Lexicon) -> Aside:
    common = (incident.id, incident.at, incident.kind, device or "", incident.device_id, person or "")
    if incident.kind in KINDS:
        why, to_do = KINDS[incident.kind]
        first = min((index for index, _ in incident.facts.get("heads", ())), default=0)
        return Aside(*common, Say(why, {**incident.facts, "first": first}), to_do, incident.change_no)
    to_do = TO_DO.get(incident.kind, ELSE_TO_DO)
    if act is None:
        return Aside(*common, Say(incident.kind), to_do, incident.change_no)
    told = _read(act.body)
    args = told.get("args") if isinstance(told, dict) else None
    return Aside(*common, Say(act.sentence, act.facts), to_do, act.idx, act.visit_id if plate else None, plate or "",
                 sentence(act.command, args, lexicon) if isinstance(args, dict) and act.command else None, _shown(act.body, told))


def _read(body: bytes | None) -> Any:
    try:
        return json.loads(body or b"")
    except (ValueError, RecursionError):
        return None


def _shown(body: bytes | None, told: Any) -> str | None:
    """Laid out for reading where it can be read; None once it was lawfully erased."""
    if body is None:
        return None
    text = body.decode("utf-8", "replace")
    if isinstance(told, dict):
        try:
            text = json.dumps(told, ensure_ascii=False, indent=2)
            text.encode()
        except (ValueError, RecursionError):  # lone surrogates: no page can carry them
            text = body.decode("utf-8", "replace")
    return text[:LONGEST] + ("\n…" if len(text) > LONGEST else "")
