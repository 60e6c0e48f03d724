"""Acts are signed by the phone that makes them: right is noted, absent is noted too, wrong is set aside with its content."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.conftest import Phone
from tests.visits import a_visit
from webapp.commands import sender
from webapp.commands.execute import Door
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.es256 import jwk_id, jwk_of, sign
from webapp.foundation.ids import new_id
from webapp.models import DamageMark, Incident, KeptAct, LedgerEntry


@pytest.fixture
def signing(database: Database, door: Door) -> Phone:
    return Phone(database, door, signs=True)


def mark() -> dict[str, Any]:
    return {"mark": new_id(), "region": "roof", "kind": "dent", "size": "small", "x": 10, "y": 20}


def entry(phone: Phone, change_no: int | None) -> LedgerEntry:
    with phone.database.read() as db:
        return db.scalars(select(LedgerEntry).where(LedgerEntry.store_id == "YF01", LedgerEntry.idx == change_no)).one()


def test_a_right_signature_names_its_key_in_the_ledger(signing: Phone) -> None:
    visit = a_visit(signing, at="inspecting")

    receipt = signing.does("walkaround.record_damage", mark(), visit)

    assert receipt.verdict == "applied" and signing.key is not None
    kept = entry(signing, receipt.change_no)
    assert kept.key_id == jwk_id(jwk_of(signing.key.public_key()))
    assert kept.sig_sha256 is not None


def test_an_act_without_a_signature_is_taken_and_the_ledger_says_so(signing: Phone, phone: Phone) -> None:
    """Older phones and other systems have no key; a phone that has one may have lost it."""
    visit = a_visit(phone, at="inspecting")
    signing.key = None

    for who in (phone, signing):
        receipt = who.does("walkaround.record_damage", mark(), visit)

        assert receipt.verdict == "applied"
        assert (entry(who, receipt.change_no).key_id, entry(who, receipt.change_no).sig_sha256) == (None, None)


def test_a_signature_that_nobody_can_check_says_nothing(phone: Phone) -> None:
    """After an old backup was restored the server may not know a phone's key: its acts must not be lost for that."""
    visit = a_visit(phone, at="inspecting")
    phone.key = ec.generate_private_key(ec.SECP256R1())

    receipt = phone.does("walkaround.record_damage", mark(), visit)

    assert receipt.verdict == "applied"
    kept = entry(phone, receipt.change_no)
    assert kept.key_id is None and kept.sig_sha256 is not None


def by_another_key(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    return {**act, "sig": sign(ec.generate_private_key(ec.SECP256R1()), canonical(act, nulls=True))}


def of_another_act(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    assert phone.key is not None
    return {**act, "sig": sign(phone.key, canonical(act | {"seq": act["seq"] + 1}, nulls=True))}


def changed_after(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    assert phone.key is not None
    return {**act, "args": {**act["args"], "size": "large"}, "sig": sign(phone.key, canonical(act, nulls=True))}


def no_signature_at_all(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    return {**act, "sig": "A" * 86}


def too_short(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    assert phone.key is not None
    return {**act, "sig": sign(phone.key, canonical(act, nulls=True))[:-2]}


def empty(phone: Phone, act: dict[str, Any]) -> dict[str, Any]:
    return {**act, "sig": ""}


FORGERIES = [by_another_key, of_another_act, changed_after, no_signature_at_all, too_short, empty]


def forged(phone: Phone, forge: Any, visit: str) -> bytes:
    act = json.loads(phone.act("walkaround.record_damage", mark(), visit))
    del act["sig"]
    return json.dumps(forge(phone, act), ensure_ascii=False).encode()


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_signature_is_set_aside_with_its_content_and_stops_nothing(signing: Phone, forge: Any) -> None:
    visit = a_visit(signing, at="inspecting")
    raw = forged(signing, forge, visit)

    first, second = signing.push(raw, signing.act("walkaround.record_damage", mark(), visit)).receipts

    assert (first.verdict, first.code, second.verdict) == ("quarantined", "bad_signature", "applied")
    with signing.database.read() as db:
        assert db.scalars(select(KeptAct.body).where(KeptAct.idx == first.change_no, KeptAct.store_id == "YF01")).one() == raw
        assert len(db.scalars(select(DamageMark.id).where(DamageMark.visit_id == visit)).all()) == 1
        incident = db.scalars(select(Incident).where(Incident.change_no == first.change_no)).one()
    assert (incident.kind, incident.device_id) == ("bad_signature", signing.id)
    kept = entry(signing, first.change_no)
    assert kept.key_id is None
    sent = json.loads(raw)["sig"]
    assert kept.sig_sha256 == sha256_hex(sent.encode())


def test_without_the_check_forgeries_would_count(signing: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    visit = a_visit(signing, at="inspecting")
    monkeypatch.setattr(sender, "verify", lambda *_: True)

    receipts = [signing.push(forged(signing, forge, visit)).receipts[0] for forge in FORGERIES]

    assert {r.verdict for r in receipts} == {"applied"}


def test_an_act_of_another_stores_phone_is_set_aside(signing: Phone, database: Database, door: Door) -> None:
    """Replayed here: the device, its number and its key are not ours, whatever the signature says."""
    visit = a_visit(signing, at="inspecting")
    other = Phone(database, door, "E005", "YF02", signs=True)
    theirs = a_visit(other, at="inspecting")
    replayed = other.act("walkaround.record_damage", mark(), theirs)
    dressed = json.dumps({**json.loads(replayed), "device": signing.id, "seq": signing.seq + 1, "visit": visit}).encode()

    first, second = signing.push(dressed, replayed).receipts

    assert [(r.verdict, r.code) for r in (first, second)] == [("quarantined", "bad_signature"), ("quarantined", "act.bad_seq")]
    with database.read() as db:
        assert db.scalars(select(DamageMark.id).where(DamageMark.visit_id.in_([visit, theirs]))).all() == []
    assert door.push(other.id, [replayed]).receipts[0].verdict == "applied"  # where it belongs it counts


def test_a_version_to_come_is_set_aside_though_its_signature_is_right(signing: Phone) -> None:
    visit = a_visit(signing, at="inspecting")

    receipt = signing.does("walkaround.record_damage", mark(), visit, v=2)

    assert (receipt.verdict, receipt.code) == ("quarantined", "act.version")
    assert entry(signing, receipt.change_no).key_id is not None


def test_sent_again_with_another_signature_it_is_the_same_act(signing: Phone) -> None:
    """A signature differs each time it is made; the act and its hash do not."""
    visit = a_visit(signing, at="inspecting")
    act = json.loads(signing.act("walkaround.record_damage", mark(), visit))
    once = signing.push(json.dumps(act).encode()).receipts[0]
    bare = {key: value for key, value in act.items() if key != "sig"}

    assert signing.key is not None
    again = signing.push(json.dumps({**bare, "sig": sign(signing.key, canonical(bare, nulls=True))}).encode()).receipts[0]

    assert (again.verdict, again.change_no, again.sha256) == ("duplicate", once.change_no, once.sha256)
