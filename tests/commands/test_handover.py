"""内部交车 and 交车: after the order, with the customer, and back to the workshop when they find something."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import a_delivery, a_thing, the_mark
from tests.conftest import Phone
from tests.visits import DELIVERY, STEPS, TEMPLATE, WHITE_TOWEL, a_visit, does, mark
from webapp.foundation.ids import new_id
from webapp.models import Answer, Belonging, ChecklistRun, Defect, MarkCheck, Visit


@pytest.mark.parametrize("at", ["arrived", "inspecting", "estimating"])
def test_internal_delivery_waits_for_the_order(phone: Phone, at: str) -> None:
    receipt = phone.does("internal_delivery.start", {"template_sha256": DELIVERY}, a_visit(phone, at=at))

    assert (receipt.verdict, receipt.code) == ("refused", "internal_delivery.not_now")


@pytest.mark.parametrize(("command", "at"), [("internal_delivery.start", "authorised"), ("handover.start", "ready")])
def test_each_run_has_its_own_list(phone: Phone, command: str, at: str) -> None:
    args = {"template_sha256": TEMPLATE} | ({"person": "赵样例"} if command == "handover.start" else {})

    assert phone.does(command, args, a_visit(phone, at=at)).code == "checklist.wrong_template"


@pytest.mark.parametrize(("command", "args", "code"), [
    ("internal_delivery.answer", {"item": "PD-DO-01", "status": "ok"}, "internal_delivery.not_started"),
    ("handover.answer", {"item": "WT-ME-01", "status": "ok"}, "handover.not_started"),
    ("handover.clear_answer", {"items": ["WT-ME-01"]}, "handover.not_started"),
    ("handover.return_belonging", {"belonging": new_id(), "returned": True}, "handover.not_started"),
    ("handover.compare_mark", {"mark": new_id(), "same": True}, "handover.not_started"),
])
def test_nothing_is_answered_before_the_run_begins(phone: Phone, command: str, args: dict[str, Any], code: str) -> None:
    assert phone.does(command, args, a_visit(phone, at="ready")).code == code


def test_a_run_begun_twice_is_joined(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="handover"), phone_of("E006")
    a_delivery(phone, visit)

    again = [other.does("internal_delivery.start", {"template_sha256": DELIVERY}, visit),
             other.does("handover.start", {"template_sha256": WHITE_TOWEL, "person": "钱样例"}, visit)]

    assert [(r.verdict, r.facts) for r in again] == [("applied", {"joined": True})] * 2
    with phone.database.read() as db:
        assert db.get_one(ChecklistRun, f"{visit}.handover").person == "赵样例"


def test_a_car_that_is_not_ready_is_not_handed_over(phone: Phone) -> None:
    receipt = phone.does("handover.start", {"template_sha256": WHITE_TOWEL, "person": "赵样例"}, a_visit(phone, at="authorised"))

    assert (receipt.code, receipt.facts["state"]) == ("visit.not_now", "已委托")


def test_answers_of_the_runs_do_not_mix(phone: Phone) -> None:
    visit = a_visit(phone, at="handover")
    a_delivery(phone, visit)
    does(phone, "internal_delivery.answer", {"item": "PD-DO-01", "status": "ok"}, visit)

    assert phone.does("handover.answer", {"item": "PD-DO-01", "status": "ok"}, visit).code == "checklist.unknown_item"
    assert phone.does("internal_delivery.answer_zone", {"zone": "car", "status": "ok", "items": ["PD-CA-10"]}, visit).facts == {
        "refused": [{"item": "PD-CA-10", "why": "safety"}]}


def test_things_are_ticked_back_and_the_last_word_counts(phone: Phone) -> None:
    visit = a_visit(phone, at="handover")
    thing = a_thing(phone, visit)
    does(phone, "handover.return_belonging", {"belonging": thing, "returned": False, "note": "找不到"}, visit)
    does(phone, "handover.return_belonging", {"belonging": thing, "returned": True}, visit)

    with phone.database.read() as db:
        row = db.get_one(Belonging, thing)
        assert (row.returned, row.return_note) == (True, None)
    assert phone.does("handover.return_belonging", {"belonging": new_id(), "returned": True}, visit).code == \
        "handover.belonging_unknown"


def test_marks_of_arrival_are_compared_and_no_others(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="handover"), phone_of("E006")
    seen = the_mark(phone, visit)
    does(phone, "handover.compare_mark", {"mark": seen, "same": True}, visit)

    receipt = other.does("handover.compare_mark", {"mark": seen, "same": False, "note": "更深了"}, visit)

    assert (receipt.verdict, receipt.facts["conflicts"][0]["current"]["now"]) == ("conflict", "not_same")
    with phone.database.read() as db:
        assert [(row.run, row.now, row.note) for row in db.scalars(select(MarkCheck))] == [("handover", "not_same", "更深了")]
    assert phone.does("handover.compare_mark", {"mark": new_id(), "same": True}, visit).code == "handover.mark_unknown"


def test_a_defect_sends_the_car_back_and_the_list_begins_anew(phone: Phone) -> None:
    visit = a_visit(phone, at="handover")
    does(phone, "handover.answer", {"item": "WT-ME-01", "status": "ok"}, visit)

    does(phone, "handover.find_defect", {"text": "左后门有新划痕"}, visit)

    with phone.database.read() as db:
        assert db.get_one(Visit, visit).state == "internal_rework"
        assert db.scalars(select(Defect)).one().text == "左后门有新划痕"
    for state in ("ready", "handover"):
        STEPS[state](phone, visit)
    with phone.database.read() as db:
        assert db.get_one(Visit, visit).state == "handover"
        assert [row.current for row in db.scalars(select(Answer).where(Answer.item == "WT-ME-01"))] == [False]


def test_a_fact_after_the_handover_signature_opens_a_revision(phone: Phone) -> None:
    visit = a_visit(phone, at="settling")

    assert phone.does("handover.answer", {"item": "WT-AD-01", "text": "首保 5000 公里"}, visit).facts == {"revision": 2}
    assert phone.does("walkaround.record_damage", mark(), visit).facts == {"revision": 2}
