"""封存: sealed once, against any change, by whoever is killed how often; late photos add a file, altered bytes are not sealed."""

import json
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel

from tests.conftest import NOON, Clock, Phone, unguarded
from tests.sealing import a_house, a_picture, a_sealing, arrives, bundle_in, files_of, seal_of, signed_sheet, text_of
from webapp.adapters.keys import open_keys
from webapp.commands.house import House
from webapp.commands.ledger import entry_hash
from webapp.commands.sealing import Tally
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.es256 import from_base64url, jwk_id
from webapp.foundation.ids import new_id
from webapp.foundation.lock import Held
from webapp.models import Document, Incident, KeptAct, SealedFile


@pytest.fixture
def house(database: Database, clock: Clock, tmp_path: Path) -> House:
    return a_house(database, clock, tmp_path / "home")


def sealed(house: House, clock: Clock, document: str) -> bytes:
    """The newest file, after a round."""
    round_of(house, clock)
    data = house.sealed.read(files_of(house, document)[0].sha256)
    assert data is not None
    return data


def round_of(house: House, clock: Clock) -> Tally:
    with house.sealed.alone():
        work = a_sealing(house, clock)
        work.sweep()
        return work.round()


def test_a_pdf_reader_that_trusts_our_root_finds_nothing_to_say(house: House, phone: Phone, clock: Clock) -> None:
    document, _ = signed_sheet(house, phone, photos=3)

    found = seal_of(sealed(house, clock, document), house.keys)

    assert (found.intact, found.valid, found.trusted, found.bottom_line) == (True, True, True, True)
    assert (found.coverage, found.modification_level) == (SignatureCoverageLevel.ENTIRE_FILE, ModificationLevel.NONE)
    assert found.docmdp_ok


def test_a_changed_a_longer_and_a_strangers_file_are_found_out(house: House, phone: Phone, clock: Clock, tmp_path: Path) -> None:
    """The control of the test above."""
    document, _ = signed_sheet(house, phone, photos=1)
    pdf = sealed(house, clock, document)
    at = pdf.index(b"/DCTDecode") - 40
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1:]

    assert not seal_of(changed, house.keys).bottom_line
    assert seal_of(pdf + b"\n", house.keys).coverage != SignatureCoverageLevel.ENTIRE_FILE
    assert not seal_of(pdf, open_keys(tmp_path / "strangers", NOON)).trusted
    house.sealed.path(sha256_hex(pdf)).write_bytes(pdf + b"\n")
    assert house.sealed.read(sha256_hex(pdf)) is None


def test_the_ledger_holds_the_hash_of_the_whole_file(house: House, phone: Phone, clock: Clock) -> None:
    document, _ = signed_sheet(house, phone)
    pdf = sealed(house, clock, document)

    with house.database.read() as db:
        act = db.query(KeptAct).filter_by(command="document.seal").one()
        row = db.query(SealedFile).one()
    assert (act.verdict, act.actor, act.idx) == ("applied", "server", row.change_no)
    assert json.loads(act.body or b"")["args"] == {"document": document, "pdf_sha256": sha256_hex(pdf), "bytes": len(pdf),
                                                   "tsa": "none"}


def test_the_bundle_proves_the_document_without_us(house: House, clock: Clock, database: Database) -> None:
    phone = Phone(database, house.door, signs=True)
    document, pictures = signed_sheet(house, phone, photos=2)
    bundle = bundle_in(sealed(house, clock, document))

    assert bundle["typ"] == "clockwise-bundle/1"
    assert set(bundle) == {"typ", "store", "visit", "document", "acts", "entries", "photos", "devices", "head", "keys", "tsa"}
    assert sha256_hex(from_base64url(bundle["document"]["body"])) == bundle["document"]["doc_sha256"]
    last = json.loads(from_base64url(bundle["acts"][-1]["body"]))
    assert (last["command"], last["args"]["doc_sha256"]) == ("document.sign", bundle["document"]["doc_sha256"])
    before = None
    for act, entry in zip(bundle["acts"], bundle["entries"], strict=True):
        told = json.loads(from_base64url(act["body"]))
        assert sha256_hex(canonical({k: v for k, v in told.items() if k != "sig"}, nulls=True)) == entry["act_sha256"]
        assert entry_hash({k: v for k, v in entry.items() if k != "hash"}) == entry["hash"]
        assert (entry["act_id"], entry["visit_prev"]) == (act["id"], before)
        before = entry["hash"]
    assert (bundle["head"]["index"], bundle["head"]["hash"]) == (bundle["entries"][-1]["index"], before)
    assert [(p["sha256"], p["bytes"], p["state"]) for p in bundle["photos"]] == [
        (sha256_hex(data), len(data), "present") for data in pictures]
    assert [(d["device"], d["key_id"]) for d in bundle["devices"]] == [(phone.id, jwk_id(bundle["devices"][0]["public_key"]))]
    assert bundle["entries"][-1]["key_id"] == bundle["devices"][0]["key_id"]


