"""Bytes of a photo are kept: the server says so through the one door, so that every phone hears of it (decision 0003)."""

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.orm import Session

from webapp.commands.house import House
from webapp.foundation.actor import Actor
from webapp.foundation.ids import new_id
from webapp.models import Device
from webapp.queries.photos import Announced, servers_device

SERVER = frozenset({"server"})


class NotNoted(Exception):
    """The door did not take the fact; the bytes are safe and the phone may send again."""


def note_arrival(house: House, store: str, photo: Announced, sha256: str, size: int) -> None:
    """Tells of the bytes once, however often they come. Raises NotNoted."""
    if photo.visit is None:
        house.photos.note_arrival(store, photo.photo, sha256)
        return
    receipt = house.door.execute(
        server_actor(house, store), "photo.receive", {"photo": photo.photo, "sha256": sha256, "bytes": size}, visit=photo.visit,
        act_id=str(uuid5(NAMESPACE_OID, f"photo.receive/{photo.photo}")), salt=secrets.token_urlsafe(16))
    if receipt.verdict not in ("applied", "duplicate"):
        raise NotNoted(receipt.code)


def server_actor(house: House, store: str) -> Actor:
    """The server itself, at work for a store on its own device there."""
    return Actor(store, "server", "服务器", SERVER, _device(house, store))


def _device(house: House, store: str) -> str:
    with house.database.read() as db:
        known = servers_device(db, store)
    return known or house.door.record(_new_device(store))


def _new_device(store: str) -> Callable[[Session, datetime], str]:
    def work(db: Session, now: datetime) -> str:
        known = servers_device(db, store)
        if known:
            return known
        device = Device(id=new_id(), store_id=store, name="服务器", enrolled_at=now, is_server=True)
        db.add(device)
        return device.id

    return work
