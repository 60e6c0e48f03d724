"""T15: every change of evidence is found and located by `flask audit`; an honest house raises no alarm."""

import random
import time
from typing import Any

import pytest
from sqlalchemy import exc, select

from tests.conftest import Clock, Phone, unguarded
from tests.proof.conftest import a_paper
from tests.proof.mutate import mutate
from tests.visits import a_visit, does
from webapp.commands import chain
from webapp.commands.house import House
from webapp.commands.proof import audit as audit_module
from webapp.commands.proof.audit import Audit
from webapp.commands.proof.report import Word
from webapp.foundation.db import Database
from webapp.models import Document, Photo

SECONDS, SEED = 25, 20261125


@pytest.fixture
def shop(house: House, signing_phone: Phone, phone: Phone, clock: Clock) -> House:
    """Small, with every kind of evidence: sealed papers, a refusal, a voided document, photos retracted and marked."""
    a_paper(house, signing_phone, clock, photos=3)
    a_paper(house, phone, clock, photos=2, late=1)
    manager = Phone(house.database, house.door, "E002")
    visit = a_visit(phone, at="inspecting")
    does(phone, "document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "refused", "witness": "李见证"}, visit)
    with house.database.read() as db:
        photos = list(db.scalars(select(Photo).where(Photo.state == "present")))
        made = db.scalars(select(Document).limit(1)).one()
    does(signing_phone, "photo.retract", {"photo": photos[0].id, "reason": "拍糊了"}, photos[0].visit_id)
    does(signing_phone, "photo.annotate", {"photo": photos[1].id, "shapes": [{"kind": "line", "points": [[1, 2], [3, 4]]}]},
         photos[1].visit_id)
    does(manager, "document.void", {"document": made.id, "reason": "写错了"}, made.visit_id)
    unguarded(house.database)
    return house


def test_an_honest_house_raises_no_alarm(shop: House) -> None:
    found = Audit(shop).store("YF01")

    assert [finding for finding in found.findings if finding.word == Word.TAMPERED] == []


def test_every_mutation_is_found_and_located(shop: House, database: Database) -> None:
    """In the time there is; `python -m bench audit` does 10,000 and 1,000 honest ones."""
    chance, work, n = random.Random(SEED), Audit(shop), 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until or n < 100:
        n += 1
        what, report = mutated(work, database, chance)
        if report is None:
            continue
        assert report.word == Word.TAMPERED, (SEED, n, what)
        assert all(finding.facts.get("store") == "YF01" and PLACES & set(finding.facts)
                   for finding in report.findings if finding.word == Word.TAMPERED), (n, what, report.findings)
        if n % 10 == 0:
            assert work.store("YF01").word != Word.TAMPERED, (SEED, n)


PLACES = {"index", "row", "photo", "document", "visit"}


def mutated(work: Audit, database: Database, chance: random.Random) -> tuple[str, Any]:
    """The audit of a house with one change; None where the database itself refused it."""
    with database.write() as db:
        try:
            what, undo = mutate(db, work.house, "YF01", chance)
        except exc.IntegrityError:
            return "", None
        try:
            db.expire_all()
            return what, work.look(db, "YF01")
        finally:
            undo()
            db.rollback()


@pytest.mark.parametrize("safeguard", ["rows", "chain", "files"])
def test_without_a_safeguard_mutations_get_through(shop: House, database: Database, monkeypatch: pytest.MonkeyPatch,
                                                   safeguard: str) -> None:
    """The control: each part of the audit finds what no other does."""
    if safeguard == "rows":
        monkeypatch.setattr(audit_module, "check_rows", lambda *a: None)
    elif safeguard == "chain":
        monkeypatch.setattr(audit_module, "verify_chain", lambda db, store: chain.Chain(store))
    else:
        monkeypatch.setattr(Audit, "_photos", lambda *a: None)
        monkeypatch.setattr(Audit, "_papers", lambda *a: None)
    chance, work = random.Random(SEED), Audit(shop)

    reports = [mutated(work, database, chance)[1] for _ in range(80)]

    assert any(report is not None and report.word != Word.TAMPERED for report in reports)
