"""Decodes a picture: what it is, and its sizes. Runs only in the process that has shut itself in (image_worker.py).

Only JPEG, PNG and WebP, told by their first bytes; the header is read before anything is decoded; the whole picture is
decoded once, so that a truncated one is found while the phone still has it. Sizes are turned upright and carry no metadata.
"""

import io
import re
import warnings
import zipfile
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from webapp.adapters.image_order import EDGES, MOST_PIXELS, NotTaken

THUMB_BYTES = 25 * 1024
KINDS = ("JPEG", "PNG", "WEBP")
# MPO is what a phone writes that keeps a second JPEG behind the first
MIMES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
BROKEN = (OSError, SyntaxError, ValueError, KeyError, EOFError, MemoryError, OverflowError, IndexError, TypeError,
          AttributeError, RecursionError, ArithmeticError, UnicodeError)
_MARKUP = re.compile(rb"<(?:script|html|svg|!doctype|\?php|iframe|body)[\s>/]|%PDF-1", re.IGNORECASE)
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)  # none can be loaded later: no file opens then

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
Image._initialized = 2  # looks for no other plugins
PngImagePlugin.MAX_TEXT_CHUNK = 64 * 1024
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # we count the pixels ourselves


def magic(head: bytes) -> str | None:
    """The type by its first bytes, None for what we do not take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def look(data: bytes) -> tuple[str, int, int]:
    """Type, width and height. Raises NotTaken."""
    mime = magic(data[:16])
    if mime is None:
        raise NotTaken("type")
    if _MARKUP.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise NotTaken("polyglot")
    try:
        with _opened(data) as picture:
            found, (width, height) = MIMES[picture.format or ""], picture.size
            picture.draft("L", (width // 8, height // 8))
            picture.load()
    except BROKEN as why:
        raise NotTaken("broken") from why
    if found != mime:
        raise NotTaken("type")
    return found, width, height


def make(data: bytes, size: str) -> bytes:
    """The picture as JPEG, upright, without metadata; a thumb of at most 25 KB. Raises NotTaken."""
    edge = EDGES[size]
    try:
        with _opened(data) as picture:
            picture.draft("RGB", (edge * 2, edge * 2))
            picture.load()
            small = picture.convert("RGBA") if picture.mode in ("P", "PA", "1") else picture
            small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            plain = _on_white(ImageOps.exif_transpose(small))
    except BROKEN as why:
        raise NotTaken("broken") from why
    return next((made for quality in (82, 70, 55, 40) if len(made := _jpeg(plain, quality)) <= THUMB_BYTES or size != "thumb"),
                _jpeg(plain, 25))


def _opened(data: bytes) -> Any:
    try:
        picture = Image.open(io.BytesIO(data), formats=KINDS)
    except Image.DecompressionBombError as why:
        raise NotTaken("pixels") from why
    if picture.width * picture.height > MOST_PIXELS:
        raise NotTaken("pixels")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGB", picture.size, "white")
        rgba = picture.convert("RGBA")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def warm() -> None:
    """Decodes and writes one of each kind, so that everything a picture needs is loaded before doors are shut."""
    for kind in KINDS:
        out = io.BytesIO()
        Image.new("P" if kind == "PNG" else "RGB", (8, 8)).save(out, kind)
        look(out.getvalue())
        make(out.getvalue(), "thumb")
