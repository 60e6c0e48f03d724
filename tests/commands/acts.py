"""One act of every command, and the state of the visit in which it is done: the table that the five tests go through."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from tests.conftest import NOON, Phone
from tests.papers import signing
from tests.visits import CONSENT, DELIVERY, TEMPLATE, WHITE_TOWEL, a_catalogue, a_visit, arrival, does, job, mark, part
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import Document

Args = Callable[[Phone, str], dict[str, Any]]


class Example(NamedTuple):
    """at: the state of the visit, "new" for a visit that is not there yet, "none" for an act about no visit."""

    at: str
    args: Args


def photo(**other: Any) -> dict[str, Any]:
    return {"photo": new_id(), "sha256": "a" * 64, "bytes": 400_000, "mime": "image/jpeg", "width": 2048, "height": 1536,
            "taken_at": to_wire(NOON), "subject": {"kind": "zone", "id": "ext_lf"}, **other}


def belonging(**other: Any) -> dict[str, Any]:
    return {"belonging": new_id(), "text": "行车记录仪", "kept_in_car": True, **other}


def concern(**other: Any) -> dict[str, Any]:
    return {"concern": new_id(), "text": "刹车有异响", "when": "早上冷车", **other}


def link(**other: Any) -> dict[str, Any]:
    return {"link": new_id(), "token_sha256": new_id().replace("-", "") * 2, "scope": "view", **other}


def zone(id: str, *items: str) -> dict[str, Any]:
    return {"zone": id, "status": "ok", "items": list(items)}


def made(phone: Phone, visit: str, command: str, args: dict[str, Any], name: str) -> str:
    """Does an act and returns the id that it was given."""
    does(phone, command, args, visit)
    return str(args[name])


def an_order(phone: Phone, visit: str) -> None:
    does(phone, "work_order.open", {}, visit)


def a_line(phone: Phone, visit: str) -> str:
    an_order(phone, visit)
    return made(phone, visit, "work_order.add_job", job(), "line")


def a_car_mark(phone: Phone, visit: str) -> str:
    """A mark of this car's earlier visit, by an act there."""
    earlier = a_visit(phone, at="inspecting")
    return made(phone, earlier, "walkaround.record_damage", mark(), "mark")


def a_delivery(phone: Phone, visit: str) -> None:
    does(phone, "internal_delivery.start", {"template_sha256": DELIVERY}, visit)


def a_photo(phone: Phone, visit: str) -> str:
    return made(phone, visit, "photo.add", photo(), "photo")


def the_mark(phone: Phone, visit: str) -> str:
    return made(phone, visit, "walkaround.record_damage", mark(), "mark")


def a_thing(phone: Phone, visit: str) -> str:
    return made(phone, visit, "walkaround.record_belonging", belonging(), "belonging")


def the_document(phone: Phone, visit: str) -> str:
    with phone.database.read() as db:
        return db.scalars(select(Document.id).where(Document.visit_id == visit)).first() or ""


def _with(args: dict[str, Any], *before: Callable[[Phone, str], Any]) -> Args:
    """Plain arguments, after acts that must have been done before."""

    def make(phone: Phone, visit: str) -> dict[str, Any]:
        for act in before:
            act(phone, visit)
        return args

    return make


def _id(name: str, before: Callable[[Phone, str], str], **other: Any) -> Args:
    """Arguments that name something made before."""
    return lambda phone, visit: {name: before(phone, visit), **other}


def _restorable(phone: Phone, visit: str) -> str:
    id = a_photo(phone, visit)
    does(phone, "photo.retract", {"photo": id, "reason": "重复"}, visit)
    return id


def _answered(run: str, item: str) -> Callable[[Phone, str], Any]:
    return lambda phone, visit: does(phone, f"{run}.answer", {"item": item, "status": "ok"}, visit)


def _other_visit(phone: Phone, _visit: str) -> dict[str, Any]:
    return {"into": a_visit(phone, at="arrived"), "reason": "同一辆车登记了两次"}


def _held(phone: Phone, visit: str) -> dict[str, Any]:
    does(Phone(phone.database, phone.door, "E001"), "visit.hold", {"reason": "事故，保险公司在查"}, visit)
    return {"reason": "已结案"}


def _lost(phone: Phone, _visit: str) -> dict[str, Any]:
    a_catalogue(phone)
    return {"from": phone.seq + 1, "to": phone.seq + 3}


