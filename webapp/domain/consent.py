"""个人信息告知: what the customer agreed to, once the notice was shown (RC-18, decisions.md 11)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.known import forget, once
from webapp.domain.words import Command, Name
from webapp.foundation.actor import Act, Done
from webapp.models import Consent, Visit


class RecordConsent(Command, frozen=True):
    notice_version: Name
    photos: bool
    signature: bool
    marketing: bool


def record(db: Session, act: Act, visit: Visit, cmd: RecordConsent) -> Done | None:
    """A customer may change their mind: the newest row counts, the earlier ones stay."""
    db.add(Consent(id=act.id, store_id=act.store, visit_id=visit.id, notice_version=cmd.notice_version, photos=cmd.photos,
                   signature=cmd.signature, marketing=cmd.marketing, recorded_at=act.acted_at, recorded_by=act.actor.staff))
    forget(db, ("consent", visit.id))
    return None


def consent_of(db: Session, visit: Visit) -> Consent | None:
    """The choice that counts today."""
    return once(db, ("consent", visit.id), lambda: db.scalar(
        select(Consent).where(Consent.visit_id == visit.id).order_by(Consent.change_no.desc()).limit(1)))
