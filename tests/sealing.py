"""A house that seals, for tests and measurements: signed papers with real pictures, and a PDF reader's own look at the seal."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from tests.conftest import NOON, Clock, Phone
from tests.visits import a_visit, does, mark, signs
from webapp.adapters.keys import Keys, open_keys
from webapp.adapters.photo_store import PhotoStore
from webapp.adapters.sealer import BUNDLE, Sealer, _certificate
from webapp.adapters.time_stamp import Authority
from webapp.commands.arrival import note_arrival
from webapp.commands.execute import Door
from webapp.commands.house import House
from webapp.commands.sealing import Sealing
from webapp.commands.sign_in import SignIn
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import to_wire
from webapp.foundation.config import read_settings
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Document, SealedFile
from webapp.queries.photos import announced
from webapp.queries.sealing import sealed_files

ZONES = ("ext_lf", "ext_front", "ext_rf", "ext_right", "ext_rr", "ext_rear", "ext_lr", "ext_left")


def a_house(database: Database, clock: Clock, home: Path) -> House:
    """The house on this database, without pages; its keys are made on the first call."""
    settings = replace(read_settings({"CLOCKWISE_HOME": str(home)}),
                       database_url=database.engine.url.render_as_string(hide_password=False))
    return House(settings, database, Door(database, clock), PhotoStore(settings.photo_store), open_keys(home / "keys", NOON),
                 SignIn(database))


def a_sealing(house: House, clock: Clock, tsa: Authority | None = None) -> Sealing:
    return Sealing(house, Sealer(house.keys, tsa), clock)


def signed_sheet(house: House, phone: Phone, photos: int = 0, late: int = 0) -> tuple[str, list[bytes]]:
    """A signed pre-inspection sheet with so many photos, of which the last `late` are still on the phone: its id and pictures."""
    visit = a_visit(phone, at="inspecting")
    does(phone, "walkaround.answer", {"item": "WA-DR-02", "number": 52310}, visit)
    does(phone, "walkaround.record_damage", mark(), visit)
    pictures = [a_picture(n) for n in range(photos)]
    ids = [take(phone, visit, data, ZONES[n % len(ZONES)]) for n, data in enumerate(pictures)]
    for photo, data in list(zip(ids, pictures, strict=True))[:photos - late]:
        arrives(house, photo, data)
    signs(phone, visit, "pre_inspection")
    with house.database.read() as db:
        made = db.query(Document).filter_by(visit_id=visit).one()
    return made.id, pictures


def take(phone: Phone, visit: str, data: bytes, zone: str) -> str:
    args = announced_as(data, zone)
    does(phone, "photo.add", args, visit)
    return str(args["photo"])


def announced_as(data: bytes, zone: str) -> dict[str, Any]:
    """Arguments of photo.add for these bytes."""
    return {"photo": new_id(), "sha256": sha256_hex(data), "bytes": len(data), "mime": "image/jpeg", "width": 640,
            "height": 480, "taken_at": to_wire(NOON), "subject": {"kind": "zone", "id": zone}}


def arrives(house: House, photo: str, data: bytes) -> None:
    """The bytes come in as the API brings them in."""
    house.photos.keep(data)
    with house.database.read() as db:
        told = announced(db, "YF01", [photo])[photo]
    note_arrival(house, "YF01", told, sha256_hex(data), len(data))


def a_picture(n: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG of its own content every time."""
    picture = Image.new("RGB", size, (60 + n * 9 % 120, 90, 120))
    draw = ImageDraw.Draw(picture)
    for at in range(0, size[0], 40):
        draw.line([(at, 0), (size[0] - at, size[1])], fill=(200, (at * 3 + n) % 255, 80), width=6)
    draw.text((20, 20), new_id(), fill="white")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def files_of(house: House, document: str) -> list[SealedFile]:
    """The newest first."""
    with house.database.read() as db:
        return sealed_files(db, "YF01", [document]).get(document, [])


def bundle_in(pdf: bytes) -> dict[str, Any]:
    attached = PdfReader(io.BytesIO(pdf)).attachments
    assert list(attached) == [BUNDLE]
    found: dict[str, Any] = json.loads(attached[BUNDLE][0])
    return found


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def seal_of(pdf: bytes, keys: Keys, tsa_roots: Any = ()) -> Any:
    """What a PDF reader that trusts our root says of the one seal."""
    reader = PdfFileReader(io.BytesIO(pdf))
    (seal,) = reader.embedded_signatures
    root = _certificate(keys.root_certificate.public_bytes(_der()))
    stamps = ValidationContext(trust_roots=list(tsa_roots), allow_fetching=False) if tsa_roots else None
    return validate_pdf_signature(seal, ValidationContext(trust_roots=[root], allow_fetching=False), ts_validation_context=stamps)


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
