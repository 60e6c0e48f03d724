"""Closed first: every page needs a sign-in and a role, unless permission.py names it open. Calls of the API have their own."""

from typing import Any

from flask import g, request
from werkzeug.exceptions import BadRequest, Forbidden

from webapp.commands.desk_session import find_session, noted
from webapp.commands.permission import OPEN, PAGES
from webapp.foundation.refusal import N_, Refusal
from webapp.web import csrf
from webapp.web.here import house, now
from webapp.web.responses import go

SESSION = "desk"
NOT_WORK = frozenset({"desk.changes"})  # polling is not activity (decisions.md 15)
MUST_CHANGE = frozenset({"desk.password", "desk.sign_out"})
OWN_GUARD = ("api.", "/api/")  # no cookie is read there


def guard() -> Any:
    """Before every page. Raises BadRequest, Forbidden, Forged."""
    endpoint = request.endpoint
    if endpoint == "static" or (endpoint or request.path).startswith(OWN_GUARD):
        return None
    _who()
    if any("\0" in text for text in (request.path, *request.args.values())):
        raise BadRequest()  # no database keeps it, and nobody types it
    if endpoint is None:
        return None  # no such page: the error page only wants to know whom to send where
    csrf.check_unsafe()
    if endpoint in OPEN:
        return None
    if g.desk_user is None:
        return _sign_in_first()
    if not g.desk_user.actor.roles & PAGES.get(endpoint, frozenset()):
        raise Forbidden(Refusal("page.not_yours", N_("您的岗位不能看这一页，需要时请找服务经理")))  # type: ignore[arg-type]
    if g.desk_user.must_change and endpoint not in MUST_CHANGE:
        return go("desk.password")
    return None


def _who() -> None:
    token = request.cookies.get(csrf.cookie_name(SESSION))
    moment = now()
    g.desk_user = find_session(house().database, token, moment) if token else None
    if g.desk_user and request.endpoint not in NOT_WORK and not house().database.damaged and g.desk_user.is_due(moment):
        house().door.record(noted(g.desk_user.session))


def _sign_in_first() -> Any:
    """To the sign-in page, and back here afterwards; a polling page is told so and changes nothing."""
    if request.endpoint in NOT_WORK:
        return "", 401
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return go("desk.sign_in", back=here if here and here != "/" else None)
