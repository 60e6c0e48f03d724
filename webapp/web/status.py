"""`/s/…`: the customer's own page of their car (evidence.md D2). No sign-in, no script; a GET writes nothing.

The token from the QR code is exchanged for a cookie and a clean address; where cookies are refused the page works from the
token's own address. Whatever is wrong with a link (unknown, expired, revoked, its act not here yet) is one and the same answer.
"""

import hmac
import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries.sealing import sealed_files
from webapp.queries.sentences import DOCUMENTS
from webapp.queries.status_page import WAY, Link, link_of, shared_document, shared_photo, status_of
from webapp.web.car_map import car_map
from webapp.web.csrf import cookie_name, set_cookie
from webapp.web.documents import drawn, send_sealed
from webapp.web.here import house, now
from webapp.web.kept import Kept, kept
from webapp.web.lexicon import lexicon
from webapp.web.photos import send_photo
from webapp.web.responses import page

status = Blueprint("status", __name__, url_prefix="/s")
COOKIE = "car"
DAYS = 60
TOKEN = re.compile(r"[\x00-\x7f]{32}")
MISSES, MISSED = RateLimitItemPerMinute(30), "status_misses"
TRIES = RateLimitItemPerMinute(5, 15)
WAY_WORDS = (N_("到店，环车检查"), N_("核对报价，签字"), N_("维修"), N_("验车，交车"), N_("出厂"))
STATE_WORDS = {
    "arrived": N_("已到店"), "inspecting": N_("正在环车检查"), "estimating": N_("正在核对报价"),
    "awaiting_signature": N_("等您签字"),
    "authorised": N_("维修中"), "internal_rework": N_("再检修"), "ready": N_("可以取车了"), "handover": N_("正在验车"),
    "settling": N_("正在结算"), "released": N_("已交车"), "cancelled": N_("这次没有维修"),
}


@status.get("/<token>")
def enter(token: str) -> Any:
    """The QR code's own address: sets the cookie, then the clean address; `?c=1` says that the cookie was tried."""
    link = _open(token)
    if link is None:
        return _gone()
    if request.cookies.get(cookie_name(COOKIE)) == token:
        return redirect(url_for("status.show"), 303)
    if request.args.get("c"):
        return _show(link, token)
    response = redirect(url_for("status.enter", token=token, c=1), 303)
    set_cookie(response, COOKIE, token, same_site="Lax", days=DAYS)
    return response


@status.get("/")
def show() -> Any:
    link = _open(request.cookies.get(cookie_name(COOKIE), ""))
    return _show(link, None) if link else _gone()


@status.get("/photos/<photo>/<size>", defaults={"token": None})
@status.get("/<token>/photos/<photo>/<size>")
def photo(token: str | None, photo: str, size: str) -> Any:
    link = _open(token or request.cookies.get(cookie_name(COOKIE), ""))
    if link is None or not is_id(photo) or size not in ("thumb", "view"):
        return _gone()
    with house().database.read() as db:
        row = shared_photo(db, link, photo)
    return send_photo(row, size) if row else _gone()


@status.get("/documents/<document>", defaults={"token": None})
@status.get("/<token>/documents/<document>")
def document(token: str | None, document: str) -> Any:
    """A signed document as it was signed, without what names the plate, the VIN and the mobile."""
    link = _open(token or request.cookies.get(cookie_name(COOKIE), ""))
    return _document(link, document, token) if link else _gone()


