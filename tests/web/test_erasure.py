"""Erased is erased (T21): no planted word is left in any byte of the house, and the chain still verifies, as REDACTED."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import Clock, Phone
from tests.erasing import MOBILE, NAME, PICTURE, PLANTED, PLATE, a_full_visit, hits
from tests.visits import a_visit, arrival, does
from webapp.adapters.erase_journal import EraseJournal
from webapp.commands import erase
from webapp.commands.arrival import server_actor
from webapp.commands.chain import verify_chain
from webapp.commands.house import House
from webapp.commands.sender import lock_sender, owner
from webapp.domain import erased_words
from webapp.foundation.db import Moment
from webapp.foundation.ids import new_id
from webapp.models import VISIT_TABLES, Customer, KeptAct, Photo, Vehicle, Visit
from webapp.models.base import OfVisit


@pytest.fixture
def house(app: Flask) -> House:
    found: House = app.extensions["house"]
    return found


def erases(house: House, phone_of: Any, visit: str) -> Any:
    """The service manager erases at the customer's request."""
    manager = phone_of("E002")
    with house.database.read() as db:
        actor = owner(db, lock_sender(db, manager.id))
    return erase.erase_visit(house, actor, visit, "customer_request", "客户来电要求删除", new_id())


def test_nothing_planted_is_left_and_the_chain_is_redacted(house: House, lane: Phone, phone_of: Any, tmp_path: Path) -> None:
    visit = a_full_visit(house, lane)
    if house.database.is_sqlite:
        assert set(hits(house, tmp_path)) == set(PLANTED)  # the search itself finds what is there

    receipt = erases(house, phone_of, visit)

    assert (receipt.verdict, receipt.code) == ("applied", "ok"), receipt
    assert hits(house, tmp_path) == {}
    with house.database.read() as db:
        chain = verify_chain(db, "YF01")
        gone = db.get_one(Visit, visit)
        left = db.scalars(select(KeptAct.command).where(KeptAct.visit_id == visit, KeptAct.body.is_not(None))).all()
        assert (chain.faults, left, gone.deleted, db.scalars(select(Customer)).all()) == ([], ["visit.erase"], True, [])
        assert chain.redacted > 15
    assert receipt.facts["erased"]["photos"] == 1


SKIPS = {
    "bodies of acts": ("_acts", "kept_act"),
    "the car's card": ("_card", "vehicle"),
    "one column": (None, "belonging"),
}


