"""A visit full of words that may not survive an erasure (T21), and the search for them in every byte that the house keeps."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.commands.acts import belonging, concern, link, photo
from tests.conftest import Phone
from tests.papers import signing
from tests.visits import WHITE_TOWEL, a_visit, does, job, mark
from webapp.commands.house import House
from webapp.foundation.db import Database
from webapp.models import Base

NAME, SENDER, MOBILE, PLATE, VIN = "欧阳样例", "司徒送车", "16400778899", "浙ZA7788", "L00SA15B3PA100231"
WRONG, CONCERN, BELONGING, NOTE = "L00SA15B3PA100232", "主诉冷车异响雨夜", "红木算盘一把", "门下方旧漆补过"
REASON, SKIPPED = "客户说是泥点子", "后面贴着墙根拍不了"
PICTURE, STROKE, WORD, LINE = "PLANTED-PHOTO-BYTES", 31337, "照片标注小字", "换下车标留给客户"
PLANTED = (NAME, SENDER, MOBILE, PLATE, VIN, CONCERN, WRONG, BELONGING, NOTE, REASON, SKIPPED, PICTURE, str(STROKE), WORD, LINE)


def a_full_visit(house: House, phone: Phone, at: str = "released") -> str:
    """Walked to its end, with a planted string wherever one can be."""
    visit = a_visit(phone, at="inspecting", plate=PLATE, vin=VIN, customer_name=NAME, mobile=MOBILE, sender="driver",
                    sender_name=SENDER)
    marked = mark(note=NOTE)
    does(phone, "walkaround.record_damage", marked, visit)
    does(phone, "walkaround.retract_damage", {"mark": marked["mark"], "reason": REASON}, visit)
    does(phone, "walkaround.skip_zone", {"zone": "ext_rear", "reason": SKIPPED}, visit)
    does(phone, "walkaround.record_belonging", belonging(text=BELONGING), visit)
    does(phone, "concern.add", concern(text=CONCERN), visit)
    taken = photo(sha256=house.photos.keep(PICTURE.encode() * 40))
    does(phone, "photo.add", taken, visit)
    house.photos.keep_derived(taken["sha256"], "thumb", PICTURE.encode())
    does(phone, "photo.annotate", {"photo": taken["photo"], "shapes": [
        {"kind": "text", "points": [[1, 2]], "text": WORD}]}, visit)
    does(phone, "status.issue_link", link(), visit)
    _signs(phone, visit, "pre_inspection")
    does(phone, "work_order.open", {}, visit)
    does(phone, "work_order.add_job", job(text=LINE), visit)
    _signs(phone, visit, "work_order")
    phone.does("walkaround.answer", {"item": "WA-DR-02", "note": NOTE}, visit)  # set aside, words and all
    phone.does("visit.correct", {"vin": WRONG, "reason": REASON}, visit)  # refused, with the number among its facts
    if at == "released":
        does(phone, "visit.mark_ready", {"checked_by": "甄质检"}, visit)
        does(phone, "handover.start", {"template_sha256": WHITE_TOWEL, "person": SENDER}, visit)
        _signs(phone, visit, "handover")
        does(phone, "visit.release", {"settled_elsewhere": NOTE}, visit)
    return visit


def hits(house: House, *folders: Path) -> dict[str, list[str]]:
    """Planted string -> where it still stands: every file of the house and the folders, and every row of every table."""
    found: dict[str, list[str]] = {}
    for folder in (house.settings.home, house.settings.photo_store, _database_folder(house.database), *folders):
        for path in sorted(folder.rglob("*")) if folder and folder.exists() else ():
            if path.is_file():
                data = path.read_bytes()
                for word in PLANTED:
                    if any(form in data for form in _forms(word)):
                        found.setdefault(word, []).append(path.name)
    for word, table in _in_rows(house.database):
        found.setdefault(word, []).append(table)
    return found


def _forms(word: str) -> set[bytes]:
    """As it is written in a database, in JSON, and in a number's own bytes."""
    if word == str(STROKE):
        return {f"{before}{word}".encode() for before in " ,["}
    return {word.encode(), json.dumps(word).strip('"').encode()}


def _in_rows(database: Database) -> list[tuple[str, str]]:
    found = []
    with database.read() as db:
        for table in Base.metadata.sorted_tables:
            rows = [str(tuple(bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview) else v for v in row))
                    for row in db.execute(text(f'SELECT * FROM "{table.name}"'))]  # noqa: S608  our own tables
            for word in PLANTED:
                if any(form.decode() in row for row in rows for form in _forms(word)):
                    found.append((word, table.name))
    return found


def _database_folder(database: Database) -> Any:
    return Path(str(database.engine.url.database)).parent if database.is_sqlite else None


def _signs(phone: Phone, visit: str, kind: str) -> None:
    args = signing(phone, visit, kind)
    args["signature"]["signer"] = NAME
    args["signature"]["strokes"][0][3][0] = STROKE
    does(phone, "document.sign", args, visit)
