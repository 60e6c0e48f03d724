"""Two hundred hostile files (T29): each is refused with a sentence, or shown only as a picture that we wrote ourselves."""

import io

import pytest
from flask import Flask
from PIL import Image

from tests.api.conftest import Wire, house_of, sha
from tests.api.pictures import jpeg
from tests.faults.hostile import SECRET, hostile
from webapp.adapters import images

SEED = 20261125
REFUSED = {413: {"photo.too_many_pixels", "photo.too_large"},
           415: {"photo.not_image", "photo.broken", "photo.polyglot", "photo.empty"}}


def test_each_is_refused_or_written_anew(wire: Wire, visit: str, app: Flask) -> None:
    seen = {"refused": 0, "written anew": 0}
    for name, data in hostile(SEED):
        photo = wire.announce(data, visit)
        told = wire.send(photo, data)
        if told.status_code == 201:
            seen["written anew"] += 1
            _shown_clean(wire, photo, name)
        else:
            seen["refused"] += 1
            assert told.json["error"]["code"] in REFUSED[told.status_code], (name, told.text)
            assert not house_of(app).photos.has(sha(data)), name
    assert sum(seen.values()) >= 200 and min(seen.values()) >= 10, (SEED, seen)
    good = jpeg()
    assert wire.send(wire.announce(good, visit), good).status_code == 201  # and the house still looks at pictures


def _shown_clean(wire: Wire, photo: str, name: str) -> None:
    """What people see has none of its words, and is no more than a JPEG."""
    for size in ("thumb", "view"):
        shown = wire.call("GET", f"/photos/{photo}?size={size}")
        if shown.status_code == 404:  # it cannot be drawn; the original stays a download
            assert shown.json["error"]["code"] == "photo.not_shown", name
            continue
        assert shown.status_code == 200, name
        assert SECRET not in shown.data and (shown.mimetype, shown.data[:3]) == ("image/jpeg", b"\xff\xd8\xff"), name
        with Image.open(io.BytesIO(shown.data)) as picture:
            assert not picture.getexif() and set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                                                   "progressive", "progression"}, name


@pytest.mark.parametrize("names", ["../../x", "a/b", "%2e%2e%2fkeys", "nul\x00", "x" * 300, "图片.jpg"])
def test_an_odd_name_is_no_photo(wire: Wire, names: str) -> None:
    assert wire.send(names, jpeg()).status_code in (404, 422)


def test_control_kept_as_they_came_their_words_would_be_seen(wire: Wire, visit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "make", lambda path, size: path.read_bytes())
    name, data = next((name, data) for name, data in hostile(SEED) if name == "JPEG exif flood")
    photo = wire.announce(data, visit)
    assert wire.send(photo, data).status_code == 201
    with pytest.raises(AssertionError):
        _shown_clean(wire, photo, name)


def test_this_process_never_decodes(wire: Wire, visit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", _never)
    data = jpeg(300, 200, noise=True)
    photo = wire.announce(data, visit)
    assert wire.send(photo, data).status_code == 201
    assert wire.call("GET", f"/photos/{photo}?size=thumb").status_code == 200


def _never(*_: object, **__: object) -> None:
    raise AssertionError("decoded in the house")


