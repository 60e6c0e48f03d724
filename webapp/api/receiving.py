"""How the bytes of one photo come in: checked against header and act, looked at, kept durably, and only then told."""

import base64
import binascii
import re
from dataclasses import dataclass

from flask import Response, request
from werkzeug.exceptions import LengthRequired

from webapp.adapters.images import MOST_BYTES, TYPES, NotLooked, NotTaken, look
from webapp.adapters.photo_store import PhotoStore, Spool, Truncated
from webapp.api.guard import caller, house
from webapp.api.wire import CallRefused, answer
from webapp.commands.arrival import NotNoted, note_arrival
from webapp.foundation import faults
from webapp.foundation.ids import new_id
from webapp.foundation.refusal import N_
from webapp.queries.photos import Announced, announced

PART = 1024 * 1024
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")
_RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")
_NOT_TAKEN = {
    "type": (415, "photo.not_image", N_("只收 JPEG、PNG 或 WebP 照片，请重拍")),
    "broken": (415, "photo.broken", N_("照片不完整或已损坏，请重拍")),
    "polyglot": (415, "photo.polyglot", N_("照片里夹带了别的文件，没有收下，请重拍")),
    "pixels": (413, "photo.too_many_pixels", N_("照片超过 4000 万像素，请用较低的分辨率重拍")),
}


@dataclass(frozen=True)
class Part:
    """Which bytes this request carries, of how many in all. whole: everything in one request."""

    start: int
    length: int
    total: int
    whole: bool


def receive(photo: str) -> Response:
    """One PUT. Raises CallRefused, OSError (a full disk); then nothing counts as kept."""
    sha256, part = _digest(), _part()
    told = _announced(photo)
    if sha256 not in told.hashes:
        raise CallRefused(422, "photo.digest_differs", N_("照片与记录的校验码不符，请检查手机上的照片"), where="act")
    if house().photos.has(sha256) and is_here(house().photos, told, caller().actor.store, sha256):
        return _kept(photo, sha256, 200)
    name = new_id() if part.whole else spool_name(caller().actor.store, photo, sha256)
    with house().photos.spool(name, resume=not part.whole) as spool:
        _pour(spool, part)
        if part.start + part.length < part.total:
            return answer({"photo": photo, "offset": spool.size}, 202)
        _settle(spool, sha256)
    if part.whole:
        house().photos.forget(spool_name(caller().actor.store, photo, sha256))
    try:
        note_arrival(house(), caller().actor.store, told, sha256, part.total)
    except NotNoted as why:
        raise CallRefused(503, "server.busy", N_("服务器正忙，没有收下任何东西，稍后自动重发"), {"Retry-After": "5"}) from why
    return _kept(photo, sha256, 201)


def is_here(photos: PhotoStore, told: Announced, store: str, sha256: str) -> bool:
    """The row says so; or, while no act has made one, the note that the bytes came. A note is no proof for a later row."""
    return told.present or (told.visit is None and photos.arrived(store, told.photo, sha256))


def spool_name(store: str, photo: str, sha256: str) -> str:
    """The name of its parts while they arrive; other bytes under the same photo are other parts."""
    return f"{store}.{photo}.{sha256}.part"


def _digest() -> str:
    """The SHA-256 that the header names; the type is checked first, for it is what people get wrong."""
    if request.mimetype not in TYPES:
        raise _refusal(NotTaken("type"))
    match = _DIGEST.fullmatch(request.headers.get("Repr-Digest", "").strip())
    try:
        raw = base64.b64decode(match[1], validate=True) if match else b""
    except binascii.Error:
        raw = b""
    if len(raw) != 32:
        raise CallRefused(422, "photo.bad_digest", N_("缺少照片的校验码（Repr-Digest: sha-256），请更新应用"))
    return raw.hex()


def _part() -> Part:
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise LengthRequired
    length, header = request.content_length or 0, request.headers.get("Content-Range")
    part = Part(0, length, length, True) if header is None else _range(header, length)
    if part.total == 0:
        raise CallRefused(415, "photo.empty", N_("照片是空的，请重拍"))
    if part.total > MOST_BYTES:
        raise CallRefused(413, "photo.too_large", N_("照片超过 12 MB，请用较低的分辨率重拍"), most_bytes=MOST_BYTES)
    return part


def _range(header: str, length: int) -> Part:
    match = _RANGE.fullmatch(header)
    first, last, total = (int(text) for text in match.groups()) if match else (1, 0, 0)
    if not first <= last < total or last - first + 1 != length:
        raise CallRefused(422, "photo.bad_range", N_("照片分段的位置不对，请从头发送这张照片"))
    if length > PART:
        raise CallRefused(413, "photo.part_too_large", N_("照片的一段最多 1 MB，请分小段发送"), most_bytes=PART)
    return Part(first, length, total, False)


def _announced(photo: str) -> Announced:
    me = caller()
    with house().database.read() as db:
        told = announced(db, me.actor.store, [photo], me.actor.device if me.revoked else None).get(photo)
    if told is None:
        raise CallRefused(404, "photo.not_announced", N_("这张照片的记录还没有到，请先发送记录，再发照片"))
    return told


def _pour(spool: Spool, part: Part) -> None:
    if part.start > spool.size:
        raise CallRefused(409, "photo.gap", N_("照片前面还有一段没有到，请从 %(offset)s 字节处续传"), offset=spool.size)
    try:
        spool.pour(request.stream, part.length, part.start)
    except Truncated as why:
        raise CallRefused(400, "body.truncated", N_("内容没有传完，请重发")) from why


def _settle(spool: Spool, sha256: str) -> None:
    """Keeps what came, if it is what was announced and a picture; else the bytes go, for they are of no use."""
    spool.spoilt = True
    if spool.digest() != sha256:
        raise CallRefused(422, "photo.digest_differs", N_("照片在传输中损坏，请重发"), where="body")
    try:
        look(spool.path)
    except NotTaken as why:
        raise _refusal(why) from why
    except NotLooked:
        spool.spoilt = False  # its parts need not come again
        raise
    faults.hit("photo.before_file")
    house().photos.settle(spool, sha256)
    faults.hit("photo.after_file")


def _refusal(why: NotTaken) -> CallRefused:
    status, code, text = _NOT_TAKEN[why.code]
    return CallRefused(status, code, text)


def _kept(photo: str, sha256: str, status: int) -> Response:
    return answer({"photo": photo, "sha256": sha256, "bytes": house().photos.path(sha256).stat().st_size}, status)
