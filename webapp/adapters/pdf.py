"""Signed documents on paper: typst draws the block list with a Chinese font; nothing of the system is used.

What people wrote goes in as data (sys.inputs), never as typst source, so that `#` and `$` stay what they are. The same
blocks give the same bytes: the file carries no clock.
"""

import json
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pylopdf_fonts_zh_cn
import typst

SHEET = Path(__file__).with_name("sheet.typ")
CARS = Path(__file__).parents[2] / "static/pwa/cars"
_room = BoundedSemaphore(2)
_compile: Any = typst.compile  # its own types do not know source given as bytes


def draw_pdf(facts: dict[str, Any]) -> bytes:
    """The PDF of one document. Raises typst.TypstError when a block has a shape the sheet does not know."""
    cars = {path.stem.removeprefix("car-"): path.read_text(encoding="utf-8") for path in sorted(CARS.glob("car-*.svg"))}
    body = str(facts.get("body"))
    with _room:
        made: bytes = _compile(
            SHEET.read_bytes(), sys_inputs={"data": json.dumps(facts, ensure_ascii=False), "car": cars.get(body, cars["saloon"])},
            font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)], ignore_system_fonts=True, timestamp=0)
        return made
