"""In front of the app: the customer's page while it is kept. Its link is looked up first, at every request; whatever is not
plainly that page (another address, a question in it, a link that shows nothing, too many guesses) goes on into the app.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Request

from webapp.foundation.clock import utc_now
from webapp.queries.status_page import link_of
from webapp.web.csrf import cookie_of
from webapp.web.kept import Page, key_of, pages
from webapp.web.status import COOKIE, TOKEN, may_try

HERE = "/s/"


class Front:
    """A WSGI application around that of `app`."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inside = app, app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        page = None
        if environ.get("PATH_INFO") == HERE and environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING"):
            page = self._page(Request(environ))
        if page is None:
            return self._inside(environ, start_response)
        start_response("200 OK", page.headers)
        return [page.body]

    def _page(self, request: Request) -> Page | None:
        house, moment = self._app.extensions["house"], self._app.extensions.get("clock", utc_now)()
        token = request.cookies.get(cookie_of(house.settings, COOKIE), "")
        if not TOKEN.fullmatch(token) or not may_try(self._app, request.remote_addr or ""):
            return None
        try:
            link = link_of(house.database, token, moment)
        except SQLAlchemyError:
            return None  # the app meets it again and says so in words
        return pages(self._app).get(key_of(request, link.id, link.n, moment)) if link else None
