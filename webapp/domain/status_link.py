"""状态链接: the customer follows the car by a link whose token only the QR code carries (evidence.md D2)."""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.known import is_known, of_visit
from webapp.domain.words import Aware, Command, HashText, IdText, Note
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import StatusLink, Visit


class IssueLink(Command, frozen=True):
    link: IdText
    token_sha256: HashText
    scope: Literal["view", "receipt"]
    expires_at: Aware | None = None


class RevokeLink(Command, frozen=True):
    link: IdText
    reason: Note


def issue_link(db: Session, act: Act, visit: Visit, cmd: IssueLink) -> Done | None:
    """The phone made the token and keeps it to itself; we keep its hash."""
    if is_known(db, StatusLink, cmd.link) or db.scalar(select(StatusLink.id).where(StatusLink.token_sha256 == cmd.token_sha256)):
        raise Refusal("status.link_known", N_("这个二维码已经用过，请重新生成"))

    db.add(StatusLink(id=cmd.link, store_id=act.store, visit_id=visit.id, token_sha256=cmd.token_sha256, scope=cmd.scope,
                      expires_at=cmd.expires_at, issued_by=act.actor.staff, issued_at=act.acted_at))
    return None


def revoke_link(db: Session, act: Act, visit: Visit, cmd: RevokeLink) -> Done | None:
    """From now on the link answers as if it had never been."""
    link = of_visit(db, StatusLink, cmd.link, visit)
    if link is None:
        raise Refusal("status.link_unknown", N_("没有这个二维码的记录，请刷新后再看"))
    if link.revoked:
        return None

    link.revoked, link.revoke_reason = True, cmd.reason
    return None
