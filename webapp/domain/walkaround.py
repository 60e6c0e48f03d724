"""环车检查: what the advisor and the customer see as they walk round the car, clockwise."""

from typing import Literal

from sqlalchemy.orm import Session

from webapp.domain.journey import revise, take_step
from webapp.domain.words import Command, DamageKind, DamageSize, HashText, IdText, Note, OnDrawing, Photos, Region
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import ChecklistRun, ChecklistTemplate, DamageMark, Visit


class StartWalkaround(Command, frozen=True):
    mode: Literal["full", "quick"]
    template_sha256: HashText
    customer_joined: Literal["yes", "no", "part"]


def start(db: Session, act: Act, visit: Visit, cmd: StartWalkaround) -> Done | None:
    """The walk begins, with one version of the list; the list is named by its hash and never changes under a walk."""
    if db.get(ChecklistTemplate, (act.store, cmd.template_sha256)) is None:
        raise Refusal("checklist.unknown_template", N_("这份检查表本店没有，请先更新检查表"))
    take_step(visit, "walkaround.start")

    db.add(ChecklistRun(id=f"{visit.id}.walkaround", store_id=act.store, visit_id=visit.id, run="walkaround",
                        template_sha256=cmd.template_sha256, mode=cmd.mode, customer_joined=cmd.customer_joined,
                        started_at=act.acted_at, started_by=act.actor.staff))
    return None


class RecordDamage(Command, frozen=True):
    mark: IdText
    region: Region
    kind: DamageKind
    size: DamageSize
    x: OnDrawing
    y: OnDrawing
    note: Note | None = None
    photos: Photos = ()


def record_damage(db: Session, act: Act, visit: Visit, cmd: RecordDamage) -> Done | None:
    """A mark with symbol, place and photos (RC-05). Found after the signature, it opens an unsigned revision."""
    walkaround_of(db, visit)
    if db.get(DamageMark, cmd.mark) is not None:
        raise Refusal("walkaround.mark_known", N_("这处损伤已经记过"))

    facts = revise(visit, "pre_inspection")
    db.add(DamageMark(id=cmd.mark, store_id=act.store, visit_id=visit.id, region=cmd.region, kind=cmd.kind,
                      size=cmd.size, x=cmd.x, y=cmd.y, note=cmd.note, photos=list(cmd.photos),
                      recorded_by=act.actor.staff, recorded_at=act.acted_at,
                      revision=visit.revisions.get("pre_inspection", 1)))
    return Done(facts)


def walkaround_of(db: Session, visit: Visit) -> ChecklistRun:
    """The visit's walk. Raises Refusal before it has begun."""
    run = db.get(ChecklistRun, f"{visit.id}.walkaround")
    if run is None:
        raise Refusal("walkaround.not_started", N_("还没有开始环检，请先点“开始环检”"))
    return run
