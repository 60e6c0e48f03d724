"""Looks at a picture before we keep it, and makes the sizes that people see (evidence.md D4).

Only JPEG, PNG and WebP, told by their first bytes; the header is read before anything is decoded; the whole picture is
decoded once, so that a truncated one is found while the phone still has it. Sizes are turned upright and carry no metadata.
"""

import contextlib
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.adapters.photo_store import PhotoStore

MOST_PIXELS = 40_000_000
MOST_BYTES = 12 * 1024 * 1024
THUMB_BYTES = 25 * 1024
EDGES = {"thumb": 320, "view": 1280}
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_MARKUP = re.compile(rb"<(?:script|html|svg|!doctype|\?php|iframe|body)[\s>/]|%PDF-1", re.IGNORECASE)
_room = BoundedSemaphore(2)  # a picture of 40 megapixels takes 160 MB while it is looked at

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # we count the pixels ourselves


class NotTaken(Exception):
    """A picture we do not take. code: type, pixels, broken, polyglot."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Looked:
    mime: str
    width: int
    height: int


def magic(head: bytes) -> str | None:
    """The type by its first bytes, None for what we do not take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def look(path: Path) -> Looked:
    """What the picture is. Raises NotTaken."""
    with path.open("rb") as file:
        mime = magic(file.read(16))
    if mime is None:
        raise NotTaken("type")
    if _MARKUP.search(path.read_bytes()) or zipfile.is_zipfile(path):
        raise NotTaken("polyglot")
    with _room:
        return _decode(path, mime)


def sized(photos: PhotoStore, sha256: str, size: str) -> bytes:
    """The thumb or view of a kept photo, made once. Raises NotTaken, OSError; FileNotFoundError when it is not here."""
    ready = photos.derived(sha256, size)
    if ready.is_file():
        return ready.read_bytes()
    data = make(photos.path(sha256), size)
    with contextlib.suppress(OSError):  # a full disk costs only the making, again next time
        photos.keep_derived(sha256, size, data)
    return data


def make(path: Path, size: str) -> bytes:
    """The picture as JPEG, upright, without metadata; a thumb of at most 25 KB. Raises NotTaken, OSError."""
    edge = EDGES[size]
    try:
        with _room, Image.open(path, formats=list(TYPES)) as picture:
            picture.draft("RGB", (edge * 2, edge * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            plain = _on_white(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as why:
        raise NotTaken("broken") from why
    return next((data for quality in (82, 70, 55, 40) if len(data := _jpeg(plain, quality)) <= THUMB_BYTES or size != "thumb"),
                _jpeg(plain, 25))


def _decode(path: Path, mime: str) -> Looked:
    try:
        with Image.open(path, formats=list(TYPES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotTaken("pixels")
            looked = Looked(TYPES[picture.format or ""], picture.width, picture.height)
            picture.draft("L", (picture.width // 8, picture.height // 8))
            picture.load()
    except Image.DecompressionBombError as why:
        raise NotTaken("pixels") from why
    except (OSError, SyntaxError, ValueError, KeyError, EOFError, MemoryError, OverflowError, IndexError) as why:
        raise NotTaken("broken") from why
    if looked.mime != mime:
        raise NotTaken("type")
    return looked


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
