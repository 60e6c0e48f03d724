"""来店: arrival, description, correction, merging, leaving, by the rules of documents.md 1 and decisions.md 3."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import a_line, belonging, concern
from tests.conftest import Phone
from tests.visits import CONSENT, FULL, STEPS, a_catalogue, a_visit, arrival, does, mark, signs
from webapp.foundation.ids import new_id
from webapp.models import Answer, Customer, DamageMark, Discrepancy, DocumentRefusal, Staff, Store, Vehicle, Visit

VIN, OTHER_VIN = "L00SA15B3PA100231", "1M8GDM9AXKP042788"


@pytest.mark.parametrize(("args", "code"), [
    ({"plate": "", "vin": None}, "vehicle.unplated_needs_vin"),
    ({"plate": "浙#1"}, "vehicle.bad_plate"),
    ({"vin": "L00SA15B4PA100231"}, "vehicle.bad_vin"),
    ({"vin": "11111111111111111"}, "vehicle.bad_vin"),
])
def test_a_plate_or_vin_that_cannot_be_is_refused(phone: Phone, args: dict[str, Any], code: str) -> None:
    receipt = phone.does("visit.open", {k: v for k, v in arrival(**args).items() if v is not None}, new_id())

    assert (receipt.verdict, receipt.code) == ("refused", code)


@pytest.mark.parametrize(("args", "warnings"), [
    ({"plate": "沪AD12345", "powertrain": "fuel"}, ["plate.powertrain"]),
    ({"plate": "WJ12345"}, ["plate.unusual"]),
    ({"vin": "1M8GDM9A1KP042788"}, ["vin.check_digit"]),
])
def test_what_is_only_odd_is_kept_with_a_warning(phone: Phone, args: dict[str, Any], warnings: list[str]) -> None:
    receipt = phone.does("visit.open", arrival(**args), new_id())

    assert (receipt.verdict, receipt.facts) == ("applied", {"warnings": warnings})


def test_a_manager_may_take_a_vin_with_a_wrong_check_digit(phone: Phone, phone_of: Any) -> None:
    visit = a_visit(phone, at="arrived")
    change = {"vin": "L00SA15B4PA100231", "reason": "铭牌照片已核对"}

    assert phone.does("visit.correct", change, visit).code == "vehicle.bad_vin"
    assert phone_of("E002").does("visit.correct", change, visit, base=999).verdict == "applied"


def test_an_unknown_car_gets_a_card_and_its_owner_a_file(phone: Phone) -> None:
    vehicle, customer = new_id(), new_id()

    visit = a_visit(phone, "arrived", plate="浙Z·A1B23", vehicle=vehicle, customer=customer)

    with phone.database.read() as db:
        car, row = db.get_one(Vehicle, vehicle), db.get_one(Visit, visit)
        assert (car.plate, car.plate_kind, car.customer_id, car.mobile) == ("浙ZA1B23", "ordinary", customer, "16400002001")
        assert (row.vehicle_id, row.customer_id, row.number) == (vehicle, customer, "JC-20261123-0001")
        assert db.get_one(Customer, customer).name == "赵样例"


def test_two_phones_make_one_card_of_one_vin(phone: Phone, phone_of: Any) -> None:
    first = a_visit(phone, "arrived", vehicle=new_id())

    other = phone_of("E006")
    receipt = other.does("visit.open", arrival(vehicle=new_id(), customer=new_id()), second := new_id())

    with phone.database.read() as db:
        assert db.get_one(Visit, first).vehicle_id == db.get_one(Visit, second).vehicle_id
        assert len(db.scalars(select(Vehicle)).all()) == 1
    assert receipt.facts == {"same_car": first}


def test_another_stores_card_is_not_ours(phone: Phone, phone_of: Any) -> None:
    a_visit(phone, "arrived", vehicle=(vehicle := new_id()), customer=(customer := new_id()))
    there = phone_of("E005", "YF02")

    assert there.does("visit.open", arrival(vehicle=vehicle), new_id()).code == "vehicle.unknown"
    assert there.does("visit.open", arrival(customer=customer), new_id()).code == "customer.unknown"


def test_a_visit_is_opened_once(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")

    assert phone.does("visit.open", arrival(), visit).code == "visit.already_open"


def test_the_first_answer_to_a_register_stays_and_the_second_is_a_suggestion(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="arrived"), phone_of("E006")
    does(phone, "visit.describe", {"waiting_mode": "lounge"}, visit)

    receipt = other.does("visit.describe", {"waiting_mode": "leaves", "booklet": "electronic"}, visit)

    assert receipt.verdict == "conflict"
    assert receipt.facts["conflicts"] == [{"field": "waiting_mode", "current": {"value": "lounge", "by": "E005"},
                                           "other": {"value": "leaves", "by": "E006"}}]
    with phone.database.read() as db:
        row, suggestion = db.get_one(Visit, visit), db.scalars(select(Discrepancy)).one()
        assert (row.waiting_mode, row.booklet) == ("lounge", "electronic")
        assert (suggestion.field, suggestion.value, suggestion.settled) == ("waiting_mode", "leaves", False)


def test_taking_the_suggestion_settles_it(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="arrived"), phone_of("E006")
    does(phone, "visit.correct", {"mobile": "16400002008", "reason": "客户说的"}, visit)
    seen = other.does("visit.correct", {"mobile": "16400002009", "reason": "名片上的"}, visit).change_no

    receipt = phone.does("visit.correct", {"mobile": "16400002009", "reason": "核对过"}, visit, base=seen)

    assert receipt.verdict == "applied"
    with phone.database.read() as db:
        suggestion = db.scalars(select(Discrepancy)).one()
        assert db.get_one(Visit, visit).mobile == "16400002009"
        assert (suggestion.settled, suggestion.change_no) == (True, receipt.change_no)


def test_a_rework_names_its_order(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")

    assert phone.does("visit.describe", {"business_type": "rework"}, visit).code == "visit.rework_needs_order"
    assert phone.does("visit.describe", {"business_type": "rework", "rework_of": "WX-20261101-0003"}, visit).verdict == "applied"


def test_a_correction_after_signing_opens_a_revision(phone: Phone) -> None:
    visit = a_visit(phone, at="authorised")

    receipt = phone.does("visit.correct", {"customer_name": "赵样本", "reason": "写错字"}, visit)

    assert (receipt.verdict, receipt.facts) == ("applied", {"revision": 2})
    with phone.database.read() as db:
        row = db.get_one(Visit, visit)
        assert (row.state, row.signed["pre_inspection"], row.revisions["pre_inspection"], row.revisions["work_order"]) == (
            "authorised", 1, 2, 2)


def test_nothing_to_correct(phone: Phone) -> None:
    assert phone.does("visit.correct", {"reason": "?"}, a_visit(phone, at="arrived")).code == "visit.nothing_to_correct"


def test_a_corrected_vin_finds_the_car_that_the_store_knows(phone: Phone) -> None:
    a_visit(phone, "arrived", plate="沪A12345", vin=OTHER_VIN, vehicle=(known := new_id()))
    visit = a_visit(phone, at="arrived")

    does(phone, "visit.correct", {"vin": OTHER_VIN, "reason": "看错"}, visit)

    with phone.database.read() as db:
        assert db.get_one(Visit, visit).vehicle_id == known


def test_merging_moves_what_was_seen_and_shows_different_answers(phone: Phone, phone_of: Any) -> None:
    goal, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.answer", {"item": "WA-E1-01", "status": "ok"}, goal)
    gone = a_visit(other, at="inspecting")
    does(other, "walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, gone)
    does(other, "walkaround.answer", {"item": "WA-E2-01", "status": "ok"}, gone)
    does(other, "walkaround.record_damage", (seen := mark()), gone)
    does(other, "concern.add", concern(), gone)
    a_line(other, gone)

    receipt = other.does("visit.merge", {"into": goal, "reason": "同一辆车"}, gone)

    assert (receipt.verdict, receipt.facts["into"]) == ("conflict", goal)
    with phone.database.read() as db:
        answers = {row.item: (row.status, row.disputed) for row in db.scalars(select(Answer).where(
            Answer.visit_id == goal, Answer.current))}
        assert answers == {"WA-E1-01": ("fail", True), "WA-E2-01": ("ok", False)}
        assert db.get_one(DamageMark, seen["mark"]).visit_id == goal
        merged, kept = db.get_one(Visit, gone), db.get_one(Visit, goal)
        assert (merged.state, merged.merged_into) == ("cancelled", goal)
        assert (kept.state, kept.order_number) == ("inspecting", "WX-20261123-0001")


@pytest.mark.parametrize(("arrange", "code"), [
    (lambda phone: (a_visit(phone, at="arrived"), new_id()), "visit.merge_unknown"),
    (lambda phone: (a_visit(phone, at="arrived"), a_visit(phone, "arrived", plate="沪A12345", vin=OTHER_VIN)),
     "visit.merge_other_car"),
    (lambda phone: (a_visit(phone, at="estimating"), a_visit(phone, at="arrived")), "visit.merge_signed"),
    (lambda phone: (a_visit(phone, at="arrived"), a_visit(phone, at="released")), "visit.merge_ended"),
])
def test_what_cannot_be_merged(phone: Phone, arrange: Any, code: str) -> None:
    gone, into = arrange(phone)

    assert phone.does("visit.merge", {"into": into, "reason": "同一辆车"}, gone).code == code


def test_only_a_workshop_elsewhere_is_told_ready(phone: Phone) -> None:
    visit = a_visit(phone, at="authorised")
    with phone.database.write() as db:
        db.get_one(Store, "YF01").workshop = "here"
        db.commit()

    assert phone.does("visit.mark_ready", {"checked_by": "甄质检"}, visit).code == "visit.workshop_here"


@pytest.mark.parametrize(("command", "args", "at"), [
    ("visit.mark_ready", {"checked_by": "甄质检"}, "estimating"),
    ("visit.release", {}, "handover"),
    ("visit.cancel", {"reason": "不修了"}, "authorised"),
    ("handover.find_defect", {"text": "划痕"}, "ready"),
])
def test_a_step_from_the_wrong_place_is_refused_with_where_the_car_is(phone: Phone, command: str, args: Any, at: str) -> None:
    visit = a_visit(phone, at=at)

    receipt = phone.does(command, args, visit)

    assert (receipt.verdict, receipt.code) == ("refused", "visit.not_now")
    assert receipt.facts["state"]


def test_the_guard_may_release_but_not_mark_ready(phone: Phone, phone_of: Any) -> None:
    visit, guard = a_visit(phone, at="settling"), phone_of("E035")

    assert guard.does("visit.mark_ready", {"checked_by": "我"}, visit).code == "role.not_yours"
    assert guard.does("visit.release", {"gate_pass": "CM-0007"}, visit).verdict == "applied"


def test_a_declined_safety_item_needs_a_written_refusal_before_release(phone: Phone) -> None:
    visit = a_visit(phone, at="settling")
    does(phone, "work_order.decline", {"item": "WA-DR-10", "reason": "下次再说", "safety": False}, visit)

    assert phone.does("visit.release", {}, visit).code == "visit.refusal_missing"

    signs(phone, visit, "refusal_statement")
    assert phone.does("visit.release", {}, visit).verdict == "applied"


def test_a_witness_stands_for_the_signature_of_a_refusal(phone: Phone) -> None:
    visit = a_visit(phone, at="settling")
    does(phone, "work_order.decline", {"item": "WA-DR-10", "reason": "下次再说", "safety": True}, visit)
    refusal = {"kind": "refusal_statement", "revision": 1, "reason": "refused"}

    assert phone.does("document.refuse", refusal, visit).code == "document.needs_witness"

    does(phone, "document.refuse", {**refusal, "witness": "许接待"}, visit)
    assert phone.does("visit.release", {}, visit).verdict == "applied"
    with phone.database.read() as db:
        assert db.scalars(select(DocumentRefusal)).one().witness == "许接待"


def test_one_more_declined_after_the_statement_needs_another(phone: Phone) -> None:
    visit = a_visit(phone, at="settling")
    does(phone, "work_order.decline", {"item": "WA-DR-10", "reason": "不做", "safety": True}, visit)
    signs(phone, visit, "refusal_statement")
    does(phone, "work_order.decline", {"item": "WA-DR-15", "reason": "不做", "safety": True}, visit)

    assert phone.does("visit.release", {}, visit).code == "visit.refusal_missing"


def test_the_card_learns_at_release_what_the_visit_showed(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")
    does(phone, "consent.record", CONSENT, visit)
    does(phone, "walkaround.start", {"mode": "full", "template_sha256": FULL, "customer_joined": "yes"}, visit)
    does(phone, "walkaround.answer", {"item": "WA-DR-02", "number": 52310}, visit)
    does(phone, "walkaround.record_damage", (kept := mark()), visit)
    does(phone, "walkaround.record_damage", (wrong := mark()), visit)
    does(phone, "walkaround.retract_damage", {"mark": wrong["mark"], "reason": "泥点"}, visit)
    line = a_line(phone, visit)
    does(phone, "work_order.decline", {"line": line, "reason": "下次", "safety": False}, visit)
    does(phone, "document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "paper"}, visit)
    does(phone, "document.refuse", {"kind": "work_order", "revision": 1, "reason": "paper"}, visit)
    does(phone, "visit.mark_ready", {"checked_by": "甄质检"}, visit)
    for state in ("handover", "settling", "released"):
        STEPS[state](phone, visit)

    with phone.database.read() as db:
        car = db.get_one(Vehicle, db.get_one(Visit, visit).vehicle_id)
        assert (car.odometer_km, str(car.last_visit_on), str(car.last_full_walkaround_on)) == (52310, "2026-11-23", "2026-11-23")
        assert [row["id"] for row in car.marks] == [kept["mark"]]
        assert [(row["text"], row["on"]) for row in car.declined] == [("更换机油机滤", "2026-11-23")]


def test_a_mark_that_is_gone_leaves_the_card(phone: Phone) -> None:
    first = a_visit(phone, at="released")
    with phone.database.read() as db:
        old = db.scalars(select(DamageMark.id).where(DamageMark.visit_id == first)).one()
    visit = a_visit(phone, at="settling")
    does(phone, "walkaround.compare_mark", {"mark": old, "now": "gone"}, visit)

    does(phone, "visit.release", {}, visit)

    with phone.database.read() as db:
        car = db.get_one(Vehicle, db.get_one(Visit, visit).vehicle_id)
        assert old not in {row["id"] for row in car.marks} and len(car.marks) == 1


def test_numbers_run_by_store_and_day_and_never_twice(phone: Phone, phone_of: Any, clock: Any) -> None:
    there = phone_of("E005", "YF02")
    visits = [(phone, a_visit(phone, at="arrived")), (there, a_visit(there, at="arrived")), (phone, a_visit(phone, at="arrived"))]
    clock.forward(hours=13)
    visits.append((phone, a_visit(phone, at="arrived")))

    with phone.database.read() as db:
        numbers = [db.get_one(Visit, visit).number for _, visit in visits]
    assert numbers == ["JC-20261123-0001", "JC-20261123-0001", "JC-20261123-0002", "JC-20261124-0001"]


def test_late_facts_of_a_released_car_are_still_taken(phone: Phone) -> None:
    visit = a_visit(phone, at="released")

    receipt = phone.does("walkaround.record_belonging", belonging(), visit)

    assert (receipt.verdict, receipt.facts) == ("applied", {"revision": 2})


def test_a_lost_hole_in_the_numbers_is_an_incident_and_the_phone_goes_on(phone: Phone) -> None:
    a_catalogue(phone)

    answer = phone.push(phone.act("device.lost_seq", {"from": 1, "to": 4}))
    assert (answer.receipts[0].verdict, answer.expect_seq) == ("applied", 5)

    phone.seq = 4
    assert phone.does("visit.open", arrival(), new_id()).verdict == "applied"
    assert phone.does("device.lost_seq", {"from": 2, "to": 4}).code == "device.bad_hole"


def test_staff_who_left_are_refused(phone: Phone) -> None:
    with phone.database.write() as db:
        db.get_one(Staff, ("YF01", "E005")).active = False
        db.commit()

    assert phone.does("visit.open", arrival(), new_id()).code == "role.not_yours"


