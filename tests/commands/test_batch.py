"""A push is one transaction, each act has its effect or none: the quick way and the careful way come to the same."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.commands.acts import belonging, concern, photo
from tests.conftest import Clock, Phone, _people
from tests.visits import CONSENT, TEMPLATE, a_catalogue, a_visit, arrival, job, mark
from webapp.commands import registry
from webapp.commands.batch import Batch
from webapp.commands.execute import Door
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.commands.registry import COMMANDS, Entry
from webapp.domain.words import Command
from webapp.foundation.actor import Act, Done
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import Refusal
from webapp.models import Base, Concern, DamageMark, Device, Incident, KeptAct, LedgerEntry, Visit

START = {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}


class Nothing(Command, frozen=True):
    pass


class Text(Command, frozen=True):
    text: str


def writes_then_refuses(db: Session, act: Act, visit: Visit, cmd: Nothing) -> Done | None:
    visit.model = "半途"
    db.flush()
    raise Refusal("test.no", "不行")


def changes_then_refuses(db: Session, act: Act, visit: Visit, cmd: Nothing) -> Done | None:
    visit.model = "半途"
    raise Refusal("test.no", "不行")


def breaks(db: Session, act: Act, visit: Visit, cmd: Nothing) -> Done | None:
    visit.model = "半途"
    raise RuntimeError("ours")


def breaks_a_constraint(db: Session, act: Act, visit: Visit, cmd: Nothing) -> Done | None:
    db.add(Concern(id=new_id(), store_id=act.store, visit_id=visit.id, text=None, recorded_by="?", recorded_at=act.now))
    return None


FAULTS = {"test.flushed": writes_then_refuses, "test.changed": changes_then_refuses, "test.breaks": breaks,
          "test.constraint": breaks_a_constraint}


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, act in FAULTS.items():
        monkeypatch.setitem(COMMANDS, name, Entry(Nothing, act, "", registry.ADVISOR))


@pytest.mark.parametrize("command", ["test.flushed", "test.changed"])
@pytest.mark.usefixtures("faults")
def test_a_refusal_undoes_what_its_act_touched_and_nothing_else(phone: Phone, command: str) -> None:
    visit = a_visit(phone, at="inspecting")
    before, after = mark(), mark()

    answer = phone.push(phone.act("walkaround.record_damage", before, visit), phone.act(command, {}, visit),
                        phone.act("walkaround.record_damage", after, visit))

    assert [r.verdict for r in answer.receipts] == ["applied", "refused", "applied"]
    with phone.database.read() as db:
        assert db.get_one(Visit, visit).model is None
        assert [db.get_one(DamageMark, m["mark"]).change_no for m in (before, after)] == [
            answer.receipts[0].change_no, answer.receipts[2].change_no]
    _chain_holds(phone)


@pytest.mark.parametrize("command", ["test.breaks", "test.constraint"])
@pytest.mark.usefixtures("faults")
def test_our_own_fault_stops_the_push_five_times_and_then_lets_it_pass(phone: Phone, command: str) -> None:
    visit = a_visit(phone, at="inspecting")
    acts = [phone.act("walkaround.record_damage", mark(), visit), phone.act(command, {}, visit),
            phone.act("walkaround.record_damage", mark(), visit)]

    verdicts = [[r.verdict for r in phone.push(*acts).receipts] for _ in range(5)]

    assert verdicts == [["applied", "retry"], *[["duplicate", "retry"]] * 3, ["duplicate", "quarantined", "applied"]]
    with phone.database.read() as db:
        assert db.get_one(Visit, visit).model is None
        assert [row.kind for row in db.scalars(select(Incident))] == ["act.fault"]
        assert db.get_one(Device, phone.id).expect_seq == phone.seq + 1
    _chain_holds(phone)


def test_a_whole_visit_in_one_push(phone: Phone) -> None:
    a_catalogue(phone)
    visit, bad = new_id(), mark()
    acts = [("visit.open", arrival()), ("consent.record", CONSENT), ("walkaround.start", START),
            ("walkaround.answer", {"item": "WA-E1-01", "status": "ok"}),
            ("walkaround.answer", {"item": "WA-E1-01", "status": "fail"}),
            ("walkaround.record_damage", bad), ("walkaround.record_damage", bad),
            ("walkaround.retract_damage", {"mark": bad["mark"], "reason": "泥点"}), ("photo.add", photo()),
            ("concern.add", concern()), ("walkaround.record_belonging", belonging()), ("work_order.add_job", job()),
            ("work_order.open", {}), ("work_order.add_job", job()), ("no.such", {}),
            ("walkaround.answer", {"item": "?", "status": "ok"})]

    together = _verdicts(phone.push(*(phone.act(name, args, visit) for name, args in acts)).receipts)

    assert together == [("applied", "ok")] * 6 + [("refused", "walkaround.mark_known")] + [("applied", "ok")] * 4 + [
        ("refused", "work_order.not_open"), ("applied", "ok"), ("applied", "ok"), ("quarantined", "command.unknown"),
        ("refused", "checklist.unknown_item")]
    with phone.database.read() as db:
        assert db.get_one(DamageMark, bad["mark"]).retracted
    _chain_holds(phone)


def test_together_and_one_by_one_come_to_the_same(phone: Phone, phone_of: Any) -> None:
    a_catalogue(phone)
    other = phone_of("E006")
    acts = [("visit.open", arrival(vin="1M8GDM9AXKP042788", plate="沪A12345")), ("consent.record", CONSENT),
            ("walkaround.start", START), ("walkaround.record_damage", mark()),
            ("walkaround.answer", {"item": "WA-E1-01", "status": "x"}),
            ("walkaround.answer_zone", {"zone": "ext_front", "status": "ok", "items": ["WA-E2-01", "WA-E2-05"]}),
            ("walkaround.clear_answer", {"items": ["WA-E2-01"]}), ("walkaround.answer", {"item": "WA-E2-01", "status": "na"}),
            ("visit.release", {}), ("visit.cancel", {"reason": "不修了"})]
    one, two = new_id(), new_id()

    together = phone.push(*(phone.act(name, args, one) for name, args in acts)).receipts
    singly = [other.does(name, args if name != "walkaround.record_damage" else mark(), two) for name, args in acts]

    # The second arrival only adds that the car is here already.
    assert _verdicts(together) == _verdicts(singly)
    assert [r.facts for r in together[1:]] == [r.facts for r in singly[1:]]


def test_the_quick_way_is_taken_when_nothing_is_odd(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: were every push to go the careful way, all tests above would pass and only the speed be lost."""
    visit, ways = a_visit(phone, at="inspecting"), []
    plain = Batch.__init__

    def noted(self: Batch, *args: Any, **named: Any) -> None:
        ways.append(named.get("careful"))
        plain(self, *args, **named)

    monkeypatch.setattr(Batch, "__init__", noted)
    phone.push(*(phone.act("walkaround.record_damage", mark(), visit) for _ in range(3)))
    phone.does("walkaround.record_damage", mark(), new_id())

    assert ways == [False, False]


