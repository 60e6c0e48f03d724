"""`/photos`: bytes of announced photos come in, whole or in parts; pictures go out, in three sizes (protocol.md)."""

from typing import Annotated

import msgspec
from flask import Response, request
from msgspec import Meta

from webapp.adapters.images import EDGES, NotTaken, sized
from webapp.api.guard import caller, house
from webapp.api.receiving import is_here, receive, spool_name
from webapp.api.wire import CallRefused, answer, api, read_body
from webapp.domain.words import HashText, IdText
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries.photos import announced, present_photo

SANDBOX = "default-src 'none'; sandbox"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class Held(msgspec.Struct, forbid_unknown_fields=True):
    """A photo that the phone has."""

    photo: IdText
    sha256: HashText
    bytes: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Check(msgspec.Struct, forbid_unknown_fields=True):
    photos: Annotated[list[Held], Meta(max_length=200)]


@api.post("/photos/check", endpoint="check_photos")
def check() -> Response:
    """Per photo: `have`, `need`, or `partial` with the offset to go on from. A phone asks at the start and after a failure."""
    asked = read_body(Check).photos
    me, store = caller(), caller().actor.store
    with house().database.read() as db:
        known = announced(db, store, [held.photo for held in asked], me.actor.device if me.revoked else None)
    photos: dict[str, dict[str, str | int]] = {}
    for held in asked:
        told, waiting = known.get(held.photo), house().photos.waiting(spool_name(store, held.photo, held.sha256))
        if told and held.sha256 in told.hashes and is_here(house().photos, told, store, held.sha256):
            photos[held.photo] = {"state": "have"}
        else:
            photos[held.photo] = {"state": "partial", "offset": waiting} if waiting else {"state": "need"}
    return answer({"photos": photos})


@api.put("/photos/<photo>", endpoint="put_photo")
def put(photo: str) -> Response:
    """The bytes: 201 the first time, 200 again, 202 for a part that is not the last."""
    known_id(photo)
    return receive(photo)


@api.get("/photos/<photo>", endpoint="get_photo")
def get(photo: str) -> Response:
    """The picture, for staff of the store."""
    known_id(photo)
    size = request.args.get("size", "view")
    if size not in (*EDGES, "original"):
        raise CallRefused(422, "photo.bad_size", N_("照片尺寸须是 thumb、view 或 original"))
    with house().database.read() as db:
        row = present_photo(db, caller().actor.store, photo)
    if row is None or not house().photos.has(row.sha256):
        raise CallRefused(404, "photo.not_here", N_("这张照片还没有到服务器，可能还在拍照的手机上"))
    return _original(row.sha256, photo, row.mime) if size == "original" else _made(row.sha256, size)


def known_id(photo: str) -> None:
    """Raises CallRefused when the address names no possible photo."""
    if not is_id(photo):
        raise CallRefused(422, "photo.bad_id", N_("照片编号不对，请更新应用后再试"))


def _made(sha256: str, size: str) -> Response:
    try:
        data = sized(house().photos, sha256, size)
    except NotTaken as why:
        raise CallRefused(404, "photo.not_shown", N_("这张照片打不开，原件仍在，可下载原件")) from why
    return Response(data, mimetype="image/jpeg", headers={"Content-Security-Policy": SANDBOX, "Content-Disposition": "inline"})


def _original(sha256: str, photo: str, mime: str) -> Response:
    return Response(house().photos.path(sha256).read_bytes(), mimetype=mime, headers={
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": f'attachment; filename="{photo}.{ENDINGS.get(mime, "bin")}"'})
