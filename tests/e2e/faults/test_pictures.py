"""What a camera may give instead of a photo: refused in plain words, or kept whole; never a blank that is called saved."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.faults.edition import deploy, edition
from tests.e2e.faults.memory import Memory
from tests.e2e.handset import Handset
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.journey import a_picture

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(range(256)) * 200
PIXELS_48M = (8000, 6000)


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def black(path: Path) -> Path:
    Image.new("RGB", (1600, 1200)).save(path, "JPEG")
    return path


def heic(path: Path) -> Path:
    path.write_bytes(HEIC)
    return path


def huge_and_broken(path: Path) -> Path:
    """48 megapixels by its head, and nothing that could be decoded: it may not be kept as it is either."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *PIXELS_48M, 8, 2, 0, 0, 0)) + b"\0" * 9000)
    return path


REFUSED = [(empty, "这张照片是空的"), (black, "一片单色"), (heic, "读不出这张照片"), (huge_and_broken, "这张照片太大")]


def test_what_is_no_picture_is_asked_for_again(phone: Callable[..., Handset], tmp_path: Path) -> None:
    handset, advisor, memory = _at_the_shots(phone())
    for n, (make, words) in enumerate(REFUSED):
        advisor.takes_a_picture(make(tmp_path / f"{n}.jpg"))

        expect(handset.page.locator("dialog").get_by_text(words)).to_be_visible(timeout=30_000)
        advisor.sees("pictures", make.__name__)
        handset.page.get_by_role("button", name="知道了，重拍").click()
        expect(handset.page.get_by_text("已拍 0", exact=True)).to_be_visible()
    assert memory.count("photo.add") == 0 and memory.held()["photos"] == {}


def test_48_megapixels_are_made_small(phone: Callable[..., Handset], tmp_path: Path) -> None:
    handset, advisor, memory = _at_the_shots(phone())
    picture = tmp_path / "huge.jpg"
    with Image.open(a_picture(tmp_path / "small.jpg")) as small:
        small.resize(PIXELS_48M).save(picture, "JPEG", quality=50)

    advisor.takes_a_picture(picture)

    expect(handset.page.get_by_text("已拍 1", exact=True)).to_be_visible(timeout=60_000)
    kept = next(act for act in memory.acts.values() if act["command"] == "photo.add")["args"]
    assert max(kept["width"], kept["height"]) == 2048 and kept["mime"] == "image/jpeg"
    assert memory.faults() == []


def test_control_without_the_look_at_its_colours_a_black_one_is_called_saved(phone: Callable[..., Handset], house: HouseAtWork,
                                                                             tmp_path: Path) -> None:
    deploy(house, edition(tmp_path / "blind", {"static/pwa/lib/picture.js": (
        'if (isOneColour(bitmap)) throw new PictureRefused("blank");', "isOneColour(bitmap);")}))
    handset, advisor, memory = _at_the_shots(phone())

    advisor.takes_a_picture(black(tmp_path / "black.jpg"))

    with pytest.raises(AssertionError):
        expect(handset.page.locator("dialog").get_by_text("一片单色")).to_be_visible(timeout=3000)
    expect(handset.page.get_by_text("已拍 1", exact=True)).to_be_visible(timeout=30_000)


def _at_the_shots(handset: Handset) -> tuple[Handset, Advisor, Memory]:
    memory, advisor = Memory(handset), Advisor(handset)
    memory.listens()
    advisor.signs_in()
    visit = advisor.receives()
    advisor.begins_the_walk()
    advisor.page.goto(f"/lane/#/v/{visit}/shots")
    return handset, advisor, memory
