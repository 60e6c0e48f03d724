"""环车检查: what the advisor and the customer see as they walk round the car, clockwise. Marks are in damage.py."""

from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.checklist import AnswerItem, AnswerZone, ClearAnswer
from webapp.domain.checklist import answer as answer_item
from webapp.domain.checklist import answer_zone as answer_items
from webapp.domain.checklist import clear_answer as clear_items
from webapp.domain.consent import consent_of
from webapp.domain.journey import revise, take_step
from webapp.domain.known import local_day
from webapp.domain.register import fill
from webapp.domain.sheet import run_of, sheet_of, template
from webapp.domain.words import Command, HashText, ItemText, Note, ZoneText
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Answer, ChecklistRun, Photo, Skip, Vehicle, Visit, WorkOrder

FULL_AFTER = timedelta(days=183)
CHOICES = {"WA-CF-02": "old_parts", "WA-CF-03": "wash", "WA-CF-04": "road_test"}


class StartWalkaround(Command, frozen=True):
    mode: Literal["full", "quick"]
    template_sha256: HashText
    customer_joined: Literal["yes", "no", "part"]


class SkipZone(Command, frozen=True):
    zone: ZoneText
    reason: Note


class SkipPhoto(Command, frozen=True):
    reason: Note
    zone: ZoneText | None = None
    item: ItemText | None = None


def start(db: Session, act: Act, visit: Visit, cmd: StartWalkaround) -> Done | None:
    """The walk begins, with one version of the list, named by its hash; only after the customer's choices (G-PRIV).

    Two phones may both begin it: the second joins the first's walk. A quick walk may become a full one, never back.
    """
    template(db, act, cmd.template_sha256, f"walkaround_{cmd.mode}")
    if consent_of(db, visit) is None:
        raise Refusal("consent.missing", N_("请先请客户看个人信息告知并记录选择，再开始环检"))
    run = run_of(db, visit, "walkaround")
    if run is None:
        take_step(visit, "walkaround.start")

    why = _full_because(db, act, visit, cmd) if cmd.mode == "quick" else []
    facts: dict[str, object] = {"full_because": why} if why else {}
    if run is None:
        db.add(ChecklistRun(id=f"{visit.id}.walkaround", store_id=act.store, visit_id=visit.id, run="walkaround",
                            template_sha256=cmd.template_sha256, mode=cmd.mode, customer_joined=cmd.customer_joined,
                            started_at=act.acted_at, started_by=act.actor.staff))
    elif run.mode == "quick" and cmd.mode == "full":
        run.mode, run.template_sha256 = "full", cmd.template_sha256
        facts |= revise(visit, "pre_inspection")
    else:
        facts["joined"] = run.mode
    return Done(facts)


def answer(db: Session, act: Act, visit: Visit, cmd: AnswerItem) -> Done:
    """One item. Old parts, wash and road test feed the order too; an odometer below the last visit's is asked about."""
    done = answer_item(db, act, visit, "walkaround", cmd)
    return _also(db, act, visit, cmd, done)


def answer_zone(db: Session, act: Act, visit: Visit, cmd: AnswerZone) -> Done:
    return answer_items(db, act, visit, "walkaround", cmd)


def clear_answer(db: Session, act: Act, visit: Visit, cmd: ClearAnswer) -> Done:
    return clear_items(db, act, visit, "walkaround", cmd)


def resolve(db: Session, act: Act, visit: Visit, cmd: AnswerItem) -> Done:
    """当面核对: two different answers are settled by looking together."""
    return _also(db, act, visit, cmd, answer_item(db, act, visit, "walkaround", cmd, resolving=True))


def skip_zone(db: Session, act: Act, visit: Visit, cmd: SkipZone) -> Done:
    """A zone passed over, with a reason; it prints as 未查."""
    sheet = sheet_of(db, visit, "walkaround")
    if all(zone["id"] != cmd.zone for zone in sheet.served["zones"]):
        raise Refusal("checklist.unknown_zone", N_("这份检查表没有这个区域，请先更新检查表"), zone=cmd.zone)

    return _skip(db, act, visit, "zone", cmd.zone, cmd.reason)


