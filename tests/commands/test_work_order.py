"""工单: who may discount how much, what the catalogue says of a line, and what stays fixed once it is signed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import a_line, an_order
from tests.conftest import NOON, Phone
from tests.visits import a_visit, does, job, part
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import DeclinedItem, Discrepancy, LabourOperation, OrderLine, Part, Staff, Visit, WorkOrder


@pytest.mark.parametrize(("command", "args"), [
    ("work_order.add_job", job()), ("work_order.add_part", part()), ("work_order.discount", {"amount_fen": 1, "reason": "?"}),
    ("work_order.remove_line", {"line": new_id(), "reason": "?"}), ("work_order.promise", {"promised_at": to_wire(NOON)}),
    ("work_order.choose", {"wash": "accept"}),
])
def test_before_an_order_is_open_nothing_goes_on_it(phone: Phone, command: str, args: dict[str, Any]) -> None:
    receipt = phone.does(command, args, a_visit(phone, at="inspecting"))

    assert (receipt.verdict, receipt.code) == ("refused", "work_order.not_open")


def test_an_order_opened_twice_is_one_and_the_first_words_stay(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "work_order.open", {"ceiling_fen": 50_000}, visit)

    receipt = other.does("work_order.open", {"ceiling_fen": 80_000, "addon_agreement": "online"}, visit)

    assert receipt.verdict == "conflict"
    with phone.database.read() as db:
        order, suggestion = db.get_one(WorkOrder, visit), db.scalars(select(Discrepancy)).one()
        assert (order.ceiling_fen, order.addon_agreement, order.opened_by) == (50_000, "online", "E005")
        assert (suggestion.field, suggestion.value) == ("work_order.ceiling_fen", "80000")
        assert db.get_one(Visit, visit).order_number == "WX-20261123-0001"


def test_a_job_of_the_catalogue_knows_whether_it_is_about_safety(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    an_order(phone, visit)
    with phone.database.write() as db:
        db.add(LabourOperation(store_id="YF01", code="L010", text="更换前制动片", hours_centi=100, price_fen=12000, safety=True,
                               high_voltage=False, default_parts=[]))
        db.commit()

    does(phone, "work_order.add_job", job(line=(known := new_id()), labour_operation="L010"), visit)
    unknown = does(phone, "work_order.add_job", job(labour_operation="L999"), visit)

    with phone.database.read() as db:
        assert db.get_one(OrderLine, known).safety is True
    assert unknown.facts == {"warnings": ["labour.unknown"]}


def test_too_little_in_stock_is_said_with_the_day_it_comes(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    an_order(phone, visit)
    with phone.database.write() as db:
        db.add(Part(store_id="YF01", code="P001", text="机油", part_class="original", unit="L", price_fen=6800, stock_milli=2000,
                    eta_on="2026-11-25"))
        db.commit()

    receipt = does(phone, "work_order.add_part", part(part="P001"), visit)

    assert receipt.facts == {"short": {"stock_milli": 2000, "eta_on": "2026-11-25"}}


@pytest.mark.parametrize(("staff", "amount", "code"), [
    ("E005", 9601, "work_order.discount_too_large"), ("E002", 9601, "work_order.discount_too_large"),
    ("E005", 5001, "work_order.discount_limit"), ("E005", 5000, "ok"), ("E002", 5001, "ok"),
])
def test_an_advisor_discounts_within_their_limit(phone: Phone, phone_of: Any, staff: str, amount: int, code: str) -> None:
    visit = a_visit(phone, at="inspecting")
    a_line(phone, visit)
    _limit(phone, 5000)

    assert phone_of(staff).does("work_order.discount", {"amount_fen": amount, "reason": "老客户"}, visit).code == code


def test_only_the_customers_share_can_be_discounted(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    an_order(phone, visit)
    does(phone, "work_order.add_job", job(payer="warranty"), visit)

    assert phone.does("work_order.discount", {"amount_fen": 1, "reason": "?"}, visit).code == "work_order.discount_too_large"


def test_a_line_is_removed_with_a_reason_and_stays_on_record(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    line = a_line(phone, visit)

    for reason in ("客户不做", "再次"):
        does(phone, "work_order.remove_line", {"line": line, "reason": reason}, visit)

    with phone.database.read() as db:
        row = db.get_one(OrderLine, line)
        assert (row.removed, row.remove_reason) == (True, "客户不做")
    assert phone.does("work_order.remove_line", {"line": new_id(), "reason": "?"}, visit).code == "work_order.line_unknown"


def test_an_id_of_a_line_is_used_once(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    line = a_line(phone, visit)

    assert phone.does("work_order.add_part", part(line=line), visit).code == "work_order.line_known"
    assert phone.does("work_order.add_job", job(line=line), visit).code == "work_order.line_known"


@pytest.mark.parametrize(("args", "code"), [
    ({}, "work_order.one_subject"), ({"line": new_id(), "item": "WA-DR-10"}, "work_order.one_subject"),
    ({"line": new_id()}, "work_order.line_unknown"), ({"item": "WA-XX-01"}, "checklist.unknown_item"),
])
def test_what_cannot_be_declined(phone: Phone, args: dict[str, Any], code: str) -> None:
    visit = a_visit(phone, at="inspecting")
    an_order(phone, visit)

    assert phone.does("work_order.decline", {"reason": "?", "safety": False, **args}, visit).code == code


def test_a_safety_item_is_safety_whatever_was_sent(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    receipt = does(phone, "work_order.decline", {"item": "WA-DR-10", "reason": "下次再做", "safety": False}, visit)

    with phone.database.read() as db:
        row = db.scalars(select(DeclinedItem)).one()
        assert (receipt.facts, row.safety, row.text) == ({"safety": True}, True, "制动踏板行程与硬度")


def test_a_declined_line_leaves_the_order_and_declining_again_only_mends_the_reason(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    line = a_line(phone, visit)

    for reason in ("没时间", "下次再做"):
        does(phone, "work_order.decline", {"line": line, "reason": reason, "safety": False}, visit)

    with phone.database.read() as db:
        assert db.get_one(OrderLine, line).removed
        assert [row.reason for row in db.scalars(select(DeclinedItem))] == ["下次再做"]


def test_nobody_promises_the_past(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    an_order(phone, visit)

    past = phone.does("work_order.promise", {"promised_at": to_wire(NOON - timedelta(minutes=1))}, visit)
    assert past.code == "work_order.promise_past"

    does(phone, "work_order.promise", {"promised_at": to_wire(NOON + timedelta(hours=2))}, visit)
    with phone.database.read() as db:
        assert db.get_one(Visit, visit).promised_at == NOON + timedelta(hours=2)


def test_a_change_after_the_signature_is_a_new_revision_and_the_journey_stands(phone: Phone) -> None:
    visit = a_visit(phone, at="authorised")

    receipt = does(phone, "work_order.add_part", (args := part()), visit)

    assert receipt.facts == {"revision": 2}
    with phone.database.read() as db:
        row = db.get_one(Visit, visit)
        assert (row.state, row.signed["work_order"], row.revisions["work_order"]) == ("authorised", 1, 2)
        assert db.get_one(OrderLine, args["line"]).revision == 2


def _limit(phone: Phone, fen: int) -> None:
    with phone.database.write() as db:
        db.get_one(Staff, ("YF01", "E005")).discount_limit_fen = fen
        db.commit()
