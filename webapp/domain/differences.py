"""What the server's own visit says otherwise than a signed document: recorded at acceptance, not judged (offline.md 3.8.6).

The customer signed what the phone showed, and that stays. Only what can be compared without guessing is compared: ids of
marks, belongings, lines and declined items, statuses, concerns, sums, plate and VIN, hashes of photos and terms.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.checklist import current_answers
from webapp.domain.pricing import totals
from webapp.domain.work_order import order_lines
from webapp.models import Belonging, Concern, DamageMark, DeclinedItem, LegalText, Photo, Visit, WorkOrder

Difference = dict[str, Any]
RUN = {"pre_inspection": "walkaround", "handover": "handover"}


def differences(db: Session, visit: Visit, kind: str, doc: dict[str, Any]) -> tuple[list[Difference], list[Difference]]:
    """(what differs in content, what is merely not here yet: photos, terms). The first opens the next revision."""
    content = [*_values(visit, doc)]
    if kind in RUN:
        content += _rows(db, visit, RUN[kind], doc["rows"])
        content += _sets("belonging", (row["belonging"] for row in doc["belongings"]), _ids(db, visit, Belonging))
    if kind == "pre_inspection":
        own = (row["mark"] for row in doc["marks"] if "known" not in row)
        content += _sets("mark", own, _ids(db, visit, DamageMark))
    if "concerns" in doc:
        content += _sets("concern", doc["concerns"], _concerns(db, visit))
    if kind == "work_order":
        content += _order(db, visit, doc)
    return content, [*_photos(db, visit, doc), *_terms(db, visit, doc)]


def _values(visit: Visit, doc: dict[str, Any]) -> Iterable[Difference]:
    for field, signed, here in (("plate", doc["vehicle"]["plate"], visit.plate), ("vin", doc["vehicle"].get("vin"), visit.vin),
                                ("customer_name", doc["customer"]["name"], visit.customer_name)):
        if signed != here:
            yield {"what": field, "signed": signed or "", "here": here or ""}


def _rows(db: Session, visit: Visit, run: str, rows: list[dict[str, Any]]) -> Iterable[Difference]:
    answers = current_answers(db, visit, run)
    for row in rows:
        answer = answers.pop(row["item"], None)
        here = "unseen" if answer is None else answer.status or "told"
        # A number or a choice is told in words; only whether it was answered can be compared.
        signed = row["status"] if row["status"] == "unseen" or here in ("ok", "attention", "fail", "na", "unseen") else "told"
        if signed != here:
            yield {"what": "item", "id": row["item"], "signed": signed, "here": here}
    for item in answers:
        yield {"what": "item", "id": item, "signed": "", "here": "answered"}


def _order(db: Session, visit: Visit, doc: dict[str, Any]) -> Iterable[Difference]:
    lines = order_lines(db, visit)
    yield from _sets("line", (row["line"] for row in doc["lines"]), {line.id for line in lines})
    declined = db.scalars(select(DeclinedItem.id).where(DeclinedItem.visit_id == visit.id))
    yield from _sets("declined", (row["declined"] for row in doc["declined"]), set(declined))
    order = db.get(WorkOrder, visit.id)
    here = totals(lines, order.discount_fen if order else 0).total_fen
    if doc["totals"]["total_fen"] != here:
        yield {"what": "total_fen", "signed": doc["totals"]["total_fen"], "here": here}


def _photos(db: Session, visit: Visit, doc: dict[str, Any]) -> Iterable[Difference]:
    known = {photo.id: photo.sha256 for photo in db.scalars(select(Photo).where(Photo.visit_id == visit.id))}
    for photo in doc.get("photos", ()):
        if known.get(photo["photo"]) != photo["sha256"]:
            yield {"what": "photo", "id": photo["photo"], "signed": photo["sha256"], "here": known.get(photo["photo"], "")}


def _terms(db: Session, visit: Visit, doc: dict[str, Any]) -> Iterable[Difference]:
    if db.get(LegalText, (visit.store_id, doc["legal"]["sha256"])) is None:
        yield {"what": "terms", "id": doc["legal"]["id"], "signed": doc["legal"]["sha256"], "here": ""}


def _sets(what: str, signed: Iterable[str], here: set[str]) -> Iterable[Difference]:
    there = set(signed)
    for id in sorted(there - here):
        yield {"what": what, "id": id, "signed": "listed", "here": ""}
    for id in sorted(here - there):
        yield {"what": what, "id": id, "signed": "", "here": "listed"}


def _ids(db: Session, visit: Visit, model: type[Belonging] | type[DamageMark]) -> set[str]:
    return set(db.scalars(select(model.id).where(model.visit_id == visit.id, ~model.retracted)))


def _concerns(db: Session, visit: Visit) -> set[str]:
    rows = db.scalars(select(Concern).where(Concern.visit_id == visit.id, ~Concern.retracted))
    return {" · ".join(part for part in (row.text, row.when, row.where, row.condition, row.frequency) if part) for row in rows}