def test_it_waits_for_photos_then_says_which_are_missing_then_adds_them(house: House, phone: Phone, clock: Clock) -> None:
    """decisions.md 20."""
    document, pictures = signed_sheet(house, phone, photos=4, late=2)
    assert round_of(house, clock).waiting == 1

    clock.forward(hours=24)
    first = sealed(house, clock, document)
    assert "照片未到" in text_of(first)
    assert [p["state"] for p in bundle_in(first)["photos"]] == ["present", "present", "missing", "missing"]
    late = files_of(house, document)[0].photos_missing
    arrives(house, late[0], pictures[2])
    assert round_of(house, clock).sealed == 0  # one of two is here: the other may follow within the day

    arrives(house, late[1], pictures[3])
    second = sealed(house, clock, document)

    assert "照片未到" not in text_of(second)
    assert sha256_hex(first) in text_of(second).replace("\n", "")
    assert bundle_in(second)["earlier"] == files_of(house, document)[0].earlier == sha256_hex(first)
    assert house.sealed.read(sha256_hex(first)) == first
    assert seal_of(second, house.keys).bottom_line
    assert round_of(house, clock) == Tally()


def test_a_photo_that_never_comes_does_not_hold_up_the_others(house: House, phone: Phone, clock: Clock) -> None:
    document, pictures = signed_sheet(house, phone, photos=3, late=2)
    clock.forward(hours=24)
    sealed(house, clock, document)
    late = files_of(house, document)[0].photos_missing
    arrives(house, late[0], pictures[1])

    clock.forward(hours=24)
    second = sealed(house, clock, document)

    assert [p["state"] for p in bundle_in(second)["photos"]] == ["present", "present", "missing"]
    assert round_of(house, clock).sealed == 0


def test_an_original_that_is_not_what_its_hash_says_is_no_evidence(house: House, phone: Phone, clock: Clock) -> None:
    """An administrator who swaps a picture on the disk gets no seal on it, and neither on a swapped thumbnail."""
    document, pictures = signed_sheet(house, phone, photos=2)
    house.photos.path(sha256_hex(pictures[0])).write_bytes(a_picture(7))
    house.photos.keep_derived(sha256_hex(pictures[1]), "thumb", b"swapped")
    assert round_of(house, clock).waiting == 1

    clock.forward(hours=24)
    pdf = sealed(house, clock, document)

    assert [p["state"] for p in bundle_in(pdf)["photos"]] == ["missing", "present"]
    assert b"swapped" not in pdf


def test_bytes_that_are_not_what_was_signed_are_not_sealed_and_the_manager_is_told_once(
        house: House, phone: Phone, clock: Clock, database: Database) -> None:
    document, _ = signed_sheet(house, phone)
    unguarded(database)
    with database.write() as db:
        db.get_one(Document, document).body += b" "
        db.commit()

    for _ in range(2):
        assert round_of(house, clock).altered == 1

    assert files_of(house, document) == []
    with database.read() as db:
        (incident,) = db.query(Incident).all()
    assert (incident.kind, incident.facts["document"]) == ("document.altered", document)


def test_even_the_act_refuses_altered_bytes(house: House, phone: Phone, database: Database) -> None:
    """Altered between the worker's look and its act."""
    document, _ = signed_sheet(house, phone)
    unguarded(database)
    with database.write() as db:
        db.get_one(Document, document).doc_sha256 = "0" * 64
        db.commit()

    receipt = says_sealed(house, document, "a" * 64)

    assert (receipt.verdict, receipt.code) == ("quarantined", "document.altered")


def test_what_was_erased_meanwhile_is_not_sealed(house: House, phone: Phone, clock: Clock, database: Database) -> None:
    """Erased between the worker's look and its act: the file with the personal words goes again, and nobody is alarmed."""
    document, _ = signed_sheet(house, phone)
    unguarded(database)
    work = a_sealing(house, clock)
    with house.sealed.alone():
        with database.read() as db:
            job = work._look(db, document)
        with database.write() as db:
            made = db.get_one(Document, document)
            made.deleted, made.body, made.signature = True, b"", {}
            db.commit()
        work._look = lambda _db, _document: job  # type: ignore[method-assign]

        assert work.step(document) == "failed"

    assert kept(house) == [] and files_of(house, document) == []
    with database.read() as db:
        assert db.query(Incident).count() == 0
    assert round_of(house, clock) == Tally()


