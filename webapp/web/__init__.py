"""Pages for people: the desk, and the customer's status page."""

from typing import Any

from flask import Blueprint, Flask, request
from htmx_flask import Htmx

from webapp.web import (
    backups,
    checklists,
    documents,
    erasing,
    errors,
    filters,
    phones,
    photos,
    set_aside,
    sign_in,
    staff,
    today,
    visit,
)
from webapp.web.csrf import csrf_token, keep_seed
from webapp.web.desk import desk
from webapp.web.front import Front
from webapp.web.guard import guard
from webapp.web.here import maybe_user
from webapp.web.kept import NAME, Kept, Pages, keep
from webapp.web.status import status
from webapp.web.verify import verify

__all__ = ["backups", "blueprints", "checklists", "documents", "erasing", "phones", "photos", "prepare", "set_aside", "sign_in",
           "staff", "today", "visit"]
THEMES = ("light", "dark", "auto")
LANGUAGES = ("zh_CN", "en")


def blueprints() -> list[Blueprint]:
    return [desk, status, verify]


def begin(app: Flask) -> None:
    """Before anything else is joined: pages are kept as they finally go out (who is named first comes last)."""
    app.extensions[NAME] = Pages()
    app.after_request(keep)
    app.wsgi_app = Front(app)  # type: ignore[method-assign]


def prepare(app: Flask) -> None:
    """What pages need of the whole app: the guard, CSRF, errors, template filters, a remembered language and theme."""
    Htmx(app)
    app.before_request(guard)
    app.after_request(keep_seed)
    app.after_request(_remember)
    app.after_request(_desk_headers)
    errors.register(app)
    filters.register(app)
    app.jinja_env.globals.update(csrf_token=csrf_token, person=maybe_user, theme=theme,
                                 backups_need_a_look=backups.backups_need_a_look)


def theme() -> str:
    """The theme this browser holds, or "auto": what the system says."""
    asked = request.args.get("theme") or request.cookies.get("theme") or "auto"
    return asked if asked in THEMES else "auto"


def _remember(response: Any) -> Any:
    """`?lang=` and `?theme=` stay chosen on this browser; they are tastes, not facts, so a GET may set them."""
    if request.query_string and not request.path.startswith("/api/"):
        for name, known in (("lang", LANGUAGES), ("theme", THEMES)):
            if (asked := request.args.get(name, "")) in known:
                response.set_cookie(name, asked, max_age=400 * 86400, path="/", httponly=True, samesite="Lax",
                                    secure=request.is_secure)
    return response


def _desk_headers(response: Any) -> Any:
    """Desk forms must tell us their origin (CSRF), so their pages send it to us and to nobody else."""
    if not isinstance(response, Kept) and (request.endpoint or "").startswith("desk."):
        response.headers["Referrer-Policy"] = "same-origin"
    return response
