"""Pages drawn once while nothing happens: kept by what they were drawn from, so that a reload costs no drawing.

The store's last change number is part of every key: any act of the store, by whatever process, makes the page anew. So is the
minute, for what changes without an act (the time of day, a phone heard of). Who asks and whether they still may is looked up
at every request, before this.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any

from flask import Response, current_app, g, request

from webapp.web.responses import asked_by_htmx

MOST = 300
NAME = "kept_pages"
Headers = list[tuple[str, str]]


class Pages:
    """The newest few hundred pages of this process, each with the headers it went out with."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[bytes, Headers]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> tuple[bytes, Headers] | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: Hashable, page: bytes, headers: Headers) -> None:
        with self._lock:
            self._pages[key] = page, headers
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)


class Kept(Response):
    """A page that went out before: its headers are whole, so nobody has to work them out again."""

    def get_wsgi_headers(self, environ: Any) -> Any:
        return self.headers


def kept(reader: str, n: int, moment: datetime, draw: Callable[[], Response]) -> Response:
    """The page of this address for this reader (a session, a link) at change number n; drawn when it is not kept."""
    cookies, minute = request.cookies, int(moment.timestamp() // 60)
    key = (reader, request.path, request.query_string, request.host, request.scheme, n, minute, cookies.get("theme"),
           cookies.get("lang"), request.headers.get("Accept-Language"), asked_by_htmx())
    page = _pages().get(key)
    if page is None:
        g.keep_as = key
        return draw()
    return Kept(page[0], headers=page[1])


def keep(response: Response) -> Response:
    """After everybody else has had a hand in the answer. A cookie is for one answer and is never kept."""
    key = g.pop("keep_as", None)
    if key is not None and response.status_code == 200:
        page = response.get_data()
        headers = [pair for pair in response.headers if pair[0] not in ("Set-Cookie", "Content-Length")]
        _pages().put(key, page, [*headers, ("Content-Length", str(len(page)))])
    return response


def _pages() -> Pages:
    found: Pages = current_app.extensions.setdefault(NAME, Pages())
    return found
