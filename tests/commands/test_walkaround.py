"""环检: what may be answered how, what stands beside what, and what is only said, not stopped."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import a_car_mark, belonging, the_mark
from tests.conftest import Phone
from tests.visits import CONSENT, FULL, TEMPLATE, WHITE_TOWEL, a_visit, does, mark
from webapp.foundation.ids import new_id
from webapp.models import Answer, Belonging, ChecklistRun, DamageMark, MarkCheck, Skip, Vehicle, Visit, WorkOrder

START = {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}


def test_the_walk_begins_only_after_the_customers_choice(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")

    assert phone.does("walkaround.start", START, visit).code == "consent.missing"

    does(phone, "consent.record", CONSENT, visit)
    assert phone.does("walkaround.start", START, visit).verdict == "applied"


@pytest.mark.parametrize(("sha", "code"), [("f" * 64, "checklist.unknown_template"), (FULL, "checklist.wrong_template"),
                                           (WHITE_TOWEL, "checklist.wrong_template")])
def test_the_list_must_be_the_stores_and_of_this_step(phone: Phone, sha: str, code: str) -> None:
    visit = a_visit(phone, at="arrived")
    does(phone, "consent.record", CONSENT, visit)

    assert phone.does("walkaround.start", {**START, "template_sha256": sha}, visit).code == code


def test_the_full_list_is_recommended_not_forced(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")
    does(phone, "consent.record", CONSENT, visit)
    does(phone, "visit.describe", {"business_type": "accident"}, visit)

    receipt = phone.does("walkaround.start", {**START, "customer_joined": "no"}, visit)

    assert (receipt.verdict, receipt.facts["full_because"]) == ("applied", ["first_visit", "accident", "customer_absent"])


def test_a_second_phone_joins_and_a_quick_walk_may_become_full_but_not_back(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")

    joined = other.does("walkaround.start", START, visit)
    fuller = other.does("walkaround.start", {**START, "mode": "full", "template_sha256": FULL}, visit)
    back = phone.does("walkaround.start", START, visit)

    assert [r.verdict for r in (joined, fuller, back)] == ["applied"] * 3
    assert (joined.facts["joined"], back.facts["joined"]) == ("quick", "full")
    with phone.database.read() as db:
        run = db.get_one(ChecklistRun, f"{visit}.walkaround")
        assert (run.mode, run.template_sha256, run.started_by) == ("full", FULL, "E005")


@pytest.mark.parametrize(("answer", "stored"), [
    ({"item": "WA-E1-01", "status": "fail"}, {"status": "fail", "severity": "fail"}),
    ({"item": "WA-E1-01", "status": "na", "reason": "已拆下"}, {"status": "na", "severity": "na", "reason": "已拆下"}),
    ({"item": "WA-E1-05", "number": 15}, {"number": 15, "severity": "fail"}),
    ({"item": "WA-E1-05", "number": 16}, {"number": 16, "severity": "attention"}),
    ({"item": "WA-E1-05", "number": 30}, {"number": 30, "severity": "ok"}),
    ({"item": "WA-E1-06", "number": 275}, {"number": 275, "severity": "fail"}),
    ({"item": "WA-E1-06", "number": 245}, {"number": 245, "severity": "attention"}),
    ({"item": "WA-E1-06", "number": 240}, {"number": 240, "severity": "ok"}),
    ({"item": "WA-EB-06", "number": 31}, {"number": 31, "severity": "fail"}),
    ({"item": "WA-EB-04", "number": -30}, {"number": -30, "severity": "ok"}),
    ({"item": "WA-DR-02", "number": 52310}, {"number": 52310, "severity": None}),
    ({"item": "WA-PR-03", "choice": "open"}, {"choice": "open", "severity": "attention"}),
    ({"item": "WA-PR-03", "choice": "none"}, {"choice": "none", "severity": None}),
    ({"item": "WA-DR-06", "choices": ["service", "brake"]}, {"choices": ["service", "brake"], "severity": "fail"}),
    ({"item": "WA-GR-03", "text": "刹车异响"}, {"text": "刹车异响", "severity": None}),
])
def test_an_answer_is_weighed_by_its_item(phone: Phone, answer: dict[str, Any], stored: dict[str, Any]) -> None:
    visit = _full(phone, placard=220)

    does(phone, "walkaround.answer", answer, visit)

    with phone.database.read() as db:
        row = db.scalars(select(Answer)).one()
        assert {name: getattr(row, name) for name in stored} == stored
        assert row.current and not row.disputed


@pytest.mark.parametrize(("answer", "code"), [
    ({"item": "WA-XX-99", "status": "ok"}, "checklist.unknown_item"),
    ({"item": "WA-E1-01"}, "answer.one_value"),
    ({"item": "WA-E1-01", "status": "ok", "text": "好"}, "answer.one_value"),
    ({"item": "WA-E1-01", "number": 3}, "answer.wrong_type"),
    ({"item": "WA-E1-05", "status": "ok"}, "answer.wrong_type"),
    ({"item": "WA-E1-05", "status": "na"}, "answer.na_needs_reason"),
    ({"item": "WA-E1-05", "number": 121}, "answer.out_of_range"),
    ({"item": "WA-PR-03", "choice": "maybe"}, "answer.unknown_option"),
    ({"item": "WA-DR-06", "choices": ["none", "brake"]}, "answer.choices"),
    ({"item": "WA-DR-06", "choices": []}, "answer.choices"),
    ({"item": "WA-DR-22", "text": "物" * 201}, "answer.too_long"),
    ({"item": "WA-DR-01", "text": "L00SA15B4PA100231"}, "vehicle.bad_vin"),
    ({"item": "WA-DR-04", "number": 80}, "answer.not_for_this_car"),
])
def test_an_answer_that_cannot_be_is_refused(phone: Phone, answer: dict[str, Any], code: str) -> None:
    receipt = phone.does("walkaround.answer", answer, _full(phone))

    assert (receipt.verdict, receipt.code) == ("refused", code)


def test_two_people_who_differ_stand_side_by_side_until_they_look_together(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)

    receipt = other.does("walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)

    assert receipt.verdict == "conflict"
    assert receipt.facts["conflicts"] == [{"item": "WA-E1-01", "current": {"status": "fail", "by": "E006"},
                                           "other": {"status": "ok", "by": "E005"}}]
    assert _answers(phone, visit) == {("fail", True, True), ("ok", False, True)}

    settled = phone.does("walkaround.resolve", {"item": "WA-E1-01", "status": "attention"}, visit, base=receipt.change_no)

    assert settled.verdict == "applied"
    assert _answers(phone, visit) == {("attention", True, False), ("fail", False, False), ("ok", False, False)}


def test_the_milder_answer_comes_later_and_does_not_hide_the_worse(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)

    receipt = other.does("walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)

    assert (receipt.verdict, receipt.facts["conflicts"][0]["current"]["by"]) == ("conflict", "E005")
    assert _answers(phone, visit) == {("fail", True, True), ("ok", False, True)}


def test_who_has_seen_it_simply_changes_it_and_equal_answers_are_one(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    first = does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)

    equal = other.does("walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)
    changed = other.does("walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit, base=first.change_no)

    assert (equal.verdict, changed.verdict) == ("applied", "applied")
    assert _answers(phone, visit) == {("fail", True, False), ("ok", False, False)}


def test_a_third_answer_keeps_the_dispute_and_replaces_only_ones_own(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)
    other.does("walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)

    phone.does("walkaround.answer", {"item": "WA-E1-01", "status": "attention"}, visit)

    assert _answers(phone, visit) == {("fail", True, True), ("attention", False, True), ("ok", False, False)}


def test_a_zone_is_answered_but_for_what_must_be_looked_at(phone: Phone) -> None:
    visit = _full(phone)
    does(phone, "walkaround.answer", {"item": "WA-E1-02", "status": "attention"}, visit)
    zone = {"zone": "ext_lf", "status": "ok",
            "items": ["WA-E1-01", "WA-E1-02", "WA-E1-03", "WA-E1-04", "WA-E1-05", "WA-E2-01", "WA-XX-01"]}

    receipt = phone.does("walkaround.answer_zone", zone, visit)

    assert (receipt.verdict, receipt.facts["refused"]) == ("applied", [
        {"item": "WA-E1-02", "why": "answered"}, {"item": "WA-E1-04", "why": "safety"}, {"item": "WA-E1-05", "why": "not_status"},
        {"item": "WA-E2-01", "why": "other_zone"}, {"item": "WA-XX-01", "why": "unknown"}])
    with phone.database.read() as db:
        rows = db.scalars(select(Answer).where(Answer.current, Answer.status == "ok")).all()
        assert {row.item for row in rows} == {"WA-E1-01", "WA-E1-03"}
        assert {row.change_no for row in rows} == {receipt.change_no}


def test_a_whole_zone_is_undone(phone: Phone, phone_of: Any) -> None:
    visit, other = _full(phone), phone_of("E006")
    does(phone, "walkaround.answer_zone", {"zone": "ext_lf", "status": "ok", "items": ["WA-E1-01", "WA-E1-03"]}, visit)
    does(other, "walkaround.answer", {"item": "WA-E1-02", "status": "fail"}, visit)

    receipt = phone.does("walkaround.clear_answer", {"items": ["WA-E1-01", "WA-E1-02", "WA-E1-03"]}, visit)

    assert (receipt.verdict, receipt.facts) == ("applied", {"kept": [{"item": "WA-E1-02", "by": "E006"}]})
    with phone.database.read() as db:
        assert [row.item for row in db.scalars(select(Answer).where(Answer.current))] == ["WA-E1-02"]
        assert len(db.scalars(select(Answer)).all()) == 3


def test_undoing_ones_own_side_of_a_dispute_leaves_the_other(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)
    other.does("walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, visit)

    phone.does("walkaround.clear_answer", {"items": ["WA-E1-01"]}, visit)

    assert _answers(phone, visit) == {("ok", True, False), ("fail", False, False)}


def test_unknown_zones_are_refused(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    assert phone.does("walkaround.answer_zone", {"zone": "moon", "status": "ok", "items": ["WA-E1-01"]}, visit).code == \
        "checklist.unknown_zone"
    assert phone.does("walkaround.skip_zone", {"zone": "moon", "reason": "太远"}, visit).code == "checklist.unknown_zone"
    assert phone.does("walkaround.skip_photo", {"reason": "?"}, visit).code == "walkaround.one_subject"


def test_a_zone_is_skipped_once_with_the_last_reason(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    for reason in ("贴墙", "下雨"):
        does(phone, "walkaround.skip_zone", {"zone": "ext_rear", "reason": reason}, visit)

    with phone.database.read() as db:
        assert [(row.kind, row.subject, row.reason) for row in db.scalars(select(Skip))] == [("zone", "ext_rear", "下雨")]


def test_an_odometer_below_the_last_visits_is_asked_about(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    with phone.database.write() as db:
        db.scalars(select(Vehicle)).one().odometer_km = 60000
        db.commit()

    low = phone.does("walkaround.answer", {"item": "WA-DR-02", "number": 52310}, visit)
    why = phone.does("walkaround.answer", {"item": "WA-DR-02", "number": 52310, "reason": "换过仪表"}, visit)

    assert (low.verdict, low.facts.get("warnings"), why.facts.get("warnings")) == ("applied", ["odometer.lower"], None)


def test_what_the_customer_chooses_on_the_walk_feeds_the_order(phone: Phone) -> None:
    visit = _full(phone)
    does(phone, "walkaround.answer", {"item": "WA-CF-02", "choice": "take"}, visit)
    does(phone, "work_order.open", {}, visit)
    does(phone, "walkaround.answer", {"item": "WA-CF-03", "choice": "no_engine_bay"}, visit)

    with phone.database.read() as db:
        order = db.get_one(WorkOrder, visit)
        assert (order.old_parts, order.wash, order.road_test) == ("take", "no_engine_bay", None)


def test_facts_after_the_signature_open_an_unsigned_revision(phone: Phone) -> None:
    visit = a_visit(phone, at="estimating")

    receipts = [phone.does("walkaround.record_damage", mark(), visit),
                phone.does("walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)]

    assert [(r.verdict, r.facts) for r in receipts] == [("applied", {"revision": 2})] * 2
    with phone.database.read() as db:
        row = db.get_one(Visit, visit)
        assert (row.state, row.signed, row.revisions["pre_inspection"]) == ("estimating", {"pre_inspection": 1}, 2)


@pytest.mark.parametrize(("command", "args", "code"), [
    ("walkaround.retract_damage", {"mark": new_id(), "reason": "?"}, "walkaround.mark_unknown"),
    ("walkaround.retract_belonging", {"belonging": new_id(), "reason": "?"}, "walkaround.belonging_unknown"),
    ("walkaround.compare_mark", {"mark": new_id(), "now": "same"}, "walkaround.mark_unknown"),
    ("concern.retract", {"concern": new_id(), "reason": "?"}, "concern.unknown"),
])
def test_what_is_not_there_cannot_be_taken_back(phone: Phone, command: str, args: dict[str, Any], code: str) -> None:
    assert phone.does(command, args, a_visit(phone, at="inspecting")).code == code


def test_taking_back_twice_is_no_error_and_keeps_the_first_reason(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    id = the_mark(phone, visit)

    for reason in ("泥点", "再次"):
        does(phone, "walkaround.retract_damage", {"mark": id, "reason": reason}, visit)

    with phone.database.read() as db:
        row = db.get_one(DamageMark, id)
        assert (row.retracted, row.retract_reason) == (True, "泥点")


def test_this_visits_own_mark_is_not_an_earlier_one(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    assert phone.does("walkaround.compare_mark", {"mark": the_mark(phone, visit), "now": "same"}, visit).code == \
        "walkaround.mark_unknown"


def test_two_looks_at_an_earlier_mark(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    old = a_car_mark(phone, visit)
    does(phone, "walkaround.compare_mark", {"mark": old, "now": "same"}, visit)

    receipt = other.does("walkaround.compare_mark", {"mark": old, "now": "worse"}, visit)

    assert (receipt.verdict, receipt.facts["conflicts"][0]["current"]) == ("conflict", {"now": "worse", "by": "E006"})
    with phone.database.read() as db:
        assert [(row.now, row.checked_by) for row in db.scalars(select(MarkCheck))] == [("worse", "E006")]


def test_an_id_names_one_thing_for_ever(phone: Phone, phone_of: Any) -> None:
    visit, there = a_visit(phone, at="inspecting"), phone_of("E005", "YF02")
    elsewhere = a_visit(there, at="inspecting")
    thing = belonging()
    does(phone, "walkaround.record_belonging", thing, visit)

    assert phone.does("walkaround.record_belonging", {**thing, "text": "另一件"}, visit).code == "walkaround.belonging_known"
    assert there.does("walkaround.record_belonging", thing, elsewhere).code == "walkaround.belonging_known"
    with phone.database.read() as db:
        assert db.get_one(Belonging, thing["belonging"]).text == "行车记录仪"


def _full(phone: Phone, placard: int | None = None) -> str:
    visit = a_visit(phone, at="inspecting")
    does(phone, "walkaround.start", {"mode": "full", "template_sha256": FULL, "customer_joined": "yes"}, visit)
    if placard:
        with phone.database.write() as db:
            db.get_one(Vehicle, db.get_one(Visit, visit).vehicle_id).placard_kpa = placard
            db.commit()
    return visit


def _answers(phone: Phone, visit: str) -> set[tuple[Any, ...]]:
    with phone.database.read() as db:
        return {(row.status, row.current, row.disputed) for row in db.scalars(select(Answer).where(Answer.visit_id == visit))}
