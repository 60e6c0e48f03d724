"""Visits for tests, brought to where a test begins by the same acts that people send."""

from typing import Any

from tests.conftest import NOON, Phone
from webapp.domain.catalogue import checklists
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import ChecklistTemplate

TEMPLATES = {served["id"]: served for served in checklists()}
TEMPLATE = TEMPLATES["walkaround_quick"]["sha256"]


def arrival(**other: Any) -> dict[str, Any]:
    """Arguments of visit.open for a booked car."""
    return {"plate": "浙ZA1056", "vin": "L00SA15B3PA100231", "powertrain": "fuel", "customer_name": "赵样例",
            "mobile": "16400002001", "sender": "owner", "arrived_at": to_wire(NOON), "notice_version": "2026-11-01", **other}


def a_visit(phone: Phone, at: str, **other: Any) -> str:
    """Opens a visit and walks it to the state `at`; returns its id."""
    visit = new_id()
    a_catalogue(phone)
    does(phone, "visit.open", arrival(**other), visit)
    if at == "arrived":
        return visit
    does(phone, "consent.record", CONSENT, visit)
    does(phone, "walkaround.start", {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}, visit)
    return visit


CONSENT = {"notice_version": "2026-11-01", "photos": True, "signature": True, "marketing": False}


def a_catalogue(phone: Phone) -> None:
    """The store's checklists, as seeding puts them there."""
    with phone.database.write() as db:
        for store in ("YF01", "YF02"):
            for id, served in TEMPLATES.items():
                db.merge(ChecklistTemplate(store_id=store, sha256=served["sha256"], id=id, version=1, served=served))
        db.commit()


def does(phone: Phone, command: str, args: dict[str, Any], visit: str | None = None) -> Any:
    """One act that must be applied; returns its receipt."""
    receipt = phone.does(command, args, visit)
    assert receipt.verdict == "applied", receipt
    return receipt
