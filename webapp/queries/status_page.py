"""What a customer sees of their own car by the link they were given (evidence.md D2). No VIN, no mobile, no other visit."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.question import Question
from webapp.models import DamageMark, Document, OrderLine, Photo, Staff, StatusLink, Store, StoreCounter, Visit
from webapp.queries.seen import about
from webapp.queries.words import Lexicon

AFTER_HANDOVER = timedelta(days=7)
RECEIPT = timedelta(days=30)
SHARED = ("item", "zone", "mark", "handover")
WAY = (("arrived", "inspecting"), ("estimating", "awaiting_signature"), ("authorised", "internal_rework"),
       ("ready", "handover", "settling"), ("released",))


@dataclass(frozen=True)
class Link:
    """A link that may be used. n: the store's last change number, which says how fresh its page is."""

    id: str
    store_id: str
    visit_id: str
    n: int


@dataclass(frozen=True)
class SharedPhoto:
    id: str
    about: Any
    shapes: tuple[dict[str, Any], ...]
    width: int
    height: int


@dataclass(frozen=True)
class SharedPaper:
    id: str
    kind: str
    signed_at: datetime
    total_fen: int | None


@dataclass(frozen=True)
class Status:
    """moments: when each part of WAY was reached, as far as it is known. stage: -1 when the visit was cancelled."""

    link: str
    visit: str
    store: str
    store_name: str
    time_zone: str
    address: str
    service_phone: str
    advisor: str
    advisor_phone: str | None
    plate: str
    state: str
    stage: int
    arrived_at: datetime
    promised_at: datetime | None
    ready_at: datetime | None
    released_at: datetime | None
    signed_at: datetime | None
    jobs: tuple[str, ...]
    marks: int
    papers: tuple[SharedPaper, ...]
    photos: tuple[SharedPhoto, ...]
    body: str


# Made once: it is asked at every opening of a page.
_LINK = Question(
    select(StatusLink.id, StatusLink.store_id, StatusLink.visit_id, StatusLink.scope, StatusLink.expires_at, StatusLink.revoked,
           Visit.state, Visit.released_at, Visit.touched_at, StoreCounter.n)
    .join(Visit, Visit.id == StatusLink.visit_id).join(StoreCounter, StoreCounter.store_id == StatusLink.store_id)
    .where(StatusLink.token_sha256 == bindparam("token")))


def link_of(database: Database, token: str, now: datetime) -> Link | None:
    """The link of this token, while it may be used: known, not revoked, not run out."""
    row = _LINK.first(database, token=sha256_hex(token.encode("utf-8", "replace")))
    if row is None:
        return None
    id, store, visit, scope, expires_at, revoked, state, released_at, touched_at, n = row
    if revoked or (expires_at and expires_at <= now):
        return None
    ended = released_at or (touched_at if state == "cancelled" else None)
    if ended is not None and now > ended + (RECEIPT if scope == "receipt" else AFTER_HANDOVER):
        return None
    return Link(id, store, visit, n)


def status_of(db: Session, link: Link, lexicon: Lexicon) -> Status:
    """The page's facts. A visit that was merged into another shows that one."""
    visit = _visit(db, link)
    store = db.get_one(Store, visit.store_id)
    advisor = db.get(Staff, (visit.store_id, visit.advisor))
    papers = _papers(db, visit)
    marks = list(db.scalars(select(DamageMark).where(DamageMark.visit_id == visit.id, ~DamageMark.retracted)))
    settings = store.settings
    return Status(
        link=link.id, visit=visit.id, store=store.id, store_name=store.short_name, time_zone=store.time_zone,
        address=str(settings.get("address", "")), service_phone=str(settings.get("service_phone", "")),
        advisor=advisor.name if advisor else "", advisor_phone=advisor.phone if advisor and advisor.active else None,
        plate=masked(visit.plate), state=visit.state, stage=next((n for n, s in enumerate(WAY) if visit.state in s), -1),
        arrived_at=visit.arrived_at, promised_at=visit.promised_at, ready_at=visit.ready_at, released_at=visit.released_at,
        signed_at=max((p.signed_at for p in papers if p.kind in ("pre_inspection", "work_order")), default=None),
        jobs=tuple(db.scalars(select(OrderLine.text).where(OrderLine.visit_id == visit.id, OrderLine.kind == "job",
                                                           ~OrderLine.removed)
                              .order_by(OrderLine.change_no, OrderLine.id).limit(6))),
        marks=len(marks), papers=papers, photos=_photos(db, visit, store, {m.id: m for m in marks}, lexicon), body=visit.body)


def shared_photo(db: Session, link: Link, id: str) -> Photo | None:
    """A photo that this link may show."""
    visit = _visit(db, link)
    if db.get_one(Store, visit.store_id).settings.get("share_photos", True) is False:
        return None
    return db.scalar(select(Photo).where(Photo.id == id, Photo.visit_id == visit.id, Photo.state == "present",
                                         ~Photo.retracted, Photo.subject_kind.in_(SHARED)))


def shared_document(db: Session, link: Link, id: str) -> tuple[Document, Visit] | None:
    """A signed document that this link may show."""
    visit = _visit(db, link)
    made = db.scalar(select(Document).where(Document.id == id, Document.visit_id == visit.id, ~Document.deleted))
    return (made, visit) if made else None


def masked(plate: str) -> str:
    """`浙Z·**520`: enough to know one's own car, not enough for who looks over the shoulder."""
    if len(plate) < 5:
        return ""
    dotted = f"{plate[:2]}·" if len(plate) >= 7 and "A" <= plate[1] <= "Z" else plate[:1]
    return f"{dotted}{'*' * (len(plate) - len(dotted.replace('·', '')) - 3)}{plate[-3:]}"


def _visit(db: Session, link: Link) -> Visit:
    visit = db.get_one(Visit, link.visit_id)
    into = db.get(Visit, visit.merged_into) if visit.merged_into else None
    return into if into is not None and into.store_id == link.store_id else visit


def _papers(db: Session, visit: Visit) -> tuple[SharedPaper, ...]:
    rows = db.scalars(select(Document).where(Document.visit_id == visit.id, Document.void_reason.is_(None))
                      .order_by(Document.signed_at))
    newest = {d.kind: d for d in rows}
    return tuple(SharedPaper(d.id, d.kind, d.signed_at, _total(d)) for d in newest.values())


def _total(made: Document) -> int | None:
    total = json.loads(made.body).get("totals", {}).get("total_fen") if made.kind == "work_order" else None
    return total if isinstance(total, int) else None


def _photos(db: Session, visit: Visit, store: Store, marks: dict[str, DamageMark], lexicon: Lexicon) -> tuple[SharedPhoto, ...]:
    if store.settings.get("share_photos", True) is False:
        return ()
    rows = db.scalars(select(Photo).where(Photo.visit_id == visit.id, Photo.state == "present", ~Photo.retracted,
                                          Photo.subject_kind.in_(SHARED)).order_by(Photo.taken_at, Photo.id).limit(60))
    return tuple(SharedPhoto(p.id, about(p, marks, lexicon), tuple(p.shapes or ()), p.width, p.height) for p in
                 sorted(rows, key=lambda p: p.subject_kind != "mark"))
