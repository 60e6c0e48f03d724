"""Which words of a visit are personal, and what stands in their place once they are erased: the one list.

A column of free text, of data, or of what was seen of the car must stand here or in KEPT; a test holds it to that.
"""

from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from webapp.foundation.actor import Act
from webapp.models import (
    Answer,
    Appointment,
    Belonging,
    ChecklistRun,
    Concern,
    Consent,
    Customer,
    DamageMark,
    DeclinedItem,
    Defect,
    Discrepancy,
    Document,
    DocumentRefusal,
    KeptAct,
    LedgerEntry,
    MarkCheck,
    OfVisit,
    OrderLine,
    Photo,
    Skip,
    StatusLink,
    Vehicle,
    Visit,
    WorkOrder,
)

VISIT: dict[str, Any] = {
    "plate": "", "vin": None, "model": None, "vehicle_id": None, "customer_id": None, "customer_name": "", "mobile": "",
    "sender_name": None, "appointment_id": None, "checked_by": None, "ready_note": None, "gate_pass": None, "settled_note": None,
    "cancel_reason": None, "hold": None, "said": {}, "rework_of": None,
}
OF_VISIT: dict[type[OfVisit], dict[str, Any]] = {
    Consent: {},
    Discrepancy: {"value": ""},
    ChecklistRun: {"person": None},
    Answer: {"status": None, "number": None, "choice": None, "choices": None, "text": None, "reason": None, "severity": None},
    Skip: {"reason": ""},
    DamageMark: {"note": None, "photos": [], "retract_reason": None},
    MarkCheck: {"note": None, "photos": []},
    Belonging: {"text": "", "photos": [], "retract_reason": None, "return_note": None},
    Concern: {"text": "", "when": None, "where": None, "condition": None, "frequency": None, "retract_reason": None},
    Defect: {"text": "", "photos": []},
    Photo: {"shapes": [], "retract_reason": None, "state": "erased"},
    WorkOrder: {"discount_reason": None, "said": {}},
    OrderLine: {"text": "", "remove_reason": None},
    DeclinedItem: {"text": "", "reason": ""},
    Document: {"body": b"", "signature": {}, "differs": [], "signer": ""},
    DocumentRefusal: {"witness": None, "photos": []},
    StatusLink: {"revoked": True, "revoke_reason": None},
}
CARD: dict[str, Any] = {
    "customer_id": None, "customer_name": None, "mobile": None, "customer_kind": None, "wishes": None, "special_flag": None,
    "ceiling_fen": None}
CAR: dict[str, Any] = {**CARD, "plate": "", "vin": None, "model": None, "colour": None, "registered_on": None,
                       "odometer_km": None, "last_visit_on": None, "last_full_walkaround_on": None, "open_recall": None,
                       "marks": [], "declined": [], "deleted": True}
# Not personal: codes of our own lists, staff, numbers the server gave, hashes, ids of rows that are emptied themselves.
KEPT: dict[type[Any], frozenset[str]] = {
    Visit: frozenset({"number", "order_number", "state", "advisor", "body", "powertrain", "sender", "notice_version",
                      "arrival_mode", "booklet", "waiting_mode", "business_type", "repair_category", "warranty_judgement",
                      "merged_into", "revisions", "signed"}),
    Consent: frozenset({"notice_version", "recorded_by"}),
    Discrepancy: frozenset({"field", "said_by"}),
    ChecklistRun: frozenset({"run", "template_sha256", "mode", "customer_joined", "started_by"}),
    Answer: frozenset({"run", "item", "answered_by", "device_id"}),
    Skip: frozenset({"kind", "subject", "skipped_by"}),
    DamageMark: frozenset({"region", "kind", "size", "recorded_by"}),
    MarkCheck: frozenset({"run", "mark", "now", "checked_by"}),
    Belonging: frozenset({"recorded_by"}),
    Concern: frozenset({"recorded_by"}),
    Defect: frozenset(),
    Photo: frozenset({"sha256", "mime", "subject_kind", "subject_id", "taken_by", "device_id"}),
    WorkOrder: frozenset({"addon_agreement", "repair_category", "old_parts", "wash", "road_test", "payment", "opened_by"}),
    OrderLine: frozenset({"kind", "code", "payer", "part_class", "added_by"}),
    DeclinedItem: frozenset({"line", "item"}),
    Document: frozenset({"kind", "doc_sha256", "relation", "prepared_by", "void_reason"}),
    DocumentRefusal: frozenset({"kind", "reason", "recorded_by"}),
    StatusLink: frozenset({"scope", "issued_by", "token_sha256"}),
}
PLAIN = {"synchronize_session": False}