@status.post("/documents/<document>", defaults={"token": None}, endpoint="sealed")
@status.post("/<token>/documents/<document>", endpoint="sealed")
def sealed(token: str | None, document: str) -> Any:
    """The sealed PDF, which names plate, VIN and customer: for whoever has the link and knows the end of the mobile (D2)."""
    link = _open(token or request.cookies.get(cookie_name(COOKIE), ""))
    if link is None or not is_id(document):
        return _gone()
    with house().database.read() as db:
        found = shared_document(db, link, document)
        files = sealed_files(db, link.store_id, [document]).get(document, [])
    if found is None or not files:
        return _gone()
    if not _misses(current_app).test(TRIES, link.id):
        return _document(link, document, token, N_("试得太多次了，请过一刻钟再来，或请门店把文件发给您"), 429)
    if not _knows(found[1].mobile, request.form.get("last4", "")):
        _misses(current_app).hit(TRIES, link.id)
        return _document(link, document, token, N_("与登记的手机号后四位不符，请再看一下"), 422)
    return _private(send_sealed(found[0], files[0]))


@status.after_request
def _quiet(response: Response) -> Response:
    """Nothing of this page is kept by a cache, a search engine or the next site."""
    return response if isinstance(response, Kept) else _private(response)


def _document(link: Link, document: str, token: str | None, why: str = "", code: int = 200) -> Response:
    if not is_id(document):
        return _gone()
    with house().database.read() as db:
        found = shared_document(db, link, document)
        seen = status_of(db, link, lexicon(db, link.store_id)) if found else None
        files = sealed_files(db, link.store_id, [document]).get(document, [])
    if found is None or seen is None:
        return _gone()
    g.zone = ZoneInfo(seen.time_zone)
    response = page("status/document.html", s=seen, token=token, visit=found[1], car=car_map(seen.body), files=files, why=why,
                    asks=len(found[1].mobile) >= 4, **drawn(*found, public=True))
    response.status_code = code
    return _private(response)


def _knows(mobile: str, last4: str) -> bool:
    """Whether these are its last four digits; a visit without a mobile gives nothing away."""
    return len(mobile) >= 4 and hmac.compare_digest(mobile[-4:].encode(), last4.strip().encode("utf-8", "replace"))


def _show(link: Link, token: str | None) -> Response:
    return kept(link.id + (token or ""), link.n, now(), lambda: _draw(link, token))


def _draw(link: Link, token: str | None) -> Response:
    with house().database.read() as db:
        seen = status_of(db, link, lexicon(db, link.store_id))
    g.zone = ZoneInfo(seen.time_zone)
    moment = now()
    return page("status/show.html", s=seen, token=token, now=moment, way=list(zip(WAY_WORDS, WAY, strict=True)),
                states=STATE_WORDS, documents=DOCUMENTS, passed=_passed(seen.arrived_at, seen.promised_at, moment))


def _passed(begin: Any, until: Any, moment: Any) -> float:
    """How much of the ring is full: the part of the promised time that is gone."""
    if until is None or until <= begin:
        return 0.0
    return float(round(min(max((moment - begin) / (until - begin), 0), 1) * 360, 1))


def _open(token: str) -> Link | None:
    """The link of a token. A miss counts against its address; too many and nothing is looked up for a while."""
    if not token or not may_try(current_app, _address()):
        return None
    link = None
    if TOKEN.fullmatch(token):
        link = link_of(house().database, token, now())
    if link is None:
        _misses(current_app).hit(MISSES, _address())
    return link


def may_try(app: Flask, address: str) -> bool:
    """Whether this address has not guessed too often (T26)."""
    return _misses(app).test(MISSES, address)


def _misses(app: Flask) -> MovingWindowRateLimiter:
    """Counted per app, until the server restarts."""
    if MISSED not in app.extensions:
        app.extensions[MISSED] = MovingWindowRateLimiter(MemoryStorage())
    counted: MovingWindowRateLimiter = app.extensions[MISSED]
    return counted


def _address() -> str:
    return request.remote_addr or ""


def _gone() -> Response:
    """One answer for every link that shows nothing; its words fit each of the reasons."""
    if not may_try(current_app, _address()):
        response = make_response(render_template("status/gone.html", busy=True), 429)
        response.headers["Retry-After"] = "60"
        return response
    return make_response(render_template("status/gone.html", busy=False), 404)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
