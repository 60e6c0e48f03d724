"""照片: announced by an act, their bytes follow. Bytes never change; markup is a layer; a retraction hides, nothing is erased."""

from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.consent import consent_of
from webapp.domain.journey import revise
from webapp.domain.known import is_known, of_visit
from webapp.domain.words import Aware, Command, HashText, IdText, Line, Note, OnDrawing
from webapp.foundation.actor import Act, Done
from webapp.foundation.refusal import N_, Refusal
from webapp.models import Photo, Visit

MOST_PIXELS = 40_000_000
MOST_BYTES = 12 * 1024 * 1024
OF_THE_CAR = frozenset({"item", "mark", "zone", "belonging", "handover"})


class Subject(Command, frozen=True):
    kind: Literal["item", "mark", "zone", "belonging", "handover", "other"]
    id: Annotated[str, Meta(min_length=1, max_length=40)] | None = None


class AddPhoto(Command, frozen=True):
    photo: IdText
    sha256: HashText
    bytes: Annotated[int, Meta(ge=1, le=2**40)]
    mime: Literal["image/jpeg", "image/png", "image/webp"]
    width: Annotated[int, Meta(ge=1, le=100_000)]
    height: Annotated[int, Meta(ge=1, le=100_000)]
    taken_at: Aware
    subject: Subject


class Shape(Command, frozen=True):
    kind: Literal["arrow", "circle", "line", "text"]
    points: Annotated[tuple[Annotated[tuple[OnDrawing, OnDrawing], Meta()], ...], Meta(min_length=1, max_length=500)]
    text: Line | None = None


class AnnotatePhoto(Command, frozen=True):
    photo: IdText
    shapes: Annotated[tuple[Shape, ...], Meta(max_length=50)]


class RetractPhoto(Command, frozen=True):
    photo: IdText
    reason: Note


def add(db: Session, act: Act, visit: Visit, cmd: AddPhoto) -> Done | None:
    """A photo is on its way. A customer who said no to photos of the car is not photographed (RC-18, decisions.md 11)."""
    if is_known(db, Photo, cmd.photo):
        raise Refusal("photo.known", N_("这张照片已经登记过"))
    if cmd.bytes > MOST_BYTES or cmd.width * cmd.height > MOST_PIXELS:
        raise Refusal("photo.too_large", N_("照片太大，请重拍（最多 12 MB、4000 万像素）"))
    if cmd.subject.kind in OF_THE_CAR and (consent := consent_of(db, visit)) is not None and not consent.photos:
        raise Refusal("consent.no_photos", N_("客户不同意拍照，请跳过并写明原因"))

    with db.no_autoflush:  # what waits to be written is not present yet
        here = db.scalar(select(Photo.id).where(Photo.store_id == act.store, Photo.sha256 == cmd.sha256,
                                                Photo.state == "present").limit(1))
    db.add(Photo(id=cmd.photo, store_id=act.store, visit_id=visit.id, sha256=cmd.sha256, bytes=cmd.bytes, mime=cmd.mime,
                 width=cmd.width, height=cmd.height, taken_at=cmd.taken_at, subject_kind=cmd.subject.kind,
                 subject_id=cmd.subject.id, state="present" if here else "expected", taken_by=act.actor.staff,
                 device_id=act.actor.device))
    return Done(_revised(visit, cmd.subject.kind))


def annotate(db: Session, act: Act, visit: Visit, cmd: AnnotatePhoto) -> Done | None:
    """The markup layer as it now is; earlier layers stay in the ledger, the bytes are never touched."""
    _photo(db, visit, cmd.photo).shapes = [
        {"kind": s.kind, "points": [list(p) for p in s.points], **({"text": s.text} if s.text else {})} for s in cmd.shapes]
    return None


def retract(db: Session, act: Act, visit: Visit, cmd: RetractPhoto) -> Done | None:
    """Hidden in lists, with a reason; a signed document that shows it still does."""
    photo = _photo(db, visit, cmd.photo)
    if photo.retracted:
        return None

    photo.retracted, photo.retract_reason = True, cmd.reason
    return Done(_revised(visit, photo.subject_kind))


def restore(db: Session, act: Act, visit: Visit, cmd: RetractPhoto) -> Done | None:
    photo = _photo(db, visit, cmd.photo)
    if not photo.retracted:
        return None

    photo.retracted, photo.retract_reason = False, cmd.reason
    return Done(_revised(visit, photo.subject_kind))


def _photo(db: Session, visit: Visit, id: str) -> Photo:
    photo = of_visit(db, Photo, id, visit)
    if photo is None:
        raise Refusal("photo.unknown", N_("没有这张照片，请刷新后再看"))
    return photo


def _revised(visit: Visit, subject: str) -> dict[str, object]:
    """Photos of the car at arrival stand on the sheet, those of the handover on the handover's document."""
    return {} if subject == "other" else revise(visit, "handover" if subject == "handover" else "pre_inspection")
