"""Evidence is only ever added to (T15). The database refuses; where somebody takes its guards away, the chain tells."""

from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from tests.commands.acts import a_photo
from tests.conftest import Phone, unguarded
from tests.visits import a_visit, does
from webapp.commands.chain import verify_chain
from webapp.foundation.db import Database
from webapp.models import Document, KeptAct, LedgerEntry, StoreCounter

TAMPERING = {
    "an entry's verdict": "UPDATE ledger_entry SET verdict = 'refused' WHERE idx = 3",
    "an entry": "DELETE FROM ledger_entry WHERE idx = 3",
    "the last entry": "DELETE FROM ledger_entry WHERE idx = (SELECT max(idx) FROM ledger_entry)",
    "an act's bytes": "UPDATE kept_act SET body = (SELECT body FROM kept_act k WHERE k.idx = 2) WHERE idx = 3",
    "an act's bytes away": "UPDATE kept_act SET body = NULL WHERE idx = 3",
    "who did it": "UPDATE kept_act SET actor = 'E006' WHERE idx = 3",
    "when it was done": "UPDATE kept_act SET acted_at = received_at, command = 'visit.cancel' WHERE idx = 3",
    "an act": "DELETE FROM kept_act WHERE idx = 3",
    "a signer": "UPDATE document SET signer = '别人'",
    "a document's bytes": "UPDATE document SET body = CAST('{}' AS {bytes})",
    "a document's hash": "UPDATE document SET doc_sha256 = '" + "0" * 64 + "'",
    "strokes": "UPDATE document SET signature = '{}'",
    "a document": "DELETE FROM document",
    "a photo's hash": "UPDATE photo SET sha256 = '" + "0" * 64 + "'",
    "a photo": "DELETE FROM photo",
}
ONLY_GUARDED = {"a photo's state": "UPDATE photo SET state = 'gone'", "a refusal's reason": "DELETE FROM document_refusal",
                "a refusal's witness": "UPDATE document_refusal SET witness = '别人'"}


@pytest.mark.parametrize("what", [*TAMPERING, *ONLY_GUARDED])
def test_the_database_refuses(phone: Phone, what: str) -> None:
    _evidence(phone)

    with pytest.raises(DBAPIError, match="only ever added to"):
        _says(phone.database, (TAMPERING | ONLY_GUARDED)[what])


@pytest.mark.parametrize("what", TAMPERING)
def test_without_the_guards_the_chain_tells(phone: Phone, what: str) -> None:
    """The control of the test above, and the safeguard behind it."""
    _evidence(phone)
    unguarded(phone.database)

    _says(phone.database, TAMPERING[what])

    assert _faults(phone) != []


def test_an_untouched_store_is_sound(phone: Phone) -> None:
    _evidence(phone)

    with phone.database.read() as db:
        chain = verify_chain(db, "YF01")

    assert (chain.faults, chain.redacted) == ([], 0)
    assert chain.entries == 8


def test_a_document_is_voided_once(phone: Phone, phone_of: Any) -> None:
    visit = a_visit(phone, at="estimating")
    manager, document = phone_of("E002"), _document(phone, visit)
    assert manager.does("document.void", {"document": document, "reason": "签错了人"}, visit).verdict == "applied"

    with pytest.raises(DBAPIError, match="only ever added to"):
        _says(phone.database, "UPDATE document SET void_reason = '另一个理由'")


def test_rows_may_be_told_again_to_phones(phone: Phone) -> None:
    _evidence(phone)

    _says(phone.database, "UPDATE document SET change_no = change_no + 1", "UPDATE photo SET change_no = change_no + 1")


def test_an_emptied_table_is_refused_at_one_stroke(phone: Phone) -> None:
    if phone.database.is_sqlite:
        return
    _evidence(phone)

    with pytest.raises(DBAPIError, match="only ever added to"):
        _says(phone.database, "TRUNCATE ledger_entry, kept_act")


def test_a_cut_end_is_seen_by_the_counter_alone(phone: Phone) -> None:
    """Somebody who also moves the counter back makes a shorter, sound chain: only a head kept elsewhere tells (T16)."""
    _evidence(phone)
    unguarded(phone.database)
    with phone.database.write() as db:
        n = db.get_one(StoreCounter, "YF01").n
        head = db.get_one(LedgerEntry, ("YF01", n - 1)).hash
        for model in (LedgerEntry, KeptAct):
            db.delete(db.get_one(model, ("YF01", n)))
        db.commit()
    assert [fault.kind for fault in _faults(phone)] == ["head.differs"]

    with phone.database.write() as db:
        db.execute(update(StoreCounter).where(StoreCounter.store_id == "YF01").values(n=n - 1, head=head))
        db.commit()

    assert _faults(phone) == []


def _evidence(phone: Phone) -> None:
    visit = a_visit(phone, at="estimating")
    a_photo(phone, visit)
    does(phone, "document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "absent"}, visit)


def _document(phone: Phone, visit: str) -> str:
    with phone.database.read() as db:
        return str(db.query(Document.id).filter_by(visit_id=visit).scalar())


def _says(database: Database, *statements: str) -> None:
    with database.write() as db:
        for statement in statements:
            db.execute(text(statement.replace("{bytes}", "BLOB" if database.is_sqlite else "BYTEA")))
        db.commit()


def _faults(phone: Phone) -> list[Any]:
    with phone.database.read() as db:
        return verify_chain(db, "YF01").faults
