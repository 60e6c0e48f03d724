"""Photos over the wire: announced, sent whole or in parts, told to everybody, shown in three sizes."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import update

from tests.api.conftest import Wire, about, house_of, is_error, sha
from tests.api.pictures import HTML, SVG, bomb, grey, jpeg, png, webp, with_zip
from tests.conftest import NOON
from webapp.adapters.images import MOST_BYTES
from webapp.foundation.ids import new_id
from webapp.models import Device, KeptAct, Photo

PART = 1024 * 1024


def test_bytes_of_an_announced_photo_are_kept_and_told_to_every_phone(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    other, data = wire_of("E006"), jpeg()
    photo = wire.announce(data, visit)
    before = other.get("/changes")

    first, second = wire.send(photo, data), wire.send(photo, data)

    assert (first.status_code, first.json) == (201, {"sync": "ok", "photo": photo, "sha256": sha(data), "bytes": len(data)})
    assert (second.status_code, second.json) == (200, first.json)
    page = other.get(f"/changes?cursor={before['next']}")
    assert [(row["table"], row["id"], row["data"]["state"]) for row in page["rows"]] == [("photo", photo, "present")]
    assert page["rows"][0]["change_no"] == before["head"]["index"] + 1 == page["head"]["index"]


def test_arrival_is_one_act_of_the_server_in_the_ledger(wire: Wire, visit: str) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)
    for _ in range(3):
        wire.send(photo, data)

    entries = wire.get(f"/visits/{visit}/ledger")["entries"]

    assert [e["command"] for e in entries[-2:]] == ["photo.add", "photo.receive"]
    assert entries[-1]["actor"] == "server" and entries[-1]["store_prev"] == entries[-2]["hash"]


def test_a_phone_cannot_say_that_bytes_are_here(wire: Wire, visit: str) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)

    receipt = wire.does("photo.receive", {"photo": photo, "sha256": sha(data), "bytes": len(data)}, visit)

    assert (receipt.verdict, receipt.code) == ("refused", "role.not_yours")
    assert wire.get(f"/visits/{visit}/manifest")["photos"][photo]["state"] == "expected"


def test_a_large_photo_comes_in_parts_and_goes_on_where_it_stopped(wire: Wire, visit: str) -> None:
    data = jpeg(2000, 1500, noise=True)
    assert len(data) > PART
    photo = wire.announce(data, visit)
    held = {"photos": [{"photo": photo, "sha256": sha(data), "bytes": len(data)}]}

    part = wire.send(photo, data[:PART], sha256=sha(data), Content_Range=f"bytes 0-{PART - 1}/{len(data)}")
    asked = wire.call("POST", "/photos/check", json=held)
    gap = wire.send(photo, data[PART + 9:PART + 19], sha256=sha(data), Content_Range=f"bytes {PART + 9}-{PART + 18}/{len(data)}")
    again = wire.send(photo, data[:PART], sha256=sha(data), Content_Range=f"bytes 0-{PART - 1}/{len(data)}")
    last = b""
    for at in range(PART, len(data), PART):
        end = min(at + PART, len(data))
        last = wire.send(photo, data[at:end], sha256=sha(data), Content_Range=f"bytes {at}-{end - 1}/{len(data)}")

    assert (part.status_code, part.json) == (202, {"sync": "ok", "photo": photo, "offset": PART})
    assert asked.json["photos"] == {photo: {"state": "partial", "offset": PART}}
    assert is_error(gap, 409, "photo.gap") == {"offset": PART}
    assert again.json["offset"] == PART
    assert (last.status_code, last.json["sha256"]) == (201, sha(data))
    assert wire.call("POST", "/photos/check", json=held).json["photos"] == {photo: {"state": "have"}}


def test_parts_that_do_not_make_the_photo_are_dropped_and_can_be_sent_anew(wire: Wire, visit: str, app: Flask) -> None:
    data = jpeg(400, 300)
    photo, half = wire.announce(data, visit), len(data) // 2
    wire.send(photo, bytes(half), sha256=sha(data), Content_Range=f"bytes 0-{half - 1}/{len(data)}")

    broken = wire.send(photo, data[half:], sha256=sha(data), Content_Range=f"bytes {half}-{len(data) - 1}/{len(data)}")

    assert is_error(broken, 422, "photo.digest_differs") == {"where": "body"}
    assert spooled(app) == []
    assert wire.send(photo, data).status_code == 201


@pytest.mark.parametrize(("name", "data", "mime", "status", "code"), [
    ("empty", b"", "image/jpeg", 415, "photo.empty"),
    ("svg named jpg", SVG, "image/jpeg", 415, "photo.not_image"),
    ("html named jpg", HTML, "image/jpeg", 415, "photo.not_image"),
    ("svg as svg", SVG, "image/svg+xml", 415, "photo.not_image"),
    ("text after the magic", b"\xff\xd8\xff" + b"x" * 200, "image/jpeg", 415, "photo.broken"),
    ("truncated jpeg", jpeg(400, 300)[:-400], "image/jpeg", 415, "photo.broken"),
    ("truncated png", png()[:-30], "image/png", 415, "photo.broken"),
    ("truncated webp", webp(400, 300)[:-40], "image/webp", 415, "photo.broken"),
    ("gif", b"GIF89a" + b"\0" * 40, "image/jpeg", 415, "photo.not_image"),
    ("html behind a jpeg", jpeg() + HTML, "image/jpeg", 415, "photo.polyglot"),
    ("zip behind a jpeg", with_zip(jpeg()), "image/jpeg", 415, "photo.polyglot"),
    ("pdf behind a png", png() + b"%PDF-1.7", "image/png", 415, "photo.polyglot"),
    ("more than 40 megapixels", bomb(), "image/png", 413, "photo.too_many_pixels"),
    ("a bomb of a billion pixels", bomb(40_000, 30_000), "image/png", 413, "photo.too_many_pixels"),
])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_picture_of_ours_is_refused_and_leaves_nothing(
        wire: Wire, visit: str, app: Flask, name: str, data: bytes, mime: str, status: int, code: str) -> None:
    photo = wire.announce(data, visit)

    response = wire.send(photo, data, mime=mime)

    is_error(response, status, code)
    assert spooled(app) == [] and not house_of(app).photos.has(sha(data))
    assert wire.get(f"/visits/{visit}/manifest")["photos"][photo]["state"] == "expected"


@pytest.mark.parametrize(("data", "mime"), [(jpeg(), "image/jpeg"), (png(), "image/png"), (webp(), "image/webp"),
                                            (grey(8000, 5000), "image/png")])
def test_control_the_three_kinds_up_to_40_megapixels_are_taken(wire: Wire, visit: str, data: bytes, mime: str) -> None:
    assert wire.send(wire.announce(data, visit), data, mime=mime).status_code == 201


def test_over_12_mb_is_refused_before_it_is_read(wire: Wire, visit: str) -> None:
    data = b"\xff\xd8\xff" + bytes(MOST_BYTES)
    photo = wire.announce(b"x", visit, sha256=sha(data))

    is_error(wire.send(photo, data), 413, "photo.too_large")
    is_error(wire.send(photo, data[:10], sha256=sha(data), Content_Range=f"bytes 0-9/{len(data)}"), 413, "photo.too_large")
    too_long = wire.send(photo, data[:PART + 1], sha256=sha(data), Content_Range=f"bytes 0-{PART}/{len(data) - 9}")
    is_error(too_long, 413, "photo.part_too_large")


@pytest.mark.parametrize("text", ["bytes 0-5/3", "bytes 5-0/9", "bytes */9", "items 0-1/2", "bytes 0-8/9", "bytes -1-8/9",
                                  "x" * 500])
def test_a_wrong_range_is_named(wire: Wire, visit: str, text: str) -> None:
    photo = wire.announce(jpeg(), visit)

    is_error(wire.send(photo, b"12345", sha256=sha(jpeg()), Content_Range=text), 422, "photo.bad_range")


@pytest.mark.parametrize("text", ["", "sha-256=abc", "sha-512=:AAAA:", "sha-256=:AAAA:", "sha-256=:" + "=" * 44 + ":", "é"])
def test_a_wrong_digest_header_is_named(wire: Wire, visit: str, text: str) -> None:
    photo = wire.announce(jpeg(), visit)

    is_error(wire.send(photo, jpeg(), Repr_Digest=text), 422, "photo.bad_digest")


def test_a_digest_other_than_the_acts_or_the_bytes_is_refused(wire: Wire, visit: str) -> None:
    photo = wire.announce(jpeg(), visit)

    assert is_error(wire.send(photo, png()), 422, "photo.digest_differs") == {"where": "act"}
    assert is_error(wire.send(photo, png(), sha256=sha(jpeg())), 422, "photo.digest_differs") == {"where": "body"}


def test_a_photo_before_its_act_is_told_to_wait(wire: Wire, visit: str) -> None:
    is_error(wire.send(new_id(), jpeg()), 404, "photo.not_announced")
    is_error(wire.send("no-id", jpeg()), 422, "photo.bad_id")


def test_bytes_for_a_quarantined_act_are_taken(wire: Wire, visit: str) -> None:
    data, photo = jpeg(), new_id()
    receipt = wire.does("photo.add", about(photo, data) | {"surprise": 1}, visit)
    held = {"photos": [{"photo": photo, "sha256": sha(data), "bytes": len(data)}]}

    before = wire.call("POST", "/photos/check", json=held).json["photos"][photo]["state"]
    sent = [wire.send(photo, data).status_code for _ in range(2)]

    assert (receipt.verdict, before, sent) == ("quarantined", "need", [201, 200])
    assert wire.call("POST", "/photos/check", json=held).json["photos"][photo] == {"state": "have"}


def test_a_revoked_phone_hands_in_acts_and_its_own_photos_but_sees_nothing(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    stopped, data, others = wire_of("E006"), jpeg(), wire.announce(png(), visit)
    with wire.database.write() as db:
        db.execute(update(Device).where(Device.id == stopped.id).values(revoked_at=NOON))
        db.commit()
    photo = new_id()

    pushed = stopped.hand_in(stopped.act("photo.add", about(photo, data), visit))

    assert [r["verdict"] for r in pushed.json["receipts"]] == ["quarantined"]
    assert stopped.send(photo, data).status_code == 201
    is_error(stopped.send(others, png()), 404, "photo.not_announced")
    is_error(stopped.call("GET", f"/photos/{photo}"), 403, "device_revoked")
    is_error(stopped.call("GET", "/changes"), 403, "device_revoked")


def test_another_stores_photo_is_not_there_at_all(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    data, stranger = jpeg(), wire_of("E005", "YF02")
    photo = wire.announce(data, visit)
    assert wire.send(photo, data).status_code == 201
    held = {"photos": [{"photo": photo, "sha256": sha(data), "bytes": len(data)}]}

    is_error(stranger.call("GET", f"/photos/{photo}"), 404, "photo.not_here")
    is_error(stranger.send(photo, data), 404, "photo.not_announced")
    assert stranger.call("POST", "/photos/check", json=held).json["photos"][photo] == {"state": "need"}


def test_knowing_a_hash_is_not_having_the_picture(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    data, stranger = jpeg(), wire_of("E005", "YF02")
    wire.send(wire.announce(data, visit), data)
    from tests.visits import a_visit

    photo = stranger.announce(data, a_visit(stranger, at="inspecting"))

    held = {"photos": [{"photo": photo, "sha256": sha(data), "bytes": len(data)}]}
    assert stranger.call("POST", "/photos/check", json=held).json["photos"][photo] == {"state": "need"}
    is_error(stranger.call("GET", f"/photos/{photo}"), 404, "photo.not_here")


def test_sizes_are_upright_small_and_without_metadata(wire: Wire, visit: str) -> None:
    data = jpeg(1600, 1200, turned=True, noise=True)
    assert b"Secret Camera" in data
    photo = wire.announce(data, visit)
    wire.send(photo, data)

    thumb, view, original = (wire.call("GET", f"/photos/{photo}?size={size}") for size in ("thumb", "view", "original"))

    assert len(thumb.data) <= 25 * 1024 and max(Image.open(io.BytesIO(thumb.data)).size) == 320
    assert Image.open(io.BytesIO(view.data)).size == (960, 1280)
    assert b"Secret Camera" not in view.data + thumb.data and not Image.open(io.BytesIO(view.data)).getexif()
    assert original.data == data and original.headers["Content-Disposition"].startswith("attachment")
    for answer in (thumb, view, original):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    is_error(wire.call("GET", f"/photos/{photo}?size=huge"), 422, "photo.bad_size")


def test_a_crash_between_file_and_row_is_mended_by_sending_again(wire: Wire, visit: str, app: Flask) -> None:
    data = jpeg()
    photo = wire.announce(data, visit)
    house_of(app).photos.keep(data)  # the file was renamed, the row never turned
    held = {"photos": [{"photo": photo, "sha256": sha(data), "bytes": len(data)}]}

    asked = wire.call("POST", "/photos/check", json=held).json["photos"][photo]

    assert asked == {"state": "need"} and wire.send(photo, data).status_code == 201
    with wire.database.read() as db:
        assert db.get_one(Photo, photo).state == "present"
        assert db.query(KeptAct).filter_by(command="photo.receive").count() == 1


def spooled(app: Flask) -> list[str]:
    """What lies in the spool."""
    return sorted(path.name for path in (house_of(app).settings.photo_store / "spool").iterdir())
