"""Pictures for tests: good ones, and every kind that must not be taken."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def jpeg(width: int = 64, height: int = 48, *, turned: bool = False, noise: bool = False) -> bytes:
    """A JPEG; turned: to be shown rotated by its EXIF, with a camera's name in it."""
    picture = Image.effect_noise((width, height), 90) if noise else Image.linear_gradient("L").resize((width, height))
    exif = Image.Exif()
    if turned:
        exif[0x0112], exif[0x010F] = 6, "Secret Camera"
    return _saved(picture.convert("RGB"), "JPEG", quality=90, exif=exif)


def png(width: int = 64, height: int = 48) -> bytes:
    return _saved(Image.new("RGBA", (width, height), (200, 30, 30, 90)), "PNG")


def grey(width: int, height: int) -> bytes:
    """A large picture of few bytes."""
    return _saved(Image.new("L", (width, height), 90), "PNG")


def webp(width: int = 64, height: int = 48) -> bytes:
    return _saved(Image.new("RGB", (width, height), "teal"), "WEBP")


def bomb(width: int = 8000, height: int = 5001) -> bytes:
    """A PNG of a few kilobytes that says it has 40,008,000 pixels."""
    rows = zlib.compress(bytes(width * height // 100))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def with_zip(picture: bytes) -> bytes:
    """A picture that is an archive too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "echo")
    return picture + out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def _saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
