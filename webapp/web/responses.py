"""Answers for people: a whole page, or for htmx the named block of it. The one place that knows htmx-flask's corners.

It sets no Vary, refuses some swaps and sends Chinese text raw in headers; so pages that answer both ways say Vary here,
swaps are told in the page (hx-swap-oob), and nothing but addresses goes into HX- headers.
"""

from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from htmx_flask import make_response


def asked_by_htmx() -> bool:
    """True when htmx wants a part of a page; going back in history wants the whole."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(template: str, status: int = 200, *, block: str | None = None, **facts: Any) -> Response:
    """The page; or only its block when htmx asks."""
    text = part(template, block, **facts) if block and asked_by_htmx() else render_template(template, **facts)
    response: Response = make_response(text, status)
    response.headers.add("Vary", "HX-Request, Cookie, Accept-Language")
    return response


def part(template: str, block: str, **facts: Any) -> str:
    """One named block of a page."""
    current_app.update_template_context(facts)
    found = current_app.jinja_env.get_template(template)
    return "".join(found.blocks[block](found.new_context(facts)))


def go(endpoint: str, **values: Any) -> Response:
    """On to another page, after a form (303) or because somebody must sign in first."""
    url = url_for(endpoint, **values)
    if asked_by_htmx():
        response: Response = make_response("", 204, redirect=url)
        return response
    return redirect(url, 303)  # type: ignore[return-value]
