"""封存: the sealed PDF of a signed document exists, and this is the hash of the whole file. Told by the server itself.

A file is never sealed again in place: photos that came late make another file, which names the one before it.
"""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.known import of_visit
from webapp.domain.words import Command, HashText, IdText
from webapp.foundation.actor import Act, Done
from webapp.foundation.canon import sha256_hex
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_, Quarantine, Refusal
from webapp.models import Document, Incident, SealedFile, Visit


class SealDocument(Command, frozen=True):
    document: IdText
    pdf_sha256: HashText
    bytes: Annotated[int, Meta(ge=1, le=2**40)]
    tsa: Annotated[str, Meta(min_length=1, max_length=200)]
    photos_missing: Annotated[tuple[IdText, ...], Meta(max_length=300)] = ()
    earlier: HashText | None = None


class ReportAltered(Command, frozen=True):
    document: IdText
    found_sha256: HashText


def seal(db: Session, act: Act, visit: Visit, cmd: SealDocument) -> Done | None:
    """One first file per document; a next one only with photos that the one before it lacked (decisions.md 20)."""
    document = _document(db, visit, cmd.document)
    if document.deleted:
        raise Refusal("document.erased", N_("这份单据的内容已按规定删除，不再封存"))
    if sha256_hex(document.body) != document.doc_sha256:
        raise Quarantine("document.altered", N_("存下的单据与签字时的校验码不符，没有封存，请立即告诉店主"))
    last = newest_seal(db, document.id)
    if (last.sha256 if last else None) != cmd.earlier or (last and not set(cmd.photos_missing) < set(last.photos_missing)):
        raise Refusal("seal.known", N_("这份单据已经封存"), sha256=last.sha256 if last else "")

    n = last.n + 1 if last else 1
    db.add(SealedFile(sha256=cmd.pdf_sha256, store_id=act.store, document_id=document.id, n=n, bytes=cmd.bytes,
                      photos_missing=list(cmd.photos_missing), missing=len(cmd.photos_missing), earlier=cmd.earlier, tsa=cmd.tsa,
                      sealed_at=act.now, change_no=act.change_no))
    return Done({"n": n})


def report_altered(db: Session, act: Act, visit: Visit, cmd: ReportAltered) -> Done | None:
    """What is stored is not what was signed (T15): it is not sealed, and the manager is told."""
    document = _document(db, visit, cmd.document)
    db.add(Incident(id=new_id(), store_id=act.store, change_no=act.change_no, kind="document.altered", at=act.now,
                    facts={"document": document.id, "signed": document.doc_sha256, "found": cmd.found_sha256}))
    return None


def newest_seal(db: Session, document: str) -> SealedFile | None:
    return db.scalar(select(SealedFile).where(SealedFile.document_id == document).order_by(SealedFile.n.desc()).limit(1))


def _document(db: Session, visit: Visit, id: str) -> Document:
    document = of_visit(db, Document, id, visit)
    if document is None:
        raise Refusal("document.unknown", N_("没有这份单据，请刷新后再看"))
    return document
