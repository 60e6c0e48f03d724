"""Any one older head shows a rewritten history, also when it was rewritten with the server's own keys (T16)."""

import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from tests.commands import rewriter
from tests.conftest import NOON, Clock, Phone, unguarded
from tests.visits import a_visit, mark
from webapp.adapters.keys import Keys, open_keys
from webapp.commands.chain import verify_chain
from webapp.commands.execute import Door
from webapp.commands.heads import take_heads
from webapp.foundation.actor import Actor
from webapp.foundation.db import Database
from webapp.models import Incident, LedgerEntry, StoreCounter, WitnessedHead
from webapp.queries.heads import Compared, HeldHead, compare, witnessed

REWRITES = 500


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return open_keys(tmp_path / "keys", NOON)


@pytest.fixture
def history(database: Database, door: Door) -> Phone:
    """A short ledger of two visits, signed."""
    phone = Phone(database, door, signs=True)
    for _ in range(2):
        visit = a_visit(phone, at="inspecting")
        phone.does("walkaround.record_damage", mark(), visit)
    return phone


def heads(database: Database, keys: Keys, epoch: int = 1) -> list[HeldHead]:
    """The head after every entry, as phones got them."""
    with database.read() as db:
        rows = db.execute(select(LedgerEntry.idx, LedgerEntry.hash).where(LedgerEntry.store_id == "YF01")
                          .order_by(LedgerEntry.idx))
        return [HeldHead(**keys.signed_head("YF01", idx, hash), epoch=epoch) for idx, hash in rows]


def places(held: list[HeldHead]) -> list[int]:
    return [head.index for head in held]


def test_who_rewrites_history_with_the_keys_is_caught_by_any_one_older_head(
        database: Database, history: Phone, keys: Keys) -> None:
    unguarded(database)
    held, chance, key, lies = heads(database, keys), random.Random(16), keys.head_key.public_key(), set()
    with database.read() as db:
        links = rewriter.read_links(db, "YF01")
    for _ in range(REWRITES):
        with database.write() as db:
            done = rewriter.rewrite(db, "YF01", links, chance)
            assert verify_chain(db, "YF01").sound, done  # control: by itself the rewritten ledger is in order
            told = compare(db, key, "YF01", held)
            db.rollback()
        lies.add(done.lie)
        assert places(told.differ) == list(range(done.first, len(links) + 1)), done  # each of them alone
        assert places(told.agree) == list(range(1, done.first)), done
        assert not told.taken_back and not told.foreign
    assert lies == set(rewriter.LIES)


def test_heads_given_after_the_rewriting_agree_with_it(database: Database, history: Phone, keys: Keys) -> None:
    """Control: it is the age of a head that catches, not its being looked at."""
    unguarded(database)
    with database.write() as db:
        rewriter.rewrite(db, "YF01", rewriter.read_links(db, "YF01"), random.Random(3))
        db.commit()
    after = heads(database, keys)

    with database.read() as db:
        told = compare(db, keys.head_key.public_key(), "YF01", after)

    assert places(told.agree) == places(after)


def test_an_untouched_ledger_agrees_with_all_its_heads(database: Database, history: Phone, keys: Keys) -> None:
    begin = HeldHead(**keys.signed_head("YF01", 0, "0" * 64), epoch=1)

    told = hand_in(history, keys, [begin, *heads(database, keys)])

    assert not told.differ and not told.foreign and not incidents(database)


def test_a_difference_is_told_the_manager_once(database: Database, history: Phone, keys: Keys) -> None:
    held = heads(database, keys)
    unguarded(database)
    with database.write() as db:
        rewriter._write(db, "YF01", rewriter.read_links(db, "YF01")[:-2])
        db.commit()

    for _ in range(2):
        hand_in(history, keys, held)

    [incident] = incidents(database)
    assert (incident.kind, incident.device_id, incident.change_no) == ("head_differs", history.id, None)
    assert incident.facts["heads"] == [[head.index, head.hash] for head in held[-2:]]
    with database.read() as db:
        assert len(db.scalars(select(WitnessedHead)).all()) == len(held)
        assert [w.state for w in witnessed(db, "YF01")[history.id]] == ["agree"] * (len(held) - 2) + ["differ"] * 2


def test_a_restored_backup_takes_heads_back_and_says_so(database: Database, history: Phone, keys: Keys) -> None:
    """The ledger went on in a new epoch: heads of the old one beyond that point are no forgery. Those before it still bind."""
    held = heads(database, keys)
    unguarded(database)
    with database.write() as db:
        rewriter._write(db, "YF01", rewriter.read_links(db, "YF01")[:-2])
        db.execute(update(StoreCounter).where(StoreCounter.store_id == "YF01").values(epoch=29_000_000))
        db.commit()

    before = hand_in(history, keys, held)
    Phone(database, Door(database, Clock()), "E006", signs=True).does("device.lost_seq", {"from": 1, "to": 1})
    after = hand_in(history, keys, held)

    for told in (before, after):
        assert places(told.taken_back) == places(held)[-2:] and not told.differ
    assert {incident.kind for incident in incidents(database)} == {"device.lost_seq", "head_taken_back"}
    with database.read() as db:
        assert [w.state for w in witnessed(db, "YF01")[history.id]][-3:] == ["agree", "taken_back", "taken_back"]


def test_a_rewriting_cannot_hide_behind_a_new_epoch(database: Database, history: Phone, keys: Keys) -> None:
    held = heads(database, keys)
    unguarded(database)
    links = None
    with database.write() as db:
        links = rewriter.read_links(db, "YF01")
        rewriter._other_day(links, 2, random.Random(1))
        rewriter._write(db, "YF01", links)
        db.execute(update(StoreCounter).where(StoreCounter.store_id == "YF01").values(epoch=2))
        db.commit()

    told = hand_in(history, keys, held)

    assert places(told.differ) == places(held)[2:]


def test_heads_that_are_none_of_ours_prove_nothing(database: Database, history: Phone, keys: Keys, tmp_path: Path) -> None:
    mine, other = heads(database, keys)[-1], open_keys(tmp_path / "other", NOON)
    forged = [
        HeldHead(**other.signed_head("YF01", mine.index, "a" * 64), epoch=1),
        HeldHead(**keys.signed_head("YF02", mine.index, "a" * 64), epoch=1),
        HeldHead("YF01", mine.index, "a" * 64, mine.key_id, mine.sig, 1),
        HeldHead("YF01", mine.index + 1, mine.hash, mine.key_id, mine.sig, 1),
    ]

    told = hand_in(history, keys, forged)

    assert len(told.foreign) == 4 and not told.differ and not incidents(database)
    with database.read() as db:
        assert db.scalars(select(WitnessedHead)).all() == []


def test_without_looking_at_the_signature_anybody_could_cry_wolf(
        database: Database, history: Phone, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    mine = heads(database, keys)[-1]
    monkeypatch.setattr("webapp.queries.heads.verify", lambda *_: True)

    assert hand_in(history, keys, [HeldHead("YF01", mine.index, "a" * 64, mine.key_id, mine.sig, 1)]).differ


def hand_in(phone: Phone, keys: Keys, held: list[HeldHead]) -> Compared:
    actor, key = Actor("YF01", phone.staff, phone.staff, frozenset({"advisor"}), phone.id), keys.head_key.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return phone.door.record(take_heads(actor, key, held))


def incidents(database: Database) -> list[Incident]:
    with database.read() as db:
        return list(db.scalars(select(Incident)))
