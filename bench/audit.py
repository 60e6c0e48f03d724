"""How long proof takes, and how much of what is spoiled it finds (T15, T19, T42). `python -m bench audit [mutations]`."""

import random
import sys
import tempfile
import time
from pathlib import Path

from bench.table import show
from tests.conftest import Clock, Phone, _people, unguarded
from tests.proof.conftest import a_paper
from tests.proof.second import second_verifier
from tests.proof.spoil import flipped, spoiled_bundle
from tests.proof.test_audit import mutated
from tests.sealing import a_house, a_sealing, bundle_in, signed_sheet
from webapp.commands.house import House
from webapp.commands.proof.audit import Audit
from webapp.commands.proof.file import Checker, pinned_roots
from webapp.commands.proof.report import Word
from webapp.foundation.canon import canonical
from webapp.foundation.db import Database
from webapp.models import Base

ENTRIES, PAPERS, SEED = 10_000, 500, 1


def run() -> None:
    given = [int(one) for one in sys.argv[2:] if one.isdigit()]
    many = given[0] if given else 10_000
    with tempfile.TemporaryDirectory() as folder:
        show("Proof: speed", [_speed(_a_house(Path(folder) / "large"), ENTRIES, PAPERS)])
        show("Proof: what is found", [*_mutations(_a_house(Path(folder) / "small"), many), *_papers(_a_house(
            Path(folder) / "third"), many // 10), _agreement(_a_house(Path(folder) / "fourth"), many // 5)])


def _a_house(home: Path) -> House:
    home.mkdir()
    database = Database(f"sqlite:///{home / 'bench.sqlite'}")
    Base.metadata.create_all(database.engine)
    _people(database)
    return a_house(database, Clock(), home)


def _speed(house: House, entries: int, papers: int) -> tuple[str, str, str, bool | None]:
    """So many papers with their visits, and acts until the ledger is as long as wanted."""
    phone, clock = Phone(house.database, house.door, signs=True), Clock()
    for _ in range(papers):
        signed_sheet(house, phone, photos=1)
    with house.sealed.alone():
        a_sealing(house, clock).round()
    work = Audit(house)
    while (lack := entries + papers * 2 - work.steps("YF01")) > 0:
        phone.push(*(phone.act("appointment.none", {}) for _ in range(min(100, lack))))  # set aside, and kept like any other
    began = time.monotonic()
    report = work.store("YF01")
    took = time.monotonic() - began
    assert report.word == Word.OK, report.findings[:5]
    seen = next(note.facts["entries"] for note in report.notes if note.kind == "audit.seen")
    return f"audit of {seen:,} entries and {papers} sealed PDFs", f"{took:.1f} s", "≤ 60 s", took <= 60


def _mutations(house: House, many: int) -> list[tuple[str, str, str, bool | None]]:
    phone, clock = Phone(house.database, house.door, signs=True), Clock()
    a_paper(house, phone, clock, photos=3)
    a_paper(house, phone, clock, photos=2, late=1)
    unguarded(house.database)
    work, chance, found, missed = Audit(house), random.Random(SEED), 0, list[str]()
    while found + len(missed) < many:
        what, report = mutated(work, house.database, chance)
        if report is None:
            continue
        if report.word == Word.TAMPERED:
            found += 1
        else:
            missed.append(what)
    alarms = sum(work.store("YF01").word == Word.TAMPERED for _ in range(many // 10))
    return [("mutations of rows and files found and located", f"{found:,} of {many:,}{''.join(missed[:3])}", "all", not missed),
            ("alarms at an honest house", f"{alarms} of {many // 10:,}", "0", alarms == 0)]


def _papers(house: House, many: int) -> list[tuple[str, str, str, bool | None]]:
    _, pdf = a_paper(house, Phone(house.database, house.door, signs=True), Clock(), photos=1)
    checker, chance, gap = Checker(pinned_roots(house, ())), random.Random(SEED), pdf.index(b"/Contents <") + 11
    found = 0
    for n in range(many):
        at = gap + chance.randrange(5800) if n % 3 == 0 else chance.randrange(len(pdf))
        found += checker.check(flipped(pdf, at, chance.randrange(8)), "x")[0].word == Word.TAMPERED
    return [("bits flipped in a sealed PDF, found without the ledger", f"{found:,} of {many:,}", "all with it", found == many)]


def _agreement(house: House, many: int) -> tuple[str, str, str, bool | None]:
    _, pdf = a_paper(house, Phone(house.database, house.door, signs=True), Clock(), photos=1)
    bundle, pinned, chance, agreed = bundle_in(pdf), pinned_roots(house, ()), random.Random(SEED), 0
    with second_verifier() as second:
        for n in range(many):
            data = spoiled_bundle(bundle, chance)[1] if n % 2 else canonical(bundle, nulls=True)
            ours = [{"word": int(one.word), "kinds": one.kinds} for one in Checker(pinned).check(data, "x")]
            agreed += ours == second.check(data, pinned)
    return "bundles, half of them tampered, on which both verifiers agree", f"{agreed:,} of {many:,}", "all", agreed == many


