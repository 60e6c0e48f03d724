"""Pages drawn once while nothing happens: kept by what they were drawn from, so that a reload costs no drawing.

The store's last change number is part of every key: any act of the store, by whatever process, makes the page anew. So is the
minute, for what changes without an act (the time of day, a phone heard of).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock

from flask import Response, current_app, request

from webapp.web.responses import asked_by_htmx

MOST = 300
NAME = "kept_pages"


class Pages:
    """The newest few hundred pages of this process."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: Hashable, page: bytes) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)


def kept(reader: str, n: int, moment: datetime, draw: Callable[[], Response]) -> Response:
    """The page of this address for this reader (a session, a link) at change number n; drawn when it is not kept."""
    minute = int(moment.timestamp() // 60)
    key = (reader, request.full_path, request.host, request.scheme, n, minute, request.cookies.get("theme"),
           request.cookies.get("lang"), request.headers.get("Accept-Language"), asked_by_htmx())
    pages: Pages = current_app.extensions.setdefault(NAME, Pages())
    page = pages.get(key)
    if page is None:
        response = draw()
        if response.status_code == 200:
            pages.put(key, response.get_data())
        return response
    response = Response(page, mimetype="text/html")
    response.headers.add("Vary", "HX-Request, Cookie, Accept-Language")
    return response
