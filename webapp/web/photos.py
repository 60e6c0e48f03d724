"""Pictures at the desk: the derivative by default, the original as a download; and the page of one picture."""

from typing import Any

from flask import Response, request, send_file
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from webapp.adapters.images import NotTaken, sized
from webapp.foundation.ids import is_id
from webapp.models import Photo
from webapp.queries.visit_page import picture_of, visit_page
from webapp.web.desk import desk
from webapp.web.here import actor, house
from webapp.web.lexicon import lexicon
from webapp.web.responses import page

SIZES = frozenset({"thumb", "view", "original"})


@desk.get("/photos/<photo>/<size>", endpoint="photo")
def picture_file(photo: str, size: str) -> Response:
    with house().database.read() as db:
        row = picture_of(db, actor().store, photo) if is_id(photo) and size in SIZES else None
    return send_photo(row, size)


@desk.get("/visits/<visit>/photos/<photo>")
def picture(visit: str, photo: str) -> Response:
    """One picture large, its markup as a layer over it, and the ways to the ones beside it."""
    with house().database.read() as db:
        found = visit_page(db, actor().store, visit, lexicon(db, actor().store)) if is_id(visit) else None
    pictures = found.pictures if found else []
    at = next((n for n, p in enumerate(pictures) if p.id == photo), None)
    if found is None or at is None:
        raise NotFound()
    return page("visit/picture.html", v=found, visit=found.visit, picture=pictures[at], n=at + 1, of=len(pictures),
                before=pictures[at - 1] if at else None, after=pictures[at + 1] if at + 1 < len(pictures) else None)


def send_photo(row: Photo | None, size: str) -> Response:
    """The bytes, private to this reader. Originals leave as a download only (evidence.md D4). Raises NotFound."""
    if row is None or row.state != "present" or not house().photos.has(row.sha256):
        raise NotFound()
    etag = f"{row.sha256}-{size}"
    if request.if_none_match.contains(etag):
        return Response(status=304)
    if size == "original":
        response: Any = send_file(house().photos.path(row.sha256), mimetype=row.mime, as_attachment=True,
                                  download_name=f"{_('照片')}-{row.id[:8]}.{row.mime.rpartition('/')[2]}")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    else:
        response = _derived(row, size)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response  # type: ignore[no-any-return]


def _derived(row: Photo, size: str) -> Response:
    try:
        return Response(sized(house().photos, row.sha256, size), mimetype="image/jpeg")
    except (NotTaken, OSError) as why:
        raise NotFound() from why
