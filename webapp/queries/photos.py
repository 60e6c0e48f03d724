"""What the server was told of photos, and which of them it has."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Device, KeptAct, Photo

NO_ROW = ("quarantined", "refused")  # the act is kept all the same, and so are the bytes that it names


@dataclass(frozen=True)
class Announced:
    """A photo that a kept act announces. visit: where its row is; None when the act was set aside and made no row."""

    photo: str
    hashes: frozenset[str]
    visit: str | None
    present: bool


def announced(db: Session, store: str, photos: Sequence[str], only_device: str | None = None) -> dict[str, Announced]:
    """Per photo of the store what acts say of it; with only_device, of those that this phone announced itself."""
    rows = db.scalars(select(Photo).where(Photo.store_id == store, Photo.id.in_(photos), ~Photo.deleted))
    found = {row.id: Announced(row.id, frozenset({row.sha256}), row.visit_id, row.state == "present") for row in rows
             if only_device in (None, row.device_id)}
    missing = [photo for photo in photos if photo not in found]
    if missing:
        found |= _from_acts(db, store, missing, only_device)
    return found


def servers_device(db: Session, store: str) -> str | None:
    """The device in whose name the server itself acts for this store."""
    return db.scalar(select(Device.id).where(Device.store_id == store, Device.is_server).order_by(Device.id).limit(1))


def present_photo(db: Session, store: str, photo: str) -> Photo | None:
    """The store's photo whose bytes are here."""
    return db.scalar(select(Photo).where(Photo.store_id == store, Photo.id == photo, Photo.state == "present"))


def _from_acts(db: Session, store: str, photos: Sequence[str], only_device: str | None) -> dict[str, Announced]:
    query = select(KeptAct.photo, KeptAct.body).where(
        KeptAct.store_id == store, KeptAct.photo.in_(photos), KeptAct.verdict.in_(NO_ROW), KeptAct.body.is_not(None))
    if only_device:
        query = query.where(KeptAct.device_id == only_device)
    hashes: dict[str, set[str]] = {}
    for photo, body in db.execute(query):
        if photo and body:
            hashes.setdefault(photo, set()).update(_hashes(body))
    return {photo: Announced(photo, frozenset(known), None, False) for photo, known in hashes.items() if known}


def _hashes(body: bytes) -> Iterable[str]:
    try:
        told = json.loads(body)["args"]["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [told] if isinstance(told, str) and len(told) == 64 else []
