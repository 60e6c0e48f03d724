"""Documents as a phone would build them from what the server has, small but sound; and a hand that signs them."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOON, Phone
from webapp.domain.catalogue import checklists, legal_texts
from webapp.domain.checklist import current_answers
from webapp.domain.pricing import line_fen, totals
from webapp.domain.work_order import order_lines
from webapp.foundation.canon import digest
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.models import Belonging, ChecklistRun, Concern, DamageMark, DeclinedItem, Photo, Visit, WorkOrder

TERMS = {"pre_inspection": "pre_inspection_terms", "work_order": "work_order_terms", "refusal_statement": "refusal_statement",
         "handover": "handover_terms"}
LEGAL = {text["id"]: text for text in legal_texts()}


def signing(phone: Phone, visit: str, kind: str, **other: Any) -> dict[str, Any]:
    """Arguments of document.sign for the visit as it stands; `other` changes the document before it is hashed."""
    with phone.database.read() as db:
        doc = {**build(db, db.get_one(Visit, visit), kind), **other}
    return signed(doc)


def signed(doc: dict[str, Any]) -> dict[str, Any]:
    return {"document": doc["document"], "kind": doc["kind"], "revision": doc["revision"], "doc": doc,
            "doc_sha256": digest(doc), "signature": signature(doc["legal"]["sha256"])}


def signature(consent_sha256: str, **other: Any) -> dict[str, Any]:
    """A name in one stroke: 30 points in 600 ms."""
    return {"signer": "赵样例", "relation": "owner", "consent_sha256": consent_sha256,
            "strokes": [[[10 + n, 20 + n % 7, 20 * n, 500] for n in range(31)]], "width": 390, "height": 300,
            "opened_at": to_wire(NOON), "signed_at": to_wire(NOON), **other}


def build(db: Session, visit: Visit, kind: str) -> dict[str, Any]:
    """The document that today's facts of this kind make."""
    vehicle = {"plate": visit.plate, "powertrain": visit.powertrain} | ({"vin": visit.vin} if visit.vin else {})
    revision = visit.revisions.get(kind, 1)
    if kind == "refusal_statement":
        revision = visit.signed.get(kind, 0) + 1
    head = {"schema": 1, "salt": secrets.token_urlsafe(16)[:22], "document": new_id(), "kind": kind, "revision": revision,
            "visit": visit.id, "store": {"id": visit.store_id, "name": "云帆云州店"},
            "customer": {"name": visit.customer_name, "mobile": "164****2001", "sender": visit.sender}, "vehicle": vehicle,
            "legal": {name: LEGAL[TERMS[kind]][name] for name in ("id", "version", "sha256", "text")}, "locale": "zh-CN",
            "time_zone": "Asia/Shanghai", "prepared_by": {"staff": "E005", "name": "林E005"}, "prepared_at": to_wire(NOON),
            "app": "2026.11.1"}
    body = {"pre_inspection": _sheet, "work_order": _order, "refusal_statement": _refusal, "handover": _handover}[kind]
    return head | body(db, visit)


def _sheet(db: Session, visit: Visit) -> dict[str, Any]:
    run = db.get_one(ChecklistRun, f"{visit.id}.walkaround")
    concerns = db.scalars(select(Concern).where(Concern.visit_id == visit.id, ~Concern.retracted))
    return {"arrived_at": to_wire(visit.arrived_at), "mode": run.mode, "customer_joined": run.customer_joined,
            "template": _template(run), "rows": _rows(db, visit, run), "marks": _marks(db, visit),
            "belongings": _belongings(db, visit), "skips": [], "photos": _photos(db, visit),
            "concerns": [concern.text for concern in concerns], "notice_version": visit.notice_version}


def _order(db: Session, visit: Visit) -> dict[str, Any]:
    lines = order_lines(db, visit)
    sums = totals(lines, db.get_one(WorkOrder, visit.id).discount_fen)
    concerns = db.scalars(select(Concern).where(Concern.visit_id == visit.id, ~Concern.retracted))
    return {"concerns": [concern.text for concern in concerns], "choices": [], "declined": _declined(db, visit, False),
            "lines": [{"line": row.id, "kind": row.kind, "text": row.text, "price_fen": row.price_fen,
                       "amount_fen": line_fen(row), "payer": row.payer} for row in lines],
            "totals": {"labour_fen": sums.labour_fen, "parts_fen": sums.parts_fen, "discount_fen": sums.discount_fen,
                       "total_fen": sums.total_fen,
                       "payers": [{"payer": payer, "amount_fen": amount} for payer, amount in sums.by_payer.items()]}}


def _refusal(db: Session, visit: Visit) -> dict[str, Any]:
    return {"declined": _declined(db, visit, True)}


def _handover(db: Session, visit: Visit) -> dict[str, Any]:
    run = db.get_one(ChecklistRun, f"{visit.id}.handover")
    return {"jobs": [], "rows": _rows(db, visit, run), "marks": _marks(db, visit), "belongings": _belongings(db, visit),
            "declined": _declined(db, visit, False), "photos": [], "template": _template(run)}


def _rows(db: Session, visit: Visit, run: ChecklistRun) -> list[dict[str, Any]]:
    template = next(served for served in checklists() if served["sha256"] == run.template_sha256)
    answers = current_answers(db, visit, run.run)
    rows = []
    for item in template["items"]:
        if visit.powertrain in item["applies"]:
            answer = answers.get(item["id"])
            status = "unseen" if answer is None else answer.status or "told"
            rows.append({"zone": item["zone"], "item": item["id"], "text": item["zh"], "answer": status, "status": status})
    return rows


def _template(run: ChecklistRun) -> dict[str, Any]:
    template = next(served for served in checklists() if served["sha256"] == run.template_sha256)
    return {"id": template["id"], "version": template["version"], "sha256": template["sha256"]}


def _marks(db: Session, visit: Visit) -> list[dict[str, Any]]:
    marks = db.scalars(select(DamageMark).where(DamageMark.visit_id == visit.id, ~DamageMark.retracted))
    return [{"mark": row.id, "region": row.region, "region_text": row.region, "kind": row.kind, "kind_text": row.kind,
             "symbol": "S", "size": row.size, "size_text": row.size, "x": row.x, "y": row.y, "photos": []} for row in marks]


def _belongings(db: Session, visit: Visit) -> list[dict[str, Any]]:
    things = db.scalars(select(Belonging).where(Belonging.visit_id == visit.id, ~Belonging.retracted))
    return [{"belonging": row.id, "text": row.text, "kept_in_car": row.kept_in_car} for row in things]


def _photos(db: Session, visit: Visit) -> list[dict[str, Any]]:
    photos = db.scalars(select(Photo).where(Photo.visit_id == visit.id, ~Photo.retracted).order_by(Photo.id))
    return [{"photo": row.id, "sha256": row.sha256} for row in photos]


def _declined(db: Session, visit: Visit, safety: bool) -> list[dict[str, Any]]:
    rows = db.scalars(select(DeclinedItem).where(DeclinedItem.visit_id == visit.id))
    return [{"declined": row.id, "text": row.text, "reason": row.reason, "safety": row.safety} for row in rows
            if row.safety or not safety]