def wipe(db: Session, act: Act, visit: str, car: str | None, customer: str | None) -> None:
    """Empties the words of one visit. Runs once its erase act stands in the ledger, or the database's guards refuse it."""
    told = {(text, reason) for text, reason in db.execute(
        select(DeclinedItem.text, DeclinedItem.reason).where(DeclinedItem.visit_id == visit))}
    for table, words in OF_VISIT.items():
        db.execute(update(table).where(table.visit_id == visit).values(**words, deleted=True, change_no=act.change_no),
                   execution_options=PLAIN)
    db.execute(update(Document).where(Document.visit_id == visit, Document.void_reason.is_not(None)).values(void_reason=""),
               execution_options=PLAIN)
    _acts(db, act, visit)
    _visit_and_car(db, act, visit, (car, customer), told)


def _acts(db: Session, act: Act, visit: str) -> None:
    """Bodies with their salts, and what receipts told of them; also of acts set aside that only speak of this visit."""
    of_visit = select(LedgerEntry.idx).where(LedgerEntry.store_id == act.store, LedgerEntry.visit_id == visit)
    aside = select(KeptAct.idx, KeptAct.body).where(
        KeptAct.store_id == act.store, KeptAct.verdict == "quarantined", KeptAct.visit_id.is_(None), KeptAct.body.is_not(None))
    speaking = [idx for idx, body in db.execute(aside) if body and visit.encode() in body]
    for those in (KeptAct.idx.in_(of_visit), KeptAct.idx.in_(speaking)):
        db.execute(update(KeptAct).where(KeptAct.store_id == act.store, those, KeptAct.command != "visit.erase",
                                         KeptAct.body.is_not(None)).values(body=None, facts={}), execution_options=PLAIN)


def _visit_and_car(db: Session, act: Act, visit: str, whose: tuple[str | None, str | None], told: set[Any]) -> None:
    car, customer = whose
    db.execute(update(Appointment).where(Appointment.store_id == act.store, Appointment.visit_id == visit)
               .values(customer_words=None, deleted=True, change_no=act.change_no), execution_options=PLAIN)
    mobile = db.scalar(select(Visit.mobile).where(Visit.id == visit))
    db.execute(update(Visit).where(Visit.id == visit).values(**VISIT), execution_options=PLAIN)
    owners = {customer}
    if car is not None:
        owners.add(db.scalar(select(Vehicle.customer_id).where(Vehicle.id == car)))
        _card(db, act, visit, car, mobile, told)
    for id in owners - {None}:
        used = exists().where(Visit.customer_id == id) | exists().where(Vehicle.customer_id == id)
        if not db.scalar(select(used)):
            db.execute(delete(Customer).where(Customer.id == id, Customer.store_id == act.store), execution_options=PLAIN)


def _card(db: Session, act: Act, visit: str, car: str, mobile: str | None, told: set[Any]) -> None:
    """The car's card stays as far as another visit or a booking keeps it; what came from this visit leaves it."""
    others = select(Visit.id).where(Visit.store_id == act.store, Visit.vehicle_id == car)
    booked = db.scalar(select(Appointment.id).where(Appointment.vehicle_id == car, Appointment.visit_id.is_(None),
                                                    Appointment.slot_start_at > act.now).limit(1))
    if not booked and db.scalar(others.limit(1)) is None:
        return _blank(db, act, car, CAR)
    card = db.execute(select(Vehicle.marks, Vehicle.declined, Vehicle.mobile).where(Vehicle.id == car)).one()
    words: dict[str, Any] = {"marks": [mark for mark in card.marks if mark.get("visit_id") != visit],
                             "declined": [one for one in card.declined if (one.get("text"), one.get("reason")) not in told]}
    if not booked and card.mobile == mobile and db.scalar(others.where(Visit.mobile == mobile).limit(1)) is None:
        words |= CARD
    return _blank(db, act, car, words)


def _blank(db: Session, act: Act, car: str, words: dict[str, Any]) -> None:
    db.execute(update(Vehicle).where(Vehicle.id == car, Vehicle.store_id == act.store)
               .values(**words, change_no=act.change_no), execution_options=PLAIN)
