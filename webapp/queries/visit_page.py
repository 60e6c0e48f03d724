"""Everything the page of one car shows, beside its timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from webapp.foundation.money import times_milli
from webapp.models import (
    Answer,
    Belonging,
    ChecklistRun,
    Concern,
    Consent,
    DeclinedItem,
    Defect,
    Discrepancy,
    Document,
    DocumentRefusal,
    OrderLine,
    Photo,
    Skip,
    StatusLink,
    Vehicle,
    Visit,
    WorkOrder,
)
from webapp.models.visit import STILL_HERE
from webapp.queries.devices import Phone, holding
from webapp.queries.seen import Mark, Picture, all_of, marks, pictures
from webapp.queries.sentences import answer_text, subject
from webapp.queries.words import Lexicon

STAGES = (("arrived", "inspecting"), ("estimating", "awaiting_signature"), ("authorised", "internal_rework"), ("ready",),
          ("handover",), ("settling",), ("released",))


@dataclass(frozen=True)
class Sum:
    text: str
    amount_fen: int
    kind: str
    detail: str
    part_class: str | None
    payer: str
    safety: bool
    removed: bool


@dataclass(frozen=True)
class Order:
    lines: tuple[Sum, ...]
    discount_fen: int
    discount_reason: str | None
    promised_at: datetime | None
    ceiling_fen: int | None
    old_parts: str | None
    wash: str | None
    road_test: str | None
    payment: str | None

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines if not line.removed) - self.discount_fen


@dataclass(frozen=True)
class Paper:
    """A signed document, as the list shows it."""

    id: str
    kind: str
    revision: int
    signer: str
    signed_at: datetime
    doc_sha256: str
    differs: tuple[Any, ...]
    void_reason: str | None


@dataclass(frozen=True)
class Unsigned:
    kind: str
    revision: int
    reason: str
    witness: str | None
    at: datetime


@dataclass(frozen=True)
class Dispute:
    """Two answers to one item, or two values of one field: both with who said it. The first one is shown elsewhere."""

    what: Any
    sides: tuple[tuple[str, Any], ...]
    item: str | None = None
    run: str | None = None


@dataclass(frozen=True)
class Finding:
    what: Any
    answer: Any
    severity: str
    run: str


@dataclass(frozen=True)
class Twin:
    """Another visit of the same car that is still open: two phones opened one each."""

    id: str
    arrived_at: datetime
    advisor: str
    state: str
    signed: bool


@dataclass(frozen=True)
class VisitPage:
    visit: Visit
    advisor: str
    odometer: str | None
    vehicle: Vehicle | None
    consent: Consent | None
    runs: dict[str, ChecklistRun]
    answered: dict[str, int]
    findings: list[Finding]
    marks: list[Mark]
    pictures: list[Picture]
    concerns: list[Concern]
    belongings: list[Belonging]
    skips: list[tuple[Any, str]]
    order: Order | None
    declined: list[DeclinedItem]
    papers: list[Paper]
    unsigned: list[Unsigned]
    links: list[StatusLink]
    disputes: list[Dispute]
    defects: list[Defect]
    phones: list[Phone]
    twins: list[Twin]

    @property
    def declined_before(self) -> list[Any]:
        """What earlier visits left undone; what this visit put into the car's file at its release is not told twice."""
        own = {item.text for item in self.declined} if self.visit.state == "released" else set()
        return [item for item in (self.vehicle.declined if self.vehicle else []) if item.get("text") not in own]

    @property
    def stage(self) -> int:
        """Which of STAGES the visit stands at; -1 when it was cancelled."""
        return next((n for n, states in enumerate(STAGES) if self.visit.state in states), -1)

    @property
    def shown(self) -> list[Picture]:
        return [p for p in self.pictures if not p.retracted]


def visit_page(db: Session, store: str, id: str, lexicon: Lexicon) -> VisitPage | None:
    """The visit with all that hangs on it; None when the store has no such visit."""
    visit = db.scalar(select(Visit).where(Visit.store_id == store, Visit.id == id))
    if visit is None:
        return None
    answers = all_of(db, visit, Answer)
    car = db.scalar(select(Vehicle).where(Vehicle.store_id == store, Vehicle.id == visit.vehicle_id))
    current = [a for a in answers if a.current]
    return VisitPage(
        visit=visit, advisor=lexicon.people.get(visit.advisor, visit.advisor), odometer=_odometer(current, lexicon, car),
        vehicle=car, consent=next(iter(sorted(all_of(db, visit, Consent), key=lambda c: c.recorded_at, reverse=True)), None),
        runs={r.run: r for r in all_of(db, visit, ChecklistRun)}, answered=_count(current),
        findings=[Finding(_item(lexicon, a.item), _said(a, lexicon), a.severity, a.run) for a in current
                  if a.severity in ("attention", "fail")],
        marks=marks(db, visit, car, lexicon), pictures=pictures(db, visit, lexicon),
        concerns=[c for c in all_of(db, visit, Concern) if not c.retracted],
        belongings=[b for b in all_of(db, visit, Belonging) if not b.retracted],
        skips=[(subject("zone" if s.kind == "zone" else "item", s.subject, lexicon), s.reason) for s in all_of(db, visit, Skip)],
        order=_order(db, visit), declined=all_of(db, visit, DeclinedItem), papers=_papers(db, visit),
        unsigned=_unsigned(db, visit),
        links=sorted(all_of(db, visit, StatusLink), key=lambda row: row.issued_at, reverse=True),
        disputes=_disputes(db, visit, answers, lexicon), defects=all_of(db, visit, Defect), phones=holding(db, store, [visit.id]),
        twins=_twins(db, visit, lexicon))


