"""Photos for pages: announced by an act, and brought in as the API brings them in."""

import io
from typing import Any

from flask import Flask
from PIL import Image

from tests.conftest import NOON, Phone
from tests.visits import does
from webapp.commands.arrival import note_arrival
from webapp.commands.house import House
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import to_wire
from webapp.foundation.ids import new_id
from webapp.queries.photos import announced as told


def taken(app: Flask, phone: Phone, visit: str, subject: dict[str, Any], shade: int = 0) -> str:
    """A photo whose bytes are here; returns its id."""
    data, house = picture(shade), house_of(app)
    photo = announced(phone, visit, subject, data)
    house.photos.keep(data)
    with house.database.read() as db:
        found = told(db, "YF01", [photo])[photo]
    note_arrival(house, "YF01", found, sha256_hex(data), len(data))
    return photo


def announced(phone: Phone, visit: str, subject: dict[str, Any], data: bytes = b"not here yet") -> str:
    """A photo that the phone still has."""
    photo = new_id()
    does(phone, "photo.add", {"photo": photo, "sha256": sha256_hex(data), "bytes": len(data), "mime": "image/jpeg", "width": 400,
                              "height": 300, "taken_at": to_wire(NOON), "subject": subject}, visit)
    return photo


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), (90, 120, 100 + shade)).save(buffer, "JPEG")
    return buffer.getvalue()


def house_of(app: Flask) -> House:
    house: House = app.extensions["house"]
    return house
