"""照片到齐: the bytes of an announced photo are here. A fact about bytes, told by the server itself (decision 0003)."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy.orm import Session

from webapp.domain.words import Command, HashText, IdText
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Photo, Visit


class ReceivePhoto(Command, frozen=True):
    photo: IdText
    sha256: HashText
    bytes: Annotated[int, Meta(ge=1, le=12 * 1024 * 1024)]


def receive(db: Session, act: Act, visit: Visit, cmd: ReceivePhoto) -> Done | None:
    """Everybody's phones learn that the picture is on the server; nothing else about it changes."""
    photo = db.get(Photo, cmd.photo)
    if photo is None or photo.store_id != act.store or photo.visit_id != visit.id or photo.sha256 != cmd.sha256:
        raise Refusal("photo.unknown", N_("这次来店没有这张照片"))

    photo.state = "present"
    return None