def picture_of(db: Session, store: str, id: str) -> Photo | None:
    """A photo of the store, whether its bytes are here or not."""
    return db.scalar(select(Photo).where(Photo.store_id == store, Photo.id == id))


def document_of(db: Session, store: str, id: str) -> tuple[Document, Visit] | None:
    """A signed document of the store, with its visit."""
    row = db.execute(select(Document, Visit).join(Visit, Visit.id == Document.visit_id)
                     .where(Document.store_id == store, Document.id == id, ~Document.deleted)).first()
    return (row[0], row[1]) if row else None


def present_photos(db: Session, made: Document) -> set[str]:
    """Photos of this document's visit whose bytes are here."""
    return set(db.scalars(select(Photo.id).where(Photo.visit_id == made.visit_id, Photo.store_id == made.store_id,
                                                 Photo.state == "present")))


def _twins(db: Session, visit: Visit, lexicon: Lexicon) -> list[Twin]:
    same = or_(Visit.plate == visit.plate, Visit.vin == visit.vin) if visit.vin else Visit.plate == visit.plate
    rows = db.scalars(select(Visit).where(Visit.store_id == visit.store_id, text(STILL_HERE), Visit.merged_into.is_(None),
                                          Visit.id != visit.id, same).order_by(Visit.arrived_at).limit(10))
    return [Twin(v.id, v.arrived_at, lexicon.people.get(v.advisor, v.advisor), v.state, bool(v.signed)) for v in rows
            if v.plate or v.vin]


def _count(current: list[Answer]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for answer in current:
        counts[answer.run] = counts.get(answer.run, 0) + 1
    return counts


def _odometer(current: list[Answer], lexicon: Lexicon, car: Vehicle | None) -> str | None:
    read = next((a for a in current if a.number is not None and lexicon.answers.get(a.item, {}).get("unit") == "km"), None)
    if read is not None and read.number is not None:
        return str(lexicon.number(read.item, read.number))
    return f"{car.odometer_km:,} km" if car and car.odometer_km else None


def _item(lexicon: Lexicon, item: str) -> Any:
    return lexicon.items.get(item, item)


def _said(answer: Answer, lexicon: Lexicon) -> Any:
    return answer_text({"item": answer.item, "status": answer.status, "number": answer.number, "choice": answer.choice,
                        "choices": answer.choices, "text": answer.text, "reason": answer.reason}, lexicon)


def _order(db: Session, visit: Visit) -> Order | None:
    order = db.get(WorkOrder, visit.id)
    lines = all_of(db, visit, OrderLine)
    if order is None and not lines:
        return None
    return Order(
        lines=tuple(_sum(line) for line in lines), discount_fen=order.discount_fen if order else 0,
        discount_reason=order.discount_reason if order else None,
        promised_at=(order.promised_at if order else None) or visit.promised_at,
        ceiling_fen=order.ceiling_fen if order else None, old_parts=order.old_parts if order else None,
        wash=order.wash if order else None, road_test=order.road_test if order else None,
        payment=order.payment if order else None)


def _sum(line: OrderLine) -> Sum:
    if line.kind == "job":
        detail, amount = f"{(line.hours_centi or 0) / 100:g} h", line.price_fen
    else:
        detail, amount = f"× {(line.quantity_milli or 0) / 1000:g}", times_milli(line.price_fen, line.quantity_milli or 0)
    return Sum(line.text, amount, line.kind, detail, line.part_class, line.payer, line.safety, line.removed)


def _papers(db: Session, visit: Visit) -> list[Paper]:
    return [Paper(d.id, d.kind, d.revision, d.signer, d.signed_at, d.doc_sha256, tuple(d.differs or ()), d.void_reason)
            for d in sorted(all_of(db, visit, Document), key=lambda d: d.signed_at)]


def _unsigned(db: Session, visit: Visit) -> list[Unsigned]:
    return [Unsigned(r.kind, r.revision, r.reason, r.witness, r.refused_at) for r in all_of(db, visit, DocumentRefusal)]


def _disputes(db: Session, visit: Visit, answers: list[Answer], lexicon: Lexicon) -> list[Dispute]:
    by_item: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        if answer.disputed:
            by_item.setdefault((answer.run, answer.item), []).append(answer)
    found = []
    for (run, item), rows in by_item.items():
        shown = next((a for a in answers if a.current and a.item == item and a.run == run), None)
        sides = ([shown] if shown and shown not in rows else []) + sorted(rows, key=lambda a: not a.current)
        found.append(Dispute(_item(lexicon, item), tuple((lexicon.people.get(a.answered_by, a.answered_by), _said(a, lexicon))
                                                         for a in sides), item, run))
    for row in all_of(db, visit, Discrepancy):
        if not row.settled:
            found.append(Dispute(row.field, ((lexicon.people.get(row.said_by, row.said_by), row.value),)))
    return found
