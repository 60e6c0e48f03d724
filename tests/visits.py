"""Visits for tests, brought to where a test begins by the same acts that people send."""

from typing import Any

from tests.conftest import NOON, Phone
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import ChecklistTemplate

TEMPLATE = "0" * 64


def arrival(**other: Any) -> dict[str, Any]:
    """Arguments of visit.open for a booked car."""
    return {"plate": "浙ZA1056", "vin": "L00SA15B3PA100231", "powertrain": "fuel", "customer_name": "赵样例",
            "mobile": "16400002001", "sender": "owner", "arrived_at": to_wire(NOON), "notice_version": "2026-11-01", **other}


def a_visit(phone: Phone, at: str) -> str:
    """Opens a visit and walks it to the state `at`; returns its id."""
    visit = new_id()
    _done(phone.does("visit.open", arrival(), visit))
    if at == "arrived":
        return visit
    _a_template(phone)
    _done(phone.does("walkaround.start", {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}, visit))
    return visit


def _a_template(phone: Phone) -> None:
    with phone.database.write() as db:
        db.merge(ChecklistTemplate(store_id="YF01", sha256=TEMPLATE, id="walkaround_quick", version=1, served={}))
        db.commit()


def _done(receipt: Any) -> None:
    assert receipt.verdict == "applied", receipt
