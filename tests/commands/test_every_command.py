"""Every command through one table: done, refused by role, sent twice, chained in the ledger. Rules are in test_<stage>.py."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import EXAMPLES, ONLY_MANAGER, ONLY_OWNER
from tests.conftest import Phone
from tests.visits import a_visit
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.commands.permission import ANY
from webapp.commands.registry import COMMANDS, SERVER, STAFF
from webapp.domain.checklist import AnswerItem
from webapp.foundation.ids import new_id
from webapp.models import Base, KeptAct, LedgerEntry, Staff

OF_THE_DESK = ("staff.", "device.revoke", "device.wipe")  # who works here, and with which phone: in tests of their own
BY_PEOPLE = [name for name, entry in COMMANDS.items() if entry.roles != SERVER and not name.startswith(OF_THE_DESK)]
AFTERWARDS = {"device", "store_counter", "ledger_entry", "kept_act"}


def test_the_table_holds_every_command() -> None:
    assert set(EXAMPLES) == set(BY_PEOPLE)
    assert STAFF == ANY


@pytest.mark.parametrize("name", BY_PEOPLE)
def test_it_is_done(phone: Phone, phone_of: Any, name: str) -> None:
    doer, visit, args = _arranged(phone, phone_of, name)

    receipt = doer.does(name, args, visit)

    assert (receipt.verdict, receipt.code) == ("applied", "ok"), receipt


@pytest.mark.parametrize("name", BY_PEOPLE)
def test_the_wrong_role_is_refused_and_nothing_changes(phone: Phone, phone_of: Any, name: str) -> None:
    doer, visit, args = _arranged(phone, phone_of, name)
    other = phone_of("E014")
    if COMMANDS[name].roles == STAFF:
        _dismiss(phone, "E014")
    if name == "device.lost_seq":
        args = {"from": 1, "to": 3}
    before = _rows(phone)

    receipt = other.does(name, args, visit)

    assert (receipt.verdict, receipt.code) == ("refused", "role.not_yours")
    assert _rows(phone) == before


@pytest.mark.parametrize("name", BY_PEOPLE)
def test_sent_twice_has_one_effect(phone: Phone, phone_of: Any, name: str) -> None:
    doer, visit, args = _arranged(phone, phone_of, name)
    act = doer.act(name, args, visit)
    first = doer.push(act).receipts[0]
    before = _rows(phone)

    second = doer.push(act).receipts[0]

    assert (second.verdict, second.facts["first"], second.change_no) == ("duplicate", first.verdict, first.change_no)
    assert _rows(phone) == before


@pytest.mark.parametrize("name", BY_PEOPLE)
def test_the_ledger_holds_a_linked_entry(phone: Phone, phone_of: Any, name: str) -> None:
    doer, visit, args = _arranged(phone, phone_of, name)

    receipt = doer.does(name, args, visit)

    with phone.database.read() as db:
        entry = db.get_one(LedgerEntry, ("YF01", receipt.change_no))
        act = db.get_one(KeptAct, ("YF01", receipt.change_no))
        last = db.scalar(select(LedgerEntry.hash).where(LedgerEntry.idx == entry.idx - 1, LedgerEntry.store_id == "YF01"))
        last_of_visit = db.scalar(select(LedgerEntry.hash).where(LedgerEntry.visit_id == visit, LedgerEntry.idx < entry.idx)
                                  .order_by(LedgerEntry.idx.desc()).limit(1)) if visit else None
    assert entry.hash == entry_hash(wire_entry(entry))
    assert (entry.act_sha256, entry.verdict, act.command, act.visit_id) == (receipt.sha256, "applied", name, visit)
    assert (entry.store_prev, entry.visit_prev) == (last or "0" * 64, last_of_visit)


@pytest.mark.parametrize("name", [name for name in BY_PEOPLE if COMMANDS[name].visit == "needs"])
def test_another_stores_visit_is_unknown(phone: Phone, phone_of: Any, name: str) -> None:
    doer, visit, args = _arranged(phone, phone_of, name)
    before = _rows(phone)

    receipt = phone_of(_doer(name), "YF02").does(name, args, visit)

    assert (receipt.verdict, receipt.code) == ("refused", "visit.unknown")
    assert _rows(phone) == before


@pytest.mark.parametrize("name", [name for name in BY_PEOPLE if COMMANDS[name].visit == "needs" and not COMMANDS[name].evidence])
def test_a_merged_visit_says_where_to_go_on(phone: Phone, phone_of: Any, name: str) -> None:
    gone, goal = a_visit(phone, at="arrived"), a_visit(phone, at="arrived")
    phone.does("visit.merge", {"into": goal, "reason": "同一辆车"}, gone)
    doer, _, args = _arranged(phone, phone_of, name)

    receipt = doer.does(name, args, gone)

    assert (receipt.verdict, receipt.code, receipt.facts) == ("refused", "visit.merged", {"into": goal})


def test_answers_of_three_runs_share_one_shape() -> None:
    assert {COMMANDS[f"{run}.answer"].command for run in ("walkaround", "internal_delivery", "handover")} == {AnswerItem}


def _arranged(phone: Phone, phone_of: Any, name: str) -> tuple[Phone, str | None, dict[str, Any]]:
    """Who does it, on which visit, with which arguments."""
    example = EXAMPLES[name]
    visit = a_visit(phone, at=example.at) if example.at not in ("new", "none") else new_id()
    args = example.args(phone, visit)
    doer = phone if _doer(name) == "E005" else phone_of(_doer(name))
    return doer, None if example.at == "none" else visit, args


def _doer(name: str) -> str:
    return "E002" if name in ONLY_MANAGER else "E001" if name in ONLY_OWNER else "E005"


def _dismiss(phone: Phone, staff: str) -> None:
    with phone.database.write() as db:
        db.get_one(Staff, ("YF01", staff)).active = False
        db.commit()


def _rows(phone: Phone) -> dict[str, list[Any]]:
    """Everything but what every kept act leaves: the ledger, the device's number."""
    with phone.database.read() as db:
        return {table.name: sorted(map(repr, db.execute(select(table)).all())) for table in Base.metadata.sorted_tables
                if table.name not in AFTERWARDS}
