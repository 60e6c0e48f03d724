"""A store with years behind it, made quickly: for the drill, and for measuring."""

import hashlib
import os
from pathlib import Path

from sqlalchemy import text

from migrations.run import upgrade
from tests.commands.backed_up import Shop
from tests.conftest import Phone, _people
from tests.visits import CONSENT, TEMPLATE, a_catalogue, arrival
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.ids import new_id

ANSWERS = 40


def a_full_shop(folder: Path, visits: int, photos: int, size: int, disk: Path | None = None) -> Shop:
    """So many visits walked, and so many photos of `size` bytes shared among them; a set-up backup, none made yet."""
    shop = Shop(folder, disk=disk)
    upgrade(shop.house.database)
    _people(shop.house.database)
    phone = Phone(shop.house.database, shop.house.door)
    a_catalogue(phone)
    for n in range(visits):
        _visit(shop, phone, n, photos // visits + (n < photos % visits), size)
    with shop.house.database.write() as db:
        db.execute(text("UPDATE photo SET state = 'present'"))
        db.commit()
    shop.sets_up()
    return shop


def _visit(shop: Shop, phone: Phone, n: int, photos: int, size: int) -> None:
    visit = new_id()
    acts = [phone.act("visit.open", arrival(plate=f"浙Z{n:05d}"), visit), phone.act("consent.record", CONSENT, visit),
            phone.act("walkaround.start", {"mode": "quick", "template_sha256": TEMPLATE, "customer_joined": "yes"}, visit)]
    acts += [phone.act("walkaround.record_damage", {"mark": new_id(), "region": "door_lf", "kind": "scratch", "size": "small",
                                                    "x": x, "y": 9, "note": "左前门划痕，客户已看过"}, visit)
             for x in range(ANSWERS)]
    acts += [phone.act("photo.add", {"photo": new_id(), "sha256": _kept(shop, size), "bytes": size, "mime": "image/jpeg",
                                     "width": 64, "height": 48, "taken_at": to_wire(utc_now()), "subject": {"kind": "other"}},
                       visit) for _ in range(photos)]
    receipts = [r for at in range(0, len(acts), 100) for r in phone.push(*acts[at:at + 100]).receipts]
    assert {r.verdict for r in receipts} == {"applied"}, receipts


def _kept(shop: Shop, size: int) -> str:
    """The file as the store keeps it, without waiting for the disk."""
    data = os.urandom(size)
    sha256 = hashlib.sha256(data).hexdigest()
    place = shop.house.photos.path(sha256)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    return sha256
