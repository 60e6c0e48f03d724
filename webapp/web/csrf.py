"""Unsafe requests come from our own pages (evidence.md D3): where they come from first, then a token bound to the session.

The token stands in every form, and in the header X-CSRFToken of what htmx sends. Before sign-in it is bound to a cookie
that only we can set; at the desk to the session's own secret.
"""

import hmac
import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import g, request
from wtforms.csrf.core import CSRF

from webapp.foundation.config import Settings
from webapp.foundation.refusal import N_, Refusal
from webapp.web.here import house, maybe_user

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "X-CSRFToken"
SEED = "seed"


class Forged(Refusal):
    """The request was not made on a page of ours, or the page is older than the session."""

    def __init__(self, code: str) -> None:
        super().__init__(code, N_("这个页面放得太久，或不是从本站打开的。请回到上一页刷新后再做一次，没有任何改动"))


def csrf_token() -> str:
    """The token of this session, for forms and for hx-headers."""
    person = maybe_user()
    secret = person.csrf_secret if person else _seed().encode()
    return hmac.new(secret, b"csrf", "sha256").hexdigest()


def check_unsafe() -> None:
    """Lets a changing request through only from our own pages. Raises Forged."""
    if request.method in SAFE:
        return
    if not _same_origin():
        raise Forged("csrf.cross_site")
    given = request.headers.get(HEADER) or request.form.get("csrf_token") or ""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf_token().encode()):
        raise Forged("csrf.token")


class SessionCSRF(CSRF):  # type: ignore[misc]
    """The same token as a field of Flask-WTF forms; `check_unsafe` has looked at it already."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return csrf_token()

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        check_unsafe()


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    ours = {request.host, urlsplit(house().settings.public_url or "").netloc}
    return urlsplit(source).netloc in ours - {""}


def _seed() -> str:
    """A random cookie of somebody not signed in; a new one is sent with the answer (`keep_seed`)."""
    if "seed" not in g:
        known = request.cookies.get(cookie_name(SEED), "")
        g.seed = known if 40 <= len(known) <= 60 else secrets.token_urlsafe(32)
        g.seed_is_new = g.seed != known
    seed: str = g.seed
    return seed


def keep_seed(response: Any) -> Any:
    """Sends the cookie that a form of this page is bound to."""
    if g.get("seed_is_new"):
        set_cookie(response, SEED, g.seed, same_site="Strict")
    return response


def cookie_name(name: str) -> str:
    """`__Host-` where people reach us by https: then no neighbour can set it for us."""
    return cookie_of(house().settings, name)


def cookie_of(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure else f"cw_{name}"


def set_cookie(response: Any, name: str, value: str, *, same_site: str, days: int | None = None) -> None:
    response.set_cookie(cookie_name(name), value, max_age=days * 86400 if days else None, path="/", httponly=True,
                        secure=house().settings.secure, samesite=same_site)


def drop_cookie(response: Any, name: str) -> None:
    response.delete_cookie(cookie_name(name), path="/", httponly=True, secure=house().settings.secure)
