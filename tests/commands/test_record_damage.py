"""walkaround.record_damage: the pattern that every command's tests follow (done, rule, role, twice, ledger)."""

import pytest
from sqlalchemy import select

from tests.conftest import Phone
from tests.visits import a_visit
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.foundation.ids import new_id
from webapp.models import DamageMark, LedgerEntry, Visit


def mark(**other: object) -> dict[str, object]:
    return {"mark": new_id(), "region": "door_lf", "kind": "scratch", "size": "medium", "x": 1200, "y": 3400, **other}


def test_a_mark_is_kept_with_place_kind_and_photos(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    receipt = phone.does("walkaround.record_damage", args := mark(note="门把手下方"), visit)

    assert (receipt.verdict, receipt.facts) == ("applied", {})
    with phone.database.read() as db:
        row = db.get_one(DamageMark, args["mark"])
        assert (row.region, row.kind, row.note, row.change_no) == ("door_lf", "scratch", "门把手下方", receipt.change_no)


def test_a_mark_before_the_walk_begins_is_refused_and_kept(phone: Phone) -> None:
    visit = a_visit(phone, at="arrived")

    receipt = phone.does("walkaround.record_damage", mark(), visit)

    assert (receipt.verdict, receipt.code) == ("refused", "walkaround.not_started")
    assert "开始环检" in receipt.text


def test_a_technician_may_not_record_reception_damage(phone: Phone, phone_of) -> None:  # type: ignore[no-untyped-def]
    visit = a_visit(phone, at="inspecting")

    receipt = phone_of("E014").does("walkaround.record_damage", mark(), visit)

    assert (receipt.verdict, receipt.code) == ("refused", "role.not_yours")


def test_sent_twice_is_one_mark(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    act = phone.act("walkaround.record_damage", mark(), visit)

    first, second = phone.push(act).receipts[0], phone.push(act).receipts[0]

    assert (first.verdict, second.verdict, second.facts["first"]) == ("applied", "duplicate", "applied")
    assert second.change_no == first.change_no
    with phone.database.read() as db:
        assert len(db.scalars(select(DamageMark)).all()) == 1


def test_the_ledger_holds_a_linked_entry(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    receipt = phone.does("walkaround.record_damage", mark(), visit)

    with phone.database.read() as db:
        entry = db.get_one(LedgerEntry, ("YF01", receipt.change_no))
        before = db.get_one(LedgerEntry, ("YF01", receipt.change_no - 1))
    assert entry.hash == entry_hash(wire_entry(entry))
    assert (entry.store_prev, entry.visit_prev, entry.act_sha256) == (before.hash, before.hash, receipt.sha256)


@pytest.mark.parametrize(("key", "value"), [("x", 10001), ("x", 1.5), ("kind", "graffiti"), ("mark", "no-uuid"), ("extra", 1)])
def test_bad_arguments_are_quarantined_with_their_content(phone: Phone, key: str, value: object) -> None:
    visit = a_visit(phone, at="inspecting")

    receipt = phone.does("walkaround.record_damage", mark(**{key: value}), visit)

    assert receipt.verdict == "quarantined"
    with phone.database.read() as db:
        assert db.get_one(Visit, visit).state == "inspecting"
