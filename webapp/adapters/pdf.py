"""Signed documents on paper: typst draws the block list with a Chinese font; nothing of the system is used.

What people wrote goes in as data (sys.inputs), never as typst source, so that `#` and `$` stay what they are. Photos go in
as data too, so that nothing of theirs lies about in a folder. The same facts give the same bytes: the file carries no clock.
"""

import base64
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from PIL import Image

SHEET = Path(__file__).with_name("sheet.typ")
CARS = Path(__file__).parents[2] / "static/pwa/cars"
FRAME = ('<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}">'
         '<image width="{0}" height="{1}" href="data:image/jpeg;base64,{2}"/></svg>')
_room = BoundedSemaphore(2)
_compile: Any = typst.compile  # its own types do not know source given as bytes


def draw_pdf(facts: dict[str, Any], thumbs: Mapping[str, bytes]) -> bytes:
    """The PDF of one document. thumbs: photo -> JPEG. Raises typst.TypstError for a block of a shape the sheet does not know."""
    cars = {path.stem.removeprefix("car-"): path.read_text(encoding="utf-8") for path in sorted(CARS.glob("car-*.svg"))}
    with _room:
        made: bytes = _compile(
            SHEET.read_bytes(), font_paths=_fonts(), timestamp=0,
            sys_inputs={"data": json.dumps(facts, ensure_ascii=False), "car": cars.get(str(facts.get("body")), cars["saloon"]),
                        "pictures": json.dumps({photo: framed(jpeg) for photo, jpeg in thumbs.items()})})
        return made


def framed(jpeg: bytes) -> str:
    """A JPEG of our own making for the sheet: typst reads pictures from files or from SVG, and SVG needs no file."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        width, height = picture.size
    return FRAME.format(width, height, base64.b64encode(jpeg).decode())


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)])
