"""内部交车: the advisor checks papers and car before the customer comes."""

from sqlalchemy.orm import Session

from webapp.domain.checklist import AnswerItem, AnswerZone, ClearAnswer
from webapp.domain.checklist import answer as answer_item
from webapp.domain.checklist import answer_zone as answer_items
from webapp.domain.checklist import clear_answer as clear_items
from webapp.domain.journey import STATES
from webapp.domain.sheet import run_of, template
from webapp.domain.words import Command, HashText
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import ChecklistRun, Visit

TOO_EARLY = frozenset({"arrived", "inspecting", "estimating", "awaiting_signature"})


class StartDelivery(Command, frozen=True):
    template_sha256: HashText


def start(db: Session, act: Act, visit: Visit, cmd: StartDelivery) -> Done | None:
    """Begins once work was ordered; begun twice, the second joins the first."""
    template(db, act, cmd.template_sha256, "pre_delivery_internal")
    if visit.state in TOO_EARLY:
        raise Refusal("internal_delivery.not_now", N_("这辆车现在是“%(state)s”，工单签字后再做内部交车检查"),
                      state=STATES[visit.state])

    if run_of(db, visit, "internal_delivery") is not None:
        return Done({"joined": True})
    db.add(ChecklistRun(id=f"{visit.id}.internal_delivery", store_id=act.store, visit_id=visit.id, run="internal_delivery",
                        template_sha256=cmd.template_sha256, started_at=act.acted_at, started_by=act.actor.staff))
    return None


def answer(db: Session, act: Act, visit: Visit, cmd: AnswerItem) -> Done:
    return answer_item(db, act, visit, "internal_delivery", cmd)


def answer_zone(db: Session, act: Act, visit: Visit, cmd: AnswerZone) -> Done:
    return answer_items(db, act, visit, "internal_delivery", cmd)


def clear_answer(db: Session, act: Act, visit: Visit, cmd: ClearAnswer) -> Done:
    return clear_items(db, act, visit, "internal_delivery", cmd)