def skip_photo(db: Session, act: Act, visit: Visit, cmd: SkipPhoto) -> Done:
    """A guided photo passed over, with a reason; photos never block (decisions.md 9)."""
    sheet_of(db, visit, "walkaround")
    if (cmd.zone is None) == (cmd.item is None):
        raise Refusal("walkaround.one_subject", N_("请指明跳过的是哪一张照片"))

    return _skip(db, act, visit, "photo", cmd.zone or cmd.item or "", cmd.reason)


def zones_without_photo(db: Session, visit: Visit) -> list[str]:
    """Outside zones with neither a photo nor a reason (RC-04, decisions.md 9): named where the customer did not see them."""
    taken = select(Photo.subject_id).where(Photo.visit_id == visit.id, Photo.subject_kind == "zone", ~Photo.retracted)
    settled = set(db.scalars(taken)) | set(db.scalars(select(Skip.subject).where(Skip.visit_id == visit.id)))
    sheet = sheet_of(db, visit, "walkaround")
    return [zone["id"] for zone in sheet.served["zones"] if zone["id"].startswith("ext_") and zone["id"] not in settled]


def _full_because(db: Session, act: Act, visit: Visit, cmd: StartWalkaround) -> list[str]:
    """RC-19: when the full list is the rule. The advisor is told, not stopped."""
    car = db.get(Vehicle, visit.vehicle_id) if visit.vehicle_id else None
    last: date | None = car.last_full_walkaround_on if car else None
    reasons = {
        "first_visit": car is None or car.last_visit_on is None,
        "interval": last is not None and local_day(db, act) - last > FULL_AFTER,
        "never_full": last is None and car is not None and car.last_visit_on is not None,
        "accident": visit.business_type == "accident",
        "rework": visit.business_type == "rework",
        "customer_absent": cmd.customer_joined == "no",
    }
    return [name for name, holds in reasons.items() if holds]


def _also(db: Session, act: Act, visit: Visit, cmd: AnswerItem, done: Done) -> Done:
    facts: dict[str, Any] = dict(done.facts)
    if cmd.item in CHOICES and cmd.choice and (order := db.get(WorkOrder, visit.id)):
        fill(db, act, visit, order, {CHOICES[cmd.item]: cmd.choice})
        facts |= revise(visit, "work_order")
    if warning := _read_against_card(db, visit, cmd):
        facts["warnings"] = [*facts.get("warnings", []), warning]
    return Done(facts, done.conflict)


def _read_against_card(db: Session, visit: Visit, cmd: AnswerItem) -> str | None:
    if cmd.item == "WA-DR-02" and cmd.number is not None and visit.vehicle_id and not cmd.reason:
        car = db.get(Vehicle, visit.vehicle_id)
        return "odometer.lower" if car and car.odometer_km and cmd.number < car.odometer_km else None
    return "vin.differs" if cmd.item == "WA-DR-01" and cmd.text and visit.vin and cmd.text != visit.vin else None


def _skip(db: Session, act: Act, visit: Visit, kind: str, subject: str, reason: str) -> Done:
    facts = revise(visit, "pre_inspection")
    there = db.get(Skip, f"{visit.id}.{kind}.{subject}")
    if there is None:
        db.add(Skip(id=f"{visit.id}.{kind}.{subject}", store_id=act.store, visit_id=visit.id, kind=kind, subject=subject,
                    reason=reason, skipped_by=act.actor.staff))
    else:
        there.reason, there.skipped_by = reason, act.actor.staff
    return Done(facts)


def choices_so_far(db: Session, visit: Visit) -> dict[str, str]:
    """What the customer already chose on the walk, for the order: old parts, wash, road test (RC-16)."""
    rows = db.scalars(select(Answer).where(Answer.visit_id == visit.id, Answer.run == "walkaround", Answer.current,
                                           Answer.item.in_(CHOICES)))
    return {CHOICES[row.item]: row.choice for row in rows if row.choice}