@pytest.mark.parametrize("step", SKIPS)
def test_one_step_left_out_is_found(house: House, lane: Phone, phone_of: Any, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The control: the search bites."""
    visit = a_full_visit(house, lane)
    name, table = SKIPS[step]
    if name:
        monkeypatch.setattr(erased_words, name, lambda *_: None)
    else:
        monkeypatch.setitem(erased_words.OF_VISIT[erased_words.Belonging], "text", erased_words.Belonging.text)

    erases(house, phone_of, visit)

    assert any(table in places for places in hits(house).values())


@pytest.mark.parametrize("step", ["_files", "settle_pages"])
def test_files_or_the_log_left_out_are_found(house: House, lane: Phone, phone_of: Any, monkeypatch: pytest.MonkeyPatch,
                                             step: str) -> None:
    if step == "settle_pages" and not house.database.is_sqlite:
        return
    visit = a_full_visit(house, lane)
    monkeypatch.setattr(erase, step, lambda *_: None)

    erases(house, phone_of, visit)

    assert PICTURE in hits(house) if step == "_files" else NAME in hits(house)
    monkeypatch.undo()
    erase.clear_up_all(house)  # what a crash left is taken away by the daily round
    assert hits(house) == {}


def test_a_restored_backup_is_erased_again(house: House, lane: Phone, phone_of: Any, tmp_path: Path) -> None:
    if not house.database.is_sqlite:
        return
    visit = a_full_visit(house, lane)
    file, backup = Path(str(house.database.engine.url.database)), tmp_path.parent / f"{tmp_path.name}-backup.sqlite"
    erase.settle_pages(house.database)
    shutil.copy(file, backup)
    erases(house, phone_of, visit)
    house.database.engine.dispose()
    for tail in ("-wal", "-shm"):
        Path(f"{file}{tail}").unlink(missing_ok=True)
    shutil.move(backup, file)
    assert NAME in hits(house)

    assert erase.erase_again(house) == 1

    assert hits(house) == {}
    assert erase.erase_again(house) == 0


def test_a_visit_the_backup_never_knew_cannot_come_back(house: House, lane: Phone) -> None:
    visit = new_id()
    erase.journal_of(house).add([erase.Erased("YF01", visit, "0" * 64)])

    assert erase.erase_again(house) == 1

    receipt = lane.does("visit.open", arrival(), visit)
    assert (receipt.verdict, receipt.code) == ("refused", "visit.erased")
    with house.database.read() as db:
        assert db.get_one(KeptAct, ("YF01", receipt.change_no)).body is None
        assert verify_chain(db, "YF01").sound


def test_what_comes_late_leaves_only_its_hash(house: House, lane: Phone, phone_of: Any) -> None:
    visit = a_visit(lane, at="released")
    erases(house, phone_of, visit)

    late = lane.does("concern.add", {"concern": new_id(), "text": PLANTED[5]}, visit)
    strange = lane.does("concern.add", {"concern": new_id(), "words": PLANTED[5]}, visit)

    assert [(r.verdict, r.code) for r in (late, strange)] == [("refused", "visit.erased"), ("quarantined", "command.bad_args")]
    assert hits(house) == {}
    with house.database.read() as db:
        assert verify_chain(db, "YF01").sound


def test_the_guards_take_no_words_before_the_act_stands(house: House, lane: Phone, phone_of: Any) -> None:
    """Insert-only but for an erasure: the same statement is refused before, and lawful after."""
    visit = a_visit(lane, at="released")
    blank = text("UPDATE document SET body = :nothing, signature = '{}', signer = '', differs = '[]' WHERE visit_id = :visit")
    with pytest.raises(DBAPIError, match="only ever added to"), house.database.write() as db:
        db.execute(blank, {"nothing": b"", "visit": visit})

    erases(house, phone_of, visit)

    with house.database.write() as db:
        db.execute(blank, {"nothing": b"", "visit": visit})


def test_a_shared_picture_and_a_shared_card_stay(house: House, lane: Phone, phone_of: Any) -> None:
    first, second = a_full_visit(house, lane), a_full_visit(house, lane)
    erases(house, phone_of, first)

    with house.database.read() as db:
        other = db.get_one(Visit, second)
        card, picture = db.get_one(Vehicle, other.vehicle_id), db.query(Photo).filter_by(visit_id=second).one()
        assert (card.plate, card.mobile, card.deleted, other.mobile) == (PLATE, MOBILE, False, MOBILE)
        assert {row["visit_id"] for row in card.marks} <= {second}
    assert house.photos.has(picture.sha256)
    erases(house, phone_of, second)
    assert hits(house) == {}


def test_two_visits_made_one_go_together(house: House, lane: Phone, phone_of: Any) -> None:
    one, two = a_full_visit(house, lane, at="authorised"), a_visit(lane, at="inspecting", plate=PLATE, customer_name=NAME)
    does(lane, "visit.merge", {"into": one, "reason": "同一辆车"}, two)
    for command, args in (("visit.mark_ready", {"checked_by": "甄"}),):
        does(lane, command, args, one)
    with house.database.write() as db:
        db.get_one(Visit, one).state = "released"
        db.commit()

    erases(house, phone_of, one)

    assert hits(house) == {}


def test_a_car_that_is_here_and_a_visit_on_hold_stay(house: House, lane: Phone, phone_of: Any) -> None:
    here, held = a_visit(lane, at="authorised"), a_visit(lane, at="released")
    phone_of("E001").does("visit.hold", {"reason": "保险公司在查"}, held)

    assert erases(house, phone_of, here).code == "visit.still_here"
    assert erases(house, phone_of, held).code == "visit.on_hold"

    phone_of("E001").does("visit.release_hold", {"reason": "已结案"}, held)
    assert erases(house, phone_of, held).verdict == "applied"
    assert erases(house, phone_of, held).code == "visit.erased"


def test_a_rule_belongs_to_who_may_use_it(house: House, lane: Phone, phone_of: Any, clock: Clock) -> None:
    visit, manager, server = a_visit(lane, at="released"), phone_of("E002"), server_actor(house, "YF01")

    assert manager.does("visit.erase", {"reason": "到期", "rule": "retention"}, visit).code == "visit.rule_not_yours"
    assert erase.erase_visit(house, server, visit, "customer_request", "?", new_id()).code == "visit.rule_not_yours"
    clock.forward(days=729)
    assert erase.erase_visit(house, server, visit, "retention", "到期", new_id()).code == "visit.keep_until"
    clock.forward(days=2)
    assert erase.erase_visit(house, server, visit, "retention", "到期", new_id()).verdict == "applied"


def test_every_column_of_a_visit_is_judged() -> None:
    """A new column of words must be named: emptied, or kept with a reason."""
    plain = {"id", "store_id", "visit_id", "change_no", "deleted"}
    for table, words in {Visit: erased_words.VISIT, **erased_words.OF_VISIT}.items():
        said = {c.name for c in table.__table__.columns
                if c.type.python_type in (str, dict, list, bytes, object) and not isinstance(c.type, Moment)} - plain
        assert said - set(words) - erased_words.KEPT[table] == set(), table
    assert set(erased_words.OF_VISIT) == set(VISIT_TABLES)
    assert all(issubclass(table, OfVisit) for table in erased_words.OF_VISIT)


def test_a_journal_cut_in_the_middle_of_a_line_goes_on(tmp_path: Path) -> None:
    journal = EraseJournal(tmp_path / "erased.jsonl")
    journal.add([erase.Erased("YF01", "a", "1"), erase.Erased("YF01", "b", "2")])
    journal.path.write_text(journal.path.read_text()[:-9])

    assert [one.visit for one in journal.read()] == ["a"]
    assert journal.add([erase.Erased("YF01", "a", "1"), erase.Erased("YF01", "b", "2")]) == 1
    assert [one.visit for one in journal.read()] == ["a", "b"]