LATER = to_wire(NOON + timedelta(hours=4))
EXAMPLES: dict[str, Example] = {
    "visit.open": Example("new", lambda phone, visit: arrival()),
    "visit.describe": Example("arrived", _with({"arrival_mode": "booked", "waiting_mode": "lounge"})),
    "visit.correct": Example("arrived", _with({"mobile": "16400002009", "reason": "登记时看错"})),
    "visit.merge": Example("arrived", _other_visit),
    "visit.mark_ready": Example("authorised", _with({"checked_by": "甄质检"})),
    "visit.release": Example("settling", _with({"settled_elsewhere": "已在本部结算"})),
    "visit.cancel": Example("inspecting", _with({"reason": "客户有急事"})),
    "visit.hold": Example("inspecting", _with({"reason": "事故，保险公司在查"})),
    "visit.release_hold": Example("inspecting", lambda phone, visit: _held(phone, visit)),
    "visit.export": Example("released", _with({"reason": "客户要"})),
    "visit.erase": Example("released", _with({"reason": "客户来电要求", "rule": "customer_request"})),
    "consent.record": Example("arrived", _with(CONSENT)),
    "walkaround.start": Example("arrived", _with({"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"},
                                                 lambda phone, visit: does(phone, "consent.record", CONSENT, visit))),
    "walkaround.answer": Example("inspecting", _with({"item": "WA-E1-01", "status": "attention"})),
    "walkaround.answer_zone": Example("inspecting", _with(zone("ext_front", "WA-E2-01", "WA-E2-02"))),
    "walkaround.clear_answer": Example("inspecting", _with({"items": ["WA-E1-01"]}, _answered("walkaround", "WA-E1-01"))),
    "walkaround.resolve": Example("inspecting", _with({"item": "WA-E1-01", "status": "ok"})),
    "walkaround.skip_zone": Example("inspecting", _with({"zone": "ext_rear", "reason": "后面贴墙"})),
    "walkaround.skip_photo": Example("inspecting", _with({"item": "WA-DR-01", "reason": "客户不让拍"})),
    "walkaround.record_damage": Example("inspecting", lambda phone, visit: mark()),
    "walkaround.retract_damage": Example("inspecting", _id("mark", the_mark, reason="是泥点")),
    "walkaround.compare_mark": Example("inspecting", _id("mark", a_car_mark, now="worse")),
    "walkaround.record_belonging": Example("inspecting", lambda phone, visit: belonging()),
    "walkaround.retract_belonging": Example("inspecting", _id("belonging", a_thing, reason="客户带走了")),
    "photo.add": Example("inspecting", lambda phone, visit: photo()),
    "photo.annotate": Example("inspecting", _id("photo", a_photo, shapes=[{"kind": "arrow", "points": [[1, 2], [3, 4]]}])),
    "photo.retract": Example("inspecting", _id("photo", a_photo, reason="重复")),
    "photo.restore": Example("inspecting", _id("photo", _restorable, reason="还是要")),
    "concern.add": Example("arrived", lambda phone, visit: concern()),
    "concern.retract": Example("arrived", lambda phone, visit: {
        "concern": made(phone, visit, "concern.add", concern(), "concern"), "reason": "客户说没有了"}),
    "work_order.open": Example("inspecting", _with({"ceiling_fen": 100_000, "addon_agreement": "phone_then_sign"})),
    "work_order.add_job": Example("inspecting", _with(job(), an_order)),
    "work_order.add_part": Example("inspecting", _with(part(), an_order)),
    "work_order.discount": Example("inspecting", _with({"amount_fen": 2000, "reason": "老客户"}, a_line)),
    "work_order.remove_line": Example("inspecting", _id("line", a_line, reason="客户不做")),
    "work_order.decline": Example("inspecting", _id("line", a_line, reason="下次再做", safety=False)),
    "work_order.promise": Example("inspecting", _with({"promised_at": LATER}, an_order)),
    "work_order.choose": Example("inspecting", _with({"old_parts": "take", "payment": "wechat"}, an_order)),
    "document.sign": Example("inspecting", lambda phone, visit: signing(phone, visit, "pre_inspection")),
    "document.refuse": Example("inspecting", _with({"kind": "pre_inspection", "revision": 1, "reason": "absent"})),
    "document.void": Example("estimating", _id("document", the_document, reason="签错了人")),
    "status.issue_link": Example("arrived", lambda phone, visit: link()),
    "status.revoke_link": Example("arrived", lambda phone, visit: {
        "link": made(phone, visit, "status.issue_link", link(), "link"), "reason": "发错群了"}),
    "internal_delivery.start": Example("authorised", _with({"template_sha256": DELIVERY})),
    "internal_delivery.answer": Example("authorised", _with({"item": "PD-DO-01", "status": "ok"}, a_delivery)),
    "internal_delivery.answer_zone": Example("authorised", _with(zone("paper", "PD-DO-01"), a_delivery)),
    "internal_delivery.clear_answer": Example("authorised", _with({"items": ["PD-DO-01"]}, a_delivery)),
    "handover.start": Example("ready", _with({"template_sha256": WHITE_TOWEL, "person": "赵样例"})),
    "handover.answer": Example("handover", _with({"item": "WT-ME-01", "status": "ok"})),
    "handover.answer_zone": Example("handover", _with(zone("exterior", "WT-EX-01"))),
    "handover.clear_answer": Example("handover", _with({"items": ["WT-ME-01"]}, _answered("handover", "WT-ME-01"))),
    "handover.return_belonging": Example("handover", _id("belonging", a_thing, returned=True)),
    "handover.compare_mark": Example("handover", _id("mark", the_mark, same=True)),
    "handover.find_defect": Example("handover", _with({"text": "左后门有新划痕"})),
    "device.lost_seq": Example("none", _lost),
}
ONLY_MANAGER = frozenset({"document.void", "visit.export", "visit.erase"})
ONLY_OWNER = frozenset({"visit.hold", "visit.release_hold"})
