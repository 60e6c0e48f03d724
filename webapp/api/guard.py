"""Who calls: the bearer token of a phone. Everything under /api/ is closed unless named in OPEN; no cookie is read."""

from datetime import datetime
from typing import Any

import structlog
from flask import current_app, g, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import MethodNotAllowed

from webapp.api.wire import BODY_LIMIT, CallRefused, api
from webapp.commands.devices import Caller, find_caller, seen
from webapp.commands.house import House
from webapp.commands.permission import CALLS
from webapp.foundation.clock import utc_now
from webapp.foundation.refusal import N_
from webapp.queries.manifest import Head

log = structlog.get_logger()
OPEN = frozenset({"api.enrol", "api.openapi"})
EVEN_REVOKED = frozenset({"api.push", "api.check_photos", "api.put_photo", "api.heads", "api.wiped"})
LARGE = frozenset({"api.put_photo"})


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def caller() -> Caller:
    """The phone and its user; `guard` has let them in."""
    found: Caller = g.caller
    return found


def signed(head: Head) -> dict[str, Any]:
    """The head as it leaves the house: whoever keeps it can show later where the ledger stood."""
    return house().keys.signed_head(head.store, head.index, head.hash)


def now() -> datetime:
    return utc_now()


def bearer() -> str | None:
    """The token of the Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


@api.before_request
def guard() -> None:
    """Closed first: a token, a phone in use, a role for this call. Raises CallRefused."""
    endpoint = request.endpoint or ""
    if endpoint not in LARGE:
        request.max_content_length = BODY_LIMIT
        if (request.content_length or 0) > BODY_LIMIT:
            raise CallRefused(413, "body.too_large", N_("内容太大，请分成几次发送"), limit=BODY_LIMIT)
    if request.method == "OPTIONS":
        raise MethodNotAllowed()
    if endpoint in OPEN:
        return
    g.caller = known_caller()
    if caller().revoked and endpoint not in EVEN_REVOKED:
        order: dict[str, Any] = {"wipe": True} if caller().wipe else {}
        raise CallRefused(403, "device_revoked", N_("这部手机已被停用；没发出的内容仍可发给服务经理处理"), {}, **order)
    if not caller().revoked and not caller().actor.roles & CALLS.get(endpoint, frozenset()):
        raise CallRefused(403, "role.not_yours", N_("您的岗位不能看这些内容，需要时请找服务经理"))


def known_caller() -> Caller:
    """Whose token this is. Raises CallRefused 401."""
    token = bearer()
    found = find_caller(house().database, token, now()) if token else None
    if found is None:
        raise CallRefused(401, "token.unknown", N_("登录已失效，请重新登录；没发出的内容都在手机上"),
                          {"WWW-Authenticate": "Bearer"})
    return found


def note_seen() -> None:
    """Lets the phone's token slide and notes that it was here, now and then; a busy database is no reason to fail."""
    if caller().is_due(now()):
        try:
            house().door.record(seen(caller().actor.device))
        except DBAPIError:
            log.warning("device.not_noted", device=caller().actor.device)
