"""T17: whatever is done to a sealed PDF, somebody with its ledger sees it, and nearly all of it shows without."""

import io
import random
import time
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from tests.conftest import NOON, Clock, Phone
from tests.proof.conftest import a_paper
from tests.proof.spoil import flipped
from tests.sealing import bundle_in
from webapp.adapters import pdf_seal
from webapp.adapters.keys import Keys, open_keys
from webapp.adapters.sealer import Sealer
from webapp.commands.house import House
from webapp.commands.proof.file import Checker, pinned_roots
from webapp.commands.proof.report import Report, Word
from webapp.foundation.canon import canonical

SECONDS, SEED = 10, 20261125


@pytest.fixture
def pdf(house: House, signing_phone: Phone, clock: Clock) -> bytes:
    return a_paper(house, signing_phone, clock, photos=1)[1]


def alone(house: House, data: bytes) -> Report:
    return Checker(pinned_roots(house, ())).check(data, "paper")[0]


def with_ledger(house: House, data: bytes) -> Report:
    return Checker(pinned_roots(house, ()), house).check(data, "paper")[0]


def test_flipped_bits_anywhere(house: House, pdf: bytes) -> None:
    """Without a ledger too: the padding is held to its one way of writing. More of them by `python -m bench audit`."""
    chance, gap, until, n = random.Random(SEED), pdf.index(b"/Contents <") + 11, time.monotonic() + SECONDS, 0
    while time.monotonic() < until or n < 60:
        n += 1
        at = gap + chance.randrange(5800) if n % 3 == 0 else chance.randrange(len(pdf))
        report = with_ledger(house, flipped(pdf, at, chance.randrange(8)))
        assert report.word == Word.TAMPERED, (SEED, n, at, report.findings)


def test_the_padding_behind_the_signature_shows_only_because_it_is_looked_at(
        house: House, pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the control: pyHanko by itself sees nothing, and then the ledger's hash of the whole file does."""
    spoiled = flipped(pdf, pdf.index(b"0>", pdf.index(b"/Contents <")), 0)
    assert alone(house, spoiled).kinds == ["pdf.padding"]

    monkeypatch.setattr(pdf_seal, "_is_plain_gap", lambda *a: True)

    assert alone(house, spoiled).word == Word.OK
    assert with_ledger(house, spoiled).kinds == ["ledger.other_file"]


def test_something_appended(house: House, pdf: bytes) -> None:
    assert all(alone(house, pdf + more).word == Word.TAMPERED for more in (b"\n", b" ", b"%%EOF\n", pdf))


def test_an_incremental_edit(house: House, pdf: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)

    assert alone(house, out.getvalue()).word == Word.TAMPERED


def test_pages_in_another_order(house: House, pdf: bytes) -> None:
    reader, writer = PdfReader(io.BytesIO(pdf)), PdfWriter()
    for page in reversed(reader.pages):
        writer.add_page(page)
    writer.add_attachment("clockwise-bundle.json", canonical(bundle_in(pdf), nulls=True))
    out = io.BytesIO()
    writer.write(out)

    assert alone(house, out.getvalue()).word == Word.TAMPERED


def test_sealed_again_by_another_key(house: House, pdf: bytes, tmp_path: Path) -> None:
    """The genuine bundle on another page: its ledger holds, the seal is nobody's, and the ledger knows no such file."""
    other = resealed(open_keys(tmp_path / "strangers", NOON), canonical(bundle_in(pdf), nulls=True))

    assert (alone(house, other).word, alone(house, other).kinds) == (Word.UNKNOWN_KEY, ["seal.unknown"])
    assert with_ledger(house, other).word == Word.TAMPERED


def test_sealed_again_by_the_stores_own_key_shows_in_the_ledger(house: House, pdf: bytes) -> None:
    """The control of the last line above: with the keys stolen, only the ledger's hash of the whole file tells."""
    other = resealed(house.keys, canonical(bundle_in(pdf), nulls=True))

    assert alone(house, other).word == Word.OK
    assert with_ledger(house, other).kinds == ["ledger.other_file"]


def resealed(keys: Keys, bundle: bytes) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return Sealer(keys).seal(out.getvalue(), lambda tsa: bundle, "again")[0]
