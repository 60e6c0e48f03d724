"""单据: signed, refused, voided. What was signed never changes; what comes later is the next revision (decisions.md 1, 7)."""

from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy.orm import Session

from webapp.domain.consent import consent_of
from webapp.domain.differences import RUN, differences
from webapp.domain.journey import step_for, take_step_or_later
from webapp.domain.known import is_known, of_visit
from webapp.domain.release import open_refusals
from webapp.domain.sheet import sheet_of
from webapp.domain.walkaround import zones_without_photo
from webapp.domain.words import (
    Aware,
    Command,
    DocumentKind,
    DocumentReason,
    HashText,
    IdText,
    Name,
    Note,
    Photos,
    Sender,
)
from webapp.foundation.actor import Act, Done
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.refusal import N_, Quarantine, Refusal
from webapp.models import Document, DocumentRefusal, Visit, WorkOrder

LEAST_POINTS = 20
LEAST_MS = 300
Pixel = Annotated[int, Meta(ge=-10_000, le=50_000)]
Point = tuple[Pixel, Pixel, Annotated[int, Meta(ge=0, le=86_400_000)], Annotated[int, Meta(ge=0, le=1000)]]
Stroke = Annotated[tuple[Point, ...], Meta(min_length=1, max_length=5000)]
Side = Annotated[int, Meta(ge=50, le=10_000)]
Revision = Annotated[int, Meta(ge=1, le=100_000)]


class Signature(Command, frozen=True):
    signer: Name
    relation: Sender
    consent_sha256: HashText
    strokes: Annotated[tuple[Stroke, ...], Meta(min_length=1, max_length=200)]
    width: Side
    height: Side
    opened_at: Aware
    signed_at: Aware


class SignDocument(Command, frozen=True):
    document: IdText
    kind: DocumentKind
    revision: Revision
    doc: dict[str, Any]
    doc_sha256: HashText
    signature: Signature


class RefuseDocument(Command, frozen=True):
    kind: DocumentKind
    revision: Revision
    reason: DocumentReason
    witness: Name | None = None
    photos: Photos = ()


class VoidDocument(Command, frozen=True):
    document: IdText
    reason: Note


def sign(db: Session, act: Act, visit: Visit, cmd: SignDocument) -> Done | None:
    """The customer signed what the phone showed; the act is the advisor's own signature on the same hash (G-SIGN).

    A document that is not what it says is set aside for the manager; one that says other than we do is kept, and what
    differs is recorded beside it.
    """
    body = _genuine(visit, cmd)
    if is_known(db, Document, cmd.document):
        raise Refusal("document.known", N_("这份单据已经签过"))
    _inked(cmd.signature)
    if (consent := consent_of(db, visit)) is not None and not consent.signature:
        raise Refusal("consent.no_signature", N_("客户不同意电子签名，请选“改签纸质”"))
    _begun(db, visit, cmd.kind)
    take_step_or_later(visit, f"document.sign:{cmd.kind}", cmd.kind)

    content, missing = differences(db, visit, cmd.kind, cmd.doc)
    db.add(Document(
        id=cmd.document, store_id=act.store, visit_id=visit.id, kind=cmd.kind, revision=cmd.revision,
        doc_sha256=cmd.doc_sha256, body=body, signature=_record(act, cmd), differs=content + missing,
        signer=cmd.signature.signer, relation=cmd.signature.relation, signed_at=cmd.signature.signed_at, received_at=act.now,
        prepared_by=act.actor.staff))
    facts = _signed(visit, cmd, bool(content))
    if content or missing:
        facts["differs"] = (content + missing)[:20]
    return Done(facts | _missing(db, visit, cmd.kind, signed=True))


def refuse(db: Session, act: Act, visit: Visit, cmd: RefuseDocument) -> Done | None:
    """Refused, absent, unable, on paper, disputed: each its own way on (decisions.md 11)."""
    if cmd.reason in ("refused", "unable") and cmd.kind == "refusal_statement" and not cmd.witness:
        raise Refusal("document.needs_witness", N_("客户不签拒修声明时，请写下在场见证人"))
    _begun(db, visit, cmd.kind)
    exact = f"document.refuse:{cmd.kind}:{cmd.reason}"
    take_step_or_later(visit, exact if step_for(visit, exact) else f"document.refuse:{cmd.kind}", cmd.kind)

    db.add(DocumentRefusal(id=act.id, store_id=act.store, visit_id=visit.id, kind=cmd.kind, revision=cmd.revision,
                           reason=cmd.reason, witness=cmd.witness, photos=list(cmd.photos), refused_at=act.acted_at,
                           recorded_by=act.actor.staff))
    return Done(_missing(db, visit, cmd.kind, signed=False))