def test_the_same_act_twice_in_one_push(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    act = phone.act("walkaround.record_damage", mark(), visit)

    assert [r.verdict for r in phone.push(act, act).receipts] == ["applied", "duplicate"]


def test_a_gap_and_a_fork_stop_the_push(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    first = phone.act("walkaround.record_damage", mark(), visit)
    phone.seq += 1
    ahead = phone.act("walkaround.record_damage", mark(), visit)

    assert [r.verdict for r in phone.push(first, ahead, ahead).receipts] == ["applied", "gap"]

    phone.seq -= 3
    fork = phone.act("walkaround.record_damage", mark(), visit)
    assert [r.verdict for r in phone.push(fork, first).receipts] == ["fork"]


def test_a_known_id_with_other_bytes_is_set_aside_and_both_are_kept(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    id = new_id()
    phone.does("walkaround.record_damage", mark(), visit, id=id)

    receipt = phone.does("walkaround.record_damage", mark(), visit, id=id)

    assert (receipt.verdict, receipt.code) == ("quarantined", "act.id_reused")
    with phone.database.read() as db:
        assert len(db.scalars(select(KeptAct).where(KeptAct.act_id == id)).all()) == 2


def test_a_revoked_phone_is_heard_and_nothing_is_done(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    with phone.database.write() as db:
        device = db.get_one(Device, phone.id)
        device.revoked_at = device.enrolled_at
        db.commit()

    assert phone.does("walkaround.record_damage", mark(), visit).code == "device.revoked"
    with phone.database.read() as db:
        assert db.scalars(select(DamageMark)).all() == []
        assert db.scalars(select(Incident)).one().kind == "device.revoked"


def test_a_locked_database_takes_nothing_and_says_so(clock: Clock, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'locked.sqlite'}?timeout=1")
    Base.metadata.create_all(database.engine)
    _people(database)
    phone = Phone(database, Door(database, clock))
    visit = a_visit(phone, at="inspecting")
    act = phone.act("walkaround.record_damage", mark(), visit)

    with database.write() as busy:
        busy.connection()
        with pytest.raises(OperationalError):
            phone.push(act)

    assert phone.push(act).receipts[0].verdict == "applied"


def _verdicts(receipts: list[Any]) -> list[tuple[str, str]]:
    return [(r.verdict, r.code) for r in receipts]


def _chain_holds(phone: Phone) -> None:
    with phone.database.read() as db:
        last, visits = "0" * 64, {}
        entries = db.scalars(select(LedgerEntry).where(LedgerEntry.store_id == "YF01").order_by(LedgerEntry.idx))
        for n, entry in enumerate(entries, 1):
            assert (entry.idx, entry.store_prev, entry.visit_prev) == (n, last, visits.get(entry.visit_id))
            last = entry.hash
            assert last == entry_hash(wire_entry(entry))
            if entry.visit_id:
                visits[entry.visit_id] = last
