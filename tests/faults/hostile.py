"""Two hundred files that nobody's camera wrote, from one seed (T29)."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.api.pictures import HTML, SVG, _chunk, bomb, jpeg, png, webp, with_zip

SECRET = b"SECRET-METADATA"


def hostile(seed: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes."""
    chance = random.Random(seed)
    good = {"jpeg": jpeg(200, 150, noise=True), "png": png(), "webp": webp(200, 150)}
    yield from _bombs()
    yield from _other_types(good)
    yield from _floods()
    for kind, data in good.items():
        for n in range(16):
            yield f"{kind} cut {n}", data[:chance.randrange(1, len(data) - 2)]
        for n in range(28):
            yield f"{kind} spoilt {n}", _spoilt(data, chance)


def _bombs() -> Iterator[tuple[str, bytes]]:
    for width, height in ((65535, 65535), (65535, 1000), (8000, 5001), (40000, 30000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0)):
        yield f"png {width}x{height}", bomb(width, height) if width * height < 10**8 else _says(width, height)
    for width, height in ((65535, 65535), (65500, 800)):
        yield f"jpeg {width}x{height}", _jpeg_says(width, height)
    frames = [Image.new("P", (16, 16), n % 255) for n in range(400)]
    for kind in ("PNG", "WEBP", "GIF"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=10)
        yield f"{kind} of many frames", out.getvalue()


def _says(width: int, height: int) -> bytes:
    """A PNG that promises a size and has one line of it."""
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + _chunk(b"IDAT", zlib.compress(bytes(5000))) + _chunk(b"IEND", b""))


def _jpeg_says(width: int, height: int) -> bytes:
    data = jpeg()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4:]


def _other_types(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, tail in (("svg", SVG), ("html", HTML), ("pdf", b"%PDF-1.7\n"), ("php", b"<?php system('id') ?>")):
        yield f"{name} named jpg", tail
        for kind, data in good.items():
            yield f"{name} behind {kind}", data + tail
            yield f"{kind} behind {name}", tail + data
    for kind, data in good.items():
        yield f"zip in {kind}", with_zip(data)
    for magic in (b"BM", b"II*\0", b"MM\0*", b"8BPS", b"GIF89a", b"\0\0\1\0", b"%!PS-Adobe", b"\x7fELF", b"MZ",
                  b"\0\0\0 ftypheic", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\xff\x0a", b"SIMPLE  ="):
        yield f"only {magic!r}", magic + bytes(300)


def _floods() -> Iterator[tuple[str, bytes]]:
    picture = Image.new("RGB", (64, 48), "red")
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x013B, 0x8298):
        exif[tag] = SECRET.decode() * 500
    exif[0x0112] = 99
    text = PngInfo()
    for n in range(200):
        text.add_text(f"k{n}", SECRET.decode() * 20, zip=n % 2 == 0)
    for kind in ("JPEG", "PNG", "WEBP"):
        for name, how in (("exif", {"exif": exif}), ("icc", {"icc_profile": SECRET * 60_000}),
                          ("text", {"pnginfo": text} if kind == "PNG" else {"comment": SECRET * 1000})):
            out = io.BytesIO()
            picture.save(out, kind, **how)
            yield f"{kind} {name} flood", out.getvalue()
    yield "png text bomb", png()[:-12] + _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(50_000_000))) + png()[-12:]
    yield "png icc bomb", png()[:33] + _chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(50_000_000))) + png()[33:]
    yield "jpeg of markers", b"\xff\xd8" + b"\xff\xe1\xff\xff" + bytes(65533) + (b"\xff\xe2\x00\x04ab" * 100_000) + jpeg()[2:]


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, doubled or taken away."""
    spoilt = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(12, len(spoilt))
        what = chance.randrange(3)
        if what == 0:
            spoilt[at] = chance.randrange(256)
        elif what == 1:
            spoilt[at:at] = spoilt[at:at + chance.randrange(1, 60)]
        else:
            del spoilt[at:at + chance.randrange(1, 8)]
    return bytes(spoilt)
