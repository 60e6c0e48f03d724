"""How every call under /api/ speaks: JSON that says `"sync":"ok"`, errors with a code and a sentence, never a bare page.

Whatever lacks `"sync":"ok"` is "no network" to a phone; so an error of ours must always carry it, also 404 and 500.
"""

import contextlib
import errno
from typing import Any, TypeVar

import msgspec
import structlog
from flask import Blueprint, Response, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge, default_exceptions

from webapp.adapters.images import NotLooked
from webapp.foundation.db import is_damage, is_disk_full
from webapp.foundation.refusal import N_, Refusal

BODY_LIMIT = 1024 * 1024
DRAINED = 16 * 1024 * 1024
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
log = structlog.get_logger()
api = Blueprint("api", __name__, url_prefix="/api/v1")
S = TypeVar("S", bound=msgspec.Struct)


class CallRefused(Refusal):
    """A call we do not serve as it stands. status: HTTP; headers: such as Retry-After."""

    def __init__(self, status: int, code: str, text: str, headers: dict[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code, text, **facts)
        self.status, self.headers = status, headers or {}


def answer(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer of ours."""
    data = msgspec.json.encode({"sync": "ok", **body})
    response = Response(data, status, mimetype="application/json", headers={"Vary": "Accept-Language"})
    response.headers.update(headers or {})
    return response


def refuse(no: CallRefused) -> Response:
    """The answer to a call we do not serve."""
    error = {"code": no.code, "text": say(no.text, no.facts), "facts": no.facts}
    return answer({"error": error}, no.status, no.headers)


def say(text: str, facts: dict[str, Any]) -> str:
    """A sentence in the caller's language with its facts filled in; a missing fact leaves the sentence as it is."""
    if not text:
        return ""
    words: str = gettext(text)
    try:
        return words % facts if "%" in words else words
    except (KeyError, TypeError, ValueError):
        return words


def read_body(shape: type[S]) -> S:
    """The JSON body as `shape`, strictly. Raises CallRefused naming what is wrong."""
    try:
        return msgspec.json.decode(json_bytes(), type=shape, strict=True)
    except msgspec.ValidationError as why:
        text, _, place = str(why).partition(" - at `")
        raise CallRefused(422, "body.bad_field", N_("请求内容的字段不对：%(at)s。请更新应用后再试"), at=place.rstrip("`") or "$",
                          why=text[:200]) from why
    except (ValueError, RecursionError) as why:
        raise not_json() from why


def json_bytes() -> bytes:
    """The raw body of a call that must be JSON. Raises CallRefused."""
    if request.mimetype != "application/json":
        raise CallRefused(415, "body.not_json_type", N_("请求须为 JSON（Content-Type: application/json）"))
    return request.get_data(cache=False)


def not_json() -> CallRefused:
    return CallRefused(400, "body.not_json", N_("请求内容读不出来，没有收下任何东西，请重发"))


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query string. Raises CallRefused."""
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise CallRefused(422, "query.bad_number", N_("参数 %(name)s 须是 %(least)s 到 %(most)s 之间的整数"), name=name,
                          least=least, most=most)
    return int(text)


def explain(fault: Exception) -> CallRefused:
    """Any failure as an answer: ours, the web's, the database's, the disk's, and at last our own mistake."""
    if isinstance(fault, CallRefused):
        return fault
    if isinstance(fault, RequestEntityTooLarge):
        return CallRefused(413, "body.too_large", N_("内容太大，请分成几次发送"), limit=BODY_LIMIT)
    if isinstance(fault, HTTPException):
        return _web_error(fault)
    if isinstance(fault, DBAPIError | PoolTimeout):
        return _database_error(fault)
    if isinstance(fault, NotLooked):
        return CallRefused(503, "photo.not_looked", N_("服务器暂时看不了照片，没有收下，稍后自动重发"), {"Retry-After": "10"})
    if isinstance(fault, OSError) and fault.errno in FULL:
        return _disk_full()
    log.error("api.fault", path=request.path, kind=type(fault).__name__, exc_info=fault)
    return CallRefused(500, "server.fault", N_("服务器出了差错，您的内容没有丢，请稍后再试"), {"Retry-After": "30"})


@api.before_app_request
def _unrouted() -> Response | None:
    """Addresses and methods under /api/ that no route has."""
    if request.path.startswith("/api/") and request.routing_exception is not None:
        return refuse(explain(request.routing_exception))
    return None


@api.after_app_request
def _drain(response: Response) -> Response:
    """Reads what an answer left unread: the server would close the connection on it, and the phone, still sending, would
    take our "too large" for no network and try for ever; a browser would show a broken page for the desk's sentence."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        request.max_content_length = 2**40
        left = DRAINED
        with contextlib.suppress(HTTPException, OSError):
            while left > 0 and (piece := request.stream.read(64 * 1024)):
                left -= len(piece)
    return response


_KINDS: tuple[type[Exception] | int, ...] = (*default_exceptions, Exception)
for _kind in _KINDS:
    api.register_error_handler(_kind, lambda fault: refuse(explain(fault)))

_WEB = {
    400: ("call.bad", N_("请求不合要求，没有收下任何东西，请重发")),
    404: ("call.unknown", N_("没有这个接口，请更新应用")),
    405: ("call.wrong_method", N_("这个接口不接受这种方法，请更新应用")),
    411: ("body.no_length", N_("请求须写明长度（Content-Length）")),
}


def _web_error(fault: HTTPException) -> CallRefused:
    if isinstance(fault, ClientDisconnected):
        return CallRefused(400, "body.truncated", N_("内容没有传完，请重发"))
    status = fault.code or 500
    if 300 <= status < 400:
        status = 404  # we never redirect: to a phone a redirect is somebody else's network
    code, text = _WEB.get(status, (f"call.http_{status}", N_("请求没有办成，请稍后再试")))
    valid = getattr(fault, "valid_methods", None)
    return CallRefused(status, code, text, {"Allow": ", ".join(sorted(valid))} if valid else None)


def _database_error(fault: DBAPIError | PoolTimeout) -> CallRefused:
    log.error("api.database", kind=type(fault).__name__, what=str(getattr(fault, "orig", "")).partition("\n")[0][:200])
    if is_damage(fault):
        return CallRefused(503, "server.damaged",
                           N_("服务器的数据坏了，现在只能看、不能收；内容都留在手机上，请通知店里的管理员恢复备份"),
                           {"Retry-After": "120"})
    if is_disk_full(fault):
        return _disk_full()
    return CallRefused(503, "server.busy", N_("服务器正忙，没有收下任何东西，稍后自动重发"), {"Retry-After": "5"})


def _disk_full() -> CallRefused:
    return CallRefused(507, "server.disk_full", N_("服务器的硬盘满了，没有收下任何东西；内容留在手机上，请通知店里的管理员"),
                       {"Retry-After": "120"})
