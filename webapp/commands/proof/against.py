"""A bundle against the ledger of this house: where they differ, what each says, and who else can tell (evidence.md 3.7)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.adapters.keys import Keys
from webapp.commands.ledger import wire_entry
from webapp.commands.proof.report import Report
from webapp.commands.proof.shape import Bundle, bytes_of, read_json
from webapp.models import Document, KeptAct, LedgerEntry, SealedFile, Store
from webapp.queries.heads import HeldHead, compare, witnessed

MOST = 20


def compare_with_ledger(db: Session, keys: Keys, bundle: Bundle, pdf_sha256: str | None, report: Report) -> None:
    """pdf_sha256: of the whole file, when the bundle came in one."""
    store = bundle.store.id
    if db.get(Store, store) is None or not bundle.entries:
        return report.note("ledger.none")
    last = bundle.entries[-1]
    told = compare(db, keys.head_key.public_key(), store, [_held(bundle)])
    if told.foreign:
        return report.note("ledger.none")
    if told.taken_back:
        return report.note("ledger.taken_back", store=store, index=last.index)
    _entries(db, bundle, report)
    made = db.get(Document, bundle.document.id)
    if made is None:
        report.tampered("ledger.no_document", store=store, visit=bundle.visit)
    elif not made.body:
        report.note("ledger.erased", store=store, visit=bundle.visit)
    else:
        _fields(read_json(bytes_of(bundle.document.body) or b""), read_json(made.body), "document", report,
                store=store, visit=bundle.visit, index=last.index, command="document.sign")
    if pdf_sha256:
        _file(db, bundle, pdf_sha256, report)
    phones = sum(any(head.state == "agree" and head.index >= last.index for head in held)
                 for held in witnessed(db, store).values())
    return report.note("ledger.witnesses", store=store, index=last.index, phones=phones)


def differences(sealed: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every leaf that differs: its path, what the one says, what the other says."""
    if isinstance(sealed, dict) and isinstance(found, dict):
        for name in sorted(sealed.keys() | found.keys()):
            yield from differences(sealed.get(name), found.get(name), f"{path}.{name}" if path else name)
    elif isinstance(sealed, list) and isinstance(found, list):
        for n in range(max(len(sealed), len(found))):
            yield from differences(sealed[n] if n < len(sealed) else None, found[n] if n < len(found) else None, f"{path}[{n}]")
    elif sealed != found:
        yield path, sealed, found


def _held(bundle: Bundle) -> HeldHead:
    head, last = bundle.head, bundle.entries[-1]
    return HeldHead(head.store, head.index, head.hash, head.key_id, head.sig, last.epoch)


def _entries(db: Session, bundle: Bundle, report: Report) -> None:
    """Each entry and its act; a difference in the act is told by field, one in the entry itself by column."""
    rows = {entry.idx: (entry, act) for entry, act in db.execute(
        select(LedgerEntry, KeptAct).outerjoin(KeptAct, (KeptAct.store_id == LedgerEntry.store_id)
                                               & (KeptAct.idx == LedgerEntry.idx))
        .where(LedgerEntry.store_id == bundle.store.id, LedgerEntry.idx.in_([entry.index for entry in bundle.entries])))}
    for sealed, kept in zip(bundle.entries, bundle.acts, strict=False):
        place: dict[str, Any] = {"store": sealed.store, "visit": sealed.visit, "index": sealed.index}
        if sealed.index not in rows:
            report.tampered("ledger.no_entry", **place)
            continue
        entry, act = rows[sealed.index]
        here = {**wire_entry(entry), "hash": entry.hash}
        for name in sealed.__struct_fields__:
            if getattr(sealed, name) != here[name]:
                report.tampered("ledger.rewritten", field=name, sealed=getattr(sealed, name), found=here[name], **place)
        if kept.body is not None and (act is None or act.body is not None):
            body = read_json(bytes_of(kept.body) or b"")
            _fields(body, read_json(act.body) if act else None, "act", report, command=act.command if act else "", **place)


def _fields(sealed: Any, found: Any, name: str, report: Report, **place: Any) -> None:
    for n, (path, one, other) in enumerate(differences(sealed, found, name)):
        if n == MOST:
            break
        report.tampered("ledger.field", field=path, sealed=one, found=other, **place)


def _file(db: Session, bundle: Bundle, sha256: str, report: Report) -> None:
    """The act's word counts; the row alone only where the act's words were erased."""
    row = db.get(SealedFile, sha256)
    act = db.get(KeptAct, (bundle.store.id, row.change_no)) if row and row.store_id == bundle.store.id else None
    told = (read_json(act.body) or {}).get("args", {}) if act and act.body else None
    if row is None or act is None or act.command != "document.seal" or row.document_id != bundle.document.id or (
            told is not None and (told.get("pdf_sha256"), told.get("document")) != (sha256, row.document_id)):
        return report.tampered("ledger.other_file", sha256=sha256, store=bundle.store.id, visit=bundle.visit)
    return report.note("ledger.file", index=row.change_no)