def void(db: Session, act: Act, visit: Visit, cmd: VoidDocument) -> Done | None:
    """A fact beside the document, which stays as it was signed; today's content needs a new signature."""
    document = of_visit(db, Document, cmd.document, visit)
    if document is None:
        raise Refusal("document.unknown", N_("没有这份单据，请刷新后再看"))
    if document.void_reason is not None:
        return None

    document.void_reason = cmd.reason
    current = visit.revisions.get(document.kind, 1)
    if visit.signed.get(document.kind) == document.revision == current:
        visit.revisions = {**visit.revisions, document.kind: current + 1}
    return Done({"revision": visit.revisions.get(document.kind, 1)})


def _genuine(visit: Visit, cmd: SignDocument) -> bytes:
    """The bytes as signed. Raises Quarantine for a document that was changed on its way or is not of its kind's shape."""
    from webapp.domain.documents import schema_problem  # the shapes are read when the first document comes

    body = canonical(cmd.doc)
    if sha256_hex(body) != cmd.doc_sha256:
        raise Quarantine("document.wrong_hash", N_("单据内容与签字时的校验码不符，已原样保存并通知经理"))
    if problem := schema_problem(cmd.kind, cmd.doc):
        raise Quarantine("document.bad_shape", N_("单据内容不完整，已原样保存并通知经理"), at=problem)
    said = (cmd.doc["kind"], cmd.doc["revision"], cmd.doc["document"], cmd.doc["visit"])
    if said != (cmd.kind, cmd.revision, cmd.document, visit.id):
        raise Quarantine("document.another", N_("签的不是这份单据，已原样保存并通知经理"))
    legal = cmd.doc["legal"]
    if not sha256_hex(legal["text"].encode()) == legal["sha256"] == cmd.signature.consent_sha256:
        raise Quarantine("document.wrong_terms", N_("单据里的约定与签字时同意的不符，已原样保存并通知经理"))
    if cmd.doc["store"]["id"] != visit.store_id:
        raise Quarantine("document.another", N_("签的不是这份单据，已原样保存并通知经理"))
    return body


def _inked(signature: Signature) -> None:
    """decisions.md 12: a name in one stroke passes, a dot does not."""
    points = sum(len(stroke) for stroke in signature.strokes)
    ms = sum(stroke[-1][2] - stroke[0][2] for stroke in signature.strokes)
    backwards = any(after[2] < before[2] for stroke in signature.strokes
                    for before, after in zip(stroke, stroke[1:], strict=False))
    if points < LEAST_POINTS or ms < LEAST_MS or backwards:
        raise Refusal("document.too_little_ink", N_("签名笔画太少，请客户重新签名"), points=points, ms=ms)
    if signature.signed_at < signature.opened_at:
        raise Refusal("document.signed_before_shown", N_("签名时间早于单据打开时间，请重新签名"))


def _begun(db: Session, visit: Visit, kind: str) -> None:
    """A sheet needs its walk, an order needs to be open."""
    if kind in RUN:
        sheet_of(db, visit, RUN[kind])
    if kind == "work_order" and db.get(WorkOrder, visit.id) is None:
        raise Refusal("work_order.not_open", N_("还没有开工单，请先点“开单”"))


def _signed(visit: Visit, cmd: SignDocument, differs: bool) -> dict[str, Any]:
    """The newest signed revision counts; if today's facts are already others, they make the next one."""
    signed = max(cmd.revision, visit.signed.get(cmd.kind, 0))
    current = max(visit.revisions.get(cmd.kind, 1), signed)
    if differs and current == cmd.revision:
        current += 1
    visit.signed, visit.revisions = {**visit.signed, cmd.kind: signed}, {**visit.revisions, cmd.kind: current}
    return {"code": cmd.doc_sha256[:8], **({"revision": current} if current != cmd.revision else {})}


def _missing(db: Session, visit: Visit, kind: str, signed: bool) -> dict[str, Any]:
    """What should have been there by now. Told, not stopped: the customer has signed or gone."""
    if kind == "handover" and (refusals := open_refusals(db, visit)):
        return {"refusal_missing": refusals}
    if kind == "pre_inspection" and not (signed and sheet_of(db, visit, "walkaround").run.customer_joined == "yes"):
        zones = zones_without_photo(db, visit)
        return {"zones_without_photo": zones} if zones else {}
    return {}


def _record(act: Act, cmd: SignDocument) -> dict[str, Any]:
    """The signature record: vectors, never a picture (decisions.md 12)."""
    s = cmd.signature
    return {"signer": s.signer, "relation": s.relation, "consent_sha256": s.consent_sha256,
            "strokes": [[list(point) for point in stroke] for stroke in s.strokes], "width": s.width, "height": s.height,
            "opened_at": s.opened_at.isoformat(), "signed_at": s.signed_at.isoformat(), "doc_sha256": cmd.doc_sha256,
            "device": act.actor.device, "seq": act.seq, "actor": act.actor.staff}