def test_the_door_takes_one_first_file_and_nothing_from_phones(house: House, phone: Phone, clock: Clock) -> None:
    document, _ = signed_sheet(house, phone)
    visit = visit_of(house, document)
    sealed(house, clock, document)

    again = says_sealed(house, document, "a" * 64)
    assert (again.verdict, again.code) == ("refused", "seal.known")
    again = says_sealed(house, document, "a" * 64, earlier=files_of(house, document)[0].sha256)
    assert (again.verdict, again.code) == ("refused", "seal.known")
    args = {"document": document, "pdf_sha256": "a" * 64, "bytes": 1, "tsa": "none"}
    assert phone.does("document.seal", args, visit).code == "role.not_yours"
    assert phone.does("document.report_altered", {"document": document, "found_sha256": "a" * 64}, visit).code == "role.not_yours"


def test_two_workers_at_once_make_one_file(house: House, phone: Phone, clock: Clock) -> None:
    document, _ = signed_sheet(house, phone, photos=1)
    outcomes = at_once(lambda: _alone(house, clock))

    assert sorted(outcomes)[-1] == "1 sealed" and "fault" not in outcomes
    assert len(files_of(house, document)) == 1
    assert len(kept(house)) == 1


def test_without_the_lock_the_door_still_takes_only_one(house: House, phone: Phone, clock: Clock) -> None:
    """The control of the test above: both draw, and the second one's file goes again."""
    document, _ = signed_sheet(house, phone, photos=1)
    with house.sealed.alone():
        outcomes = at_once(lambda: a_sealing(house, clock).step(document))

    assert sorted(outcomes) == ["failed", "sealed"]
    assert kept(house) == [files_of(house, document)[0].sha256]
    with house.database.read() as db:
        assert db.query(KeptAct).filter_by(command="document.seal", verdict="refused").count() == 1


def test_killed_at_each_step_it_is_sealed_once_and_nothing_lies_about(house: House, phone: Phone, clock: Clock) -> None:
    """SIGKILL before every touch of the folder, the entry in the ledger lying between two of them."""
    points = 0
    for point in range(1, 40):
        document, _ = signed_sheet(house, phone)
        if not _killed(house, clock.now, point):
            break
        points = point

        assert round_of(house, clock).failed == 0

        assert len(files_of(house, document)) == 1
        assert sorted(kept(house)) == sorted(rows(house))
        assert list((house.sealed.folder / "new").iterdir()) == []
    assert points >= 8
    with house.database.read() as db:
        assert db.query(KeptAct).filter_by(command="document.seal").count() == len(rows(house))


def test_without_the_sweep_a_killed_workers_file_stays(house: House, phone: Phone, clock: Clock) -> None:
    """The control of the test above."""
    left = set()
    for point in range(10, 40):
        signed_sheet(house, phone, photos=1)
        if left or not _killed(house, clock.now, point):
            break
        with house.sealed.alone():
            a_sealing(house, clock).round()
        left |= set(kept(house)) - set(rows(house))

    assert left


def says_sealed(house: House, document: str, sha256: str, **more: Any) -> Any:
    from webapp.commands.arrival import server_actor

    return house.door.execute(server_actor(house, "YF01"), "document.seal",
                              {"document": document, "pdf_sha256": sha256, "bytes": 4, "tsa": "none", **more},
                              act_id=new_id(), visit=visit_of(house, document), salt="s" * 22)


def visit_of(house: House, document: str) -> str:
    with house.database.read() as db:
        return db.get_one(Document, document).visit_id


def rows(house: House) -> list[str]:
    with house.database.read() as db:
        return [row.sha256 for row in db.query(SealedFile)]


def kept(house: House) -> list[str]:
    return [path.name for path in house.sealed.folder.glob("??/*")]


def _alone(house: House, clock: Clock) -> str:
    try:
        return f"{round_of(house, clock).sealed} sealed"
    except Held:
        return "0 held"


def at_once(work: Any) -> list[str]:
    """What two threads come to that do the work at the same time."""
    outcomes: list[str] = []
    threads = [threading.Thread(target=lambda: outcomes.append(work())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _killed(house: House, now: Any, point: int) -> bool:
    """A worker of its own process, killed at its `point`-th touch of the folder; False when it came to its end before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.commands.test_sealing"])
    url = house.database.engine.url.render_as_string(hide_password=False)
    child = context.Process(target=_work, args=(url, house.settings.home, now, point))
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def _work(url: str, home: Path, now: Any, point: int) -> None:
    clock = Clock()
    clock.now = now
    house, touches = a_house(Database(url), clock, home), 0
    folder = str(house.sealed.folder)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        nonlocal touches
        if event in ("open", "os.rename", "os.remove", "os.mkdir") and str(args[0]).startswith(folder):
            touches += 1
            if touches == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    round_of(house, clock)
