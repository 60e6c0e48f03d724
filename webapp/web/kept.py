"""Pages drawn once while nothing happens: kept by what they were drawn from, so that a reload costs no drawing.

The store's last change number is part of every key: any act of the store, by whatever process, makes the page anew. So is the
minute, for what changes without an act (the time of day, a phone heard of). Who asks and whether they still may is looked up
at every request, before this.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug import Request

MOST = 300
NAME = "kept_pages"
PARTS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")  # htmx may have wanted a part


@dataclass(frozen=True)
class Page:
    """A page with the headers it went out with."""

    body: bytes
    headers: list[tuple[str, str]]


class Pages:
    """The newest few hundred pages of this process."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Page | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def clear(self) -> None:
        """An erased visit's page must not be left in memory either."""
        with self._lock:
            self._pages.clear()

    def put(self, key: Hashable, page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)


class Kept(Response):
    """A page that went out before: its headers are whole, so nobody has to work them out again."""

    def get_wsgi_headers(self, environ: Any) -> Any:
        return self.headers


def kept(reader: str, n: int, moment: datetime, draw: Callable[[], Response]) -> Response:
    """The page of this address for this reader (a session, a link) at change number n; drawn when it is not kept."""
    key = key_of(request, reader, n, moment)
    page = pages(current_app).get(key)
    if page is None:
        g.keep_as = key
        return draw()
    return Kept(page.body, headers=page.headers)


def keep(response: Response) -> Response:
    """After everybody else has had a hand in the answer. A cookie is for one answer and is never kept."""
    key = g.pop("keep_as", None)
    if key is not None and response.status_code == 200:
        body = response.get_data()
        headers = [pair for pair in response.headers if pair[0] not in ("Set-Cookie", "Content-Length")]
        pages(current_app).put(key, Page(body, [*headers, ("Content-Length", str(len(body)))]))
    return response


def key_of(asked: Request, reader: str, n: int, moment: datetime) -> Hashable:
    """All that a page was drawn from."""
    cookies, headers = asked.cookies, asked.headers
    return (reader, n, int(moment.timestamp() // 60), asked.path, asked.query_string, asked.host, asked.scheme,
            cookies.get("theme"), cookies.get("lang"), headers.get("Accept-Language"), *[headers.get(name) for name in PARTS])


def pages(app: Flask) -> Pages:
    found: Pages = app.extensions[NAME]
    return found
