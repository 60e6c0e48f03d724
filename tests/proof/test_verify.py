"""`flask verify`: what holds is OK, every change is told with its place (evidence.md 3.7)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import NOON, Clock, Phone, unguarded
from tests.proof.conftest import a_paper
from tests.sealing import bundle_in, text_of
from webapp.adapters.keys import open_keys
from webapp.commands.export import export_visit
from webapp.commands.house import House
from webapp.commands.proof.file import Checker, pinned_roots
from webapp.commands.proof.report import Report, Word
from webapp.foundation.canon import canonical
from webapp.foundation.db import Database
from webapp.models import Document, KeptAct


def check(home: House, data: bytes, **other: object) -> Report:
    checker = Checker(pinned_roots(home, ()), **{"house": home, **other})  # type: ignore[arg-type]
    (report,) = checker.check(data, "paper")
    return report


def test_a_sealed_paper_holds_with_and_without_the_ledger(house: House, signing_phone: Phone, clock: Clock) -> None:
    _, pdf = a_paper(house, signing_phone, clock, photos=2)

    with_ledger, alone = check(house, pdf), check(house, pdf, house=None)

    assert (with_ledger.word, with_ledger.findings) == (Word.OK, [])
    assert {note.kind for note in with_ledger.notes} == {"ledger.file", "ledger.witnesses"}
    assert (alone.word, alone.findings) == (Word.OK, [])
    assert check(house, canonical(bundle_in(pdf), nulls=True)).word == Word.OK


def test_a_paper_of_an_unsigned_phone_holds(house: House, phone: Phone, clock: Clock) -> None:
    _, pdf = a_paper(house, phone, clock)

    assert check(house, pdf).findings == []


def test_somebody_elses_root_is_unknown(house: House, phone: Phone, clock: Clock, tmp_path: Path) -> None:
    _, pdf = a_paper(house, phone, clock)
    strangers = open_keys(tmp_path / "strangers", NOON)

    report = Checker(frozenset({strangers.root_fingerprint})).check(pdf, "paper")[0]

    assert (report.word, report.kinds) == (Word.UNKNOWN_KEY, ["root.unknown"])


def test_missing_photos_are_incomplete(house: House, phone: Phone, clock: Clock) -> None:
    _, pdf = a_paper(house, phone, clock, photos=3, late=1)

    assert (check(house, pdf).word, check(house, pdf).kinds) == (Word.INCOMPLETE, ["photo.missing"])


def test_the_auditor_is_told_which_field_what_was_sealed_and_what_the_database_says(
        house: House, signing_phone: Phone, clock: Clock, database: Database) -> None:
    document, pdf = a_paper(house, signing_phone, clock)
    unguarded(database)
    with database.write() as db:
        made = db.get_one(Document, document)
        doc = json.loads(made.body)
        doc["marks"][0]["severity"] = "轻微"
        made.body = canonical(doc)
        act = db.query(KeptAct).filter_by(command="document.sign").one()
        told = json.loads(act.body or b"")
        told["args"]["doc"]["marks"][0]["severity"] = "轻微"
        act.body = json.dumps(told).encode()
        db.commit()

    report = check(house, pdf)

    assert report.word == Word.TAMPERED
    fields = {finding.facts["field"]: finding.facts for finding in report.findings}
    assert set(fields) == {"document.marks[0].severity", "act.args.doc.marks[0].severity"}
    told = fields["document.marks[0].severity"]
    assert told["found"] == "轻微"
    assert told["sealed"] == bundle_doc(pdf)["marks"][0].get("severity")
    assert (told["store"], told["command"]) == ("YF01", "document.sign")


def bundle_doc(pdf: bytes) -> dict:  # type: ignore[type-arg]
    from webapp.foundation.es256 import from_base64url

    found: dict = json.loads(from_base64url(bundle_in(pdf)["document"]["body"]))  # type: ignore[type-arg]
    return found


@pytest.mark.parametrize("index", [0, 3])
def test_a_head_that_somebody_kept_contradicts_a_rewritten_ledger(house: House, phone: Phone, clock: Clock, index: int) -> None:
    """T16: the head is genuine, so the file's ledger is not what it was."""
    _, pdf = a_paper(house, phone, clock)
    entry = bundle_in(pdf)["entries"][index]
    was = house.keys.signed_head("YF01", entry["index"], "ab" * 32)
    agrees = house.keys.signed_head("YF01", entry["index"], entry["hash"])

    assert check(house, pdf, heads=[was]).kinds == ["held.inconsistent"]
    assert check(house, pdf, heads=[agrees]).findings == []
    assert check(house, pdf, heads=[{**was, "sig": agrees["sig"]}]).findings == []  # control: nobody signed that


def test_an_exported_archive_holds_and_each_part_is_checked(house: House, signing_phone: Phone, clock: Clock) -> None:
    _, pdf = a_paper(house, signing_phone, clock, photos=2)
    archive = b"".join(export_visit(house, "YF01", bundle_in(pdf)["visit"]))

    reports = Checker(pinned_roots(house, ()), house).check(archive, "visit.zip")

    assert len(reports) == 3
    assert [report.findings for report in reports] == [[], [], []]


def test_a_paper_says_where_it_is_checked_if_the_house_has_an_address(house: House, phone: Phone, clock: Clock) -> None:
    _, without = a_paper(house, phone, clock)
    there = replace(house, settings=replace(house.settings, public_url="https://shop.example"))

    _, pdf = a_paper(there, phone, clock)

    assert "https://shop.example/verify" in text_of(pdf).replace("\n", "")
    assert "核对真伪" not in text_of(without)
