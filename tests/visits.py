"""Visits for tests, brought to where a test begins by the same acts that people send."""

from datetime import timedelta
from typing import Any

from tests.conftest import NOON, Phone
from tests.papers import LEGAL, signing
from webapp.domain.catalogue import checklists
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import ChecklistTemplate, LegalText

TEMPLATES = {served["id"]: served for served in checklists()}
TEMPLATE = TEMPLATES["walkaround_quick"]["sha256"]
FULL = TEMPLATES["walkaround_full"]["sha256"]
DELIVERY = TEMPLATES["pre_delivery_internal"]["sha256"]
WHITE_TOWEL = TEMPLATES["white_towel_handover"]["sha256"]
CONSENT = {"notice_version": "2026-11-01", "photos": True, "signature": True, "marketing": False}
STATES = ("arrived", "inspecting", "estimating", "authorised", "ready", "handover", "settling", "released")


def arrival(**other: Any) -> dict[str, Any]:
    """Arguments of visit.open for a booked car."""
    return {"plate": "浙ZA1056", "vin": "L00SA15B3PA100231", "powertrain": "fuel", "customer_name": "赵样例",
            "mobile": "16400002001", "sender": "owner", "arrived_at": to_wire(NOON), "notice_version": "2026-11-01", **other}


def a_visit(phone: Phone, at: str, **other: Any) -> str:
    """Opens a visit and walks it to the state `at` (one of STATES); returns its id. `other`: arguments of visit.open."""
    visit = new_id()
    a_catalogue(phone)
    does(phone, "visit.open", arrival(**other), visit)
    for state in STATES[1:STATES.index(at) + 1]:
        STEPS[state](phone, visit)
    return visit


def does(phone: Phone, command: str, args: dict[str, Any], visit: str | None = None) -> Any:
    """One act that must be applied; returns its receipt."""
    receipt = phone.does(command, args, visit)
    assert receipt.verdict == "applied", receipt
    return receipt


def a_catalogue(phone: Phone) -> None:
    """The stores' checklists and terms, as seeding puts them there."""
    with phone.database.write() as db:
        for store in ("YF01", "YF02"):
            for id, served in TEMPLATES.items():
                db.merge(ChecklistTemplate(store_id=store, sha256=served["sha256"], id=id, version=1, served=served))
            for text in LEGAL.values():
                db.merge(LegalText(store_id=store, current=True, **text))
        db.commit()


def mark(**other: Any) -> dict[str, Any]:
    return {"mark": new_id(), "region": "door_lf", "kind": "scratch", "size": "medium", "x": 1200, "y": 3400, **other}


def job(**other: Any) -> dict[str, Any]:
    return {"line": new_id(), "text": "更换机油机滤", "hours_centi": 80, "price_fen": 9600, "payer": "customer", **other}


def part(**other: Any) -> dict[str, Any]:
    return {"line": new_id(), "text": "机油 5W-30", "quantity_milli": 4500, "price_fen": 6800, "payer": "customer",
            "part_class": "original", **other}


def signs(phone: Phone, visit: str, kind: str) -> Any:
    """The customer signs this document as it stands."""
    return does(phone, "document.sign", signing(phone, visit, kind), visit)


def _inspecting(phone: Phone, visit: str) -> None:
    does(phone, "consent.record", CONSENT, visit)
    does(phone, "walkaround.start", {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}, visit)


def _estimating(phone: Phone, visit: str) -> None:
    does(phone, "walkaround.answer", {"item": "WA-DR-02", "number": 52310}, visit)
    does(phone, "walkaround.record_damage", mark(), visit)
    signs(phone, visit, "pre_inspection")


def _authorised(phone: Phone, visit: str) -> None:
    does(phone, "work_order.open", {}, visit)
    does(phone, "work_order.add_job", job(), visit)
    does(phone, "work_order.promise", {"promised_at": to_wire(NOON + timedelta(hours=4))}, visit)
    signs(phone, visit, "work_order")


def _ready(phone: Phone, visit: str) -> None:
    does(phone, "visit.mark_ready", {"checked_by": "甄质检"}, visit)


def _handover(phone: Phone, visit: str) -> None:
    does(phone, "handover.start", {"template_sha256": WHITE_TOWEL, "person": "赵样例"}, visit)


def _settling(phone: Phone, visit: str) -> None:
    signs(phone, visit, "handover")


def _released(phone: Phone, visit: str) -> None:
    does(phone, "visit.release", {"settled_elsewhere": "已在本部结算"}, visit)


STEPS = {"inspecting": _inspecting, "estimating": _estimating, "authorised": _authorised, "ready": _ready, "handover": _handover,
         "settling": _settling, "released": _released}
