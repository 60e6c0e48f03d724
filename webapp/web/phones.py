"""`/phones`: the store's phones; a lost one is stopped within one request. And the code that opens the lane on a new one."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from werkzeug.exceptions import NotFound

from webapp.foundation.ids import is_id
from webapp.queries.devices import Phone, phones
from webapp.web.desk import desk
from webapp.web.filters import say
from webapp.web.forms import ReasonForm
from webapp.web.here import actor, house
from webapp.web.links import address, qr_path
from webapp.web.responses import go, page

ONLY_HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # names by which only this computer reaches itself


@desk.get("/phones", endpoint="phones")
def show_phones() -> Response:
    lane = address("/lane/")
    return page("phones/show.html", phones=_phones(), lane=lane, only_here=urlsplit(lane).hostname in ONLY_HERE)


@desk.route("/phones/<device>/revoke", methods=["GET", "POST"])
def revoke(device: str) -> Any:
    """Stops a phone, with a reason: from its next request on it reads nothing."""
    return _order(device, "revoke", "revoked")


@desk.route("/phones/<device>/wipe", methods=["GET", "POST"])
def wipe(device: str) -> Any:
    """Orders a phone to forget everything once it has handed in what it holds."""
    return _order(device, "wipe", "wipe")


def _order(device: str, what: str, done: str) -> Any:
    phone = next((p for p in _phones() if p.id == device), None) if is_id(device) else None
    if phone is None:
        raise NotFound()
    form = ReasonForm()
    problem = ""
    if form.validate_on_submit():
        receipt = house().door.execute(actor(), f"device.{what}", {"device": device, **form.args()}, act_id=form.act_id(),
                                       visit=None, salt=secrets.token_urlsafe(16))
        if receipt.facts.get("first", receipt.verdict) == "applied":
            return go("desk.phones", done=done)
        form.fresh()
        problem = say(receipt.text, receipt.facts)
    return page(f"phones/{what}.html", 422 if form.is_submitted() else 200, phone=phone, form=form, problem=problem)


@desk.get("/lane.svg")
def lane_qr() -> Response:
    """The lane's address as a QR code, a file of its own: pages need no data: images."""
    size, path = qr_path(address("/lane/"))
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>')
    return Response(text, mimetype="image/svg+xml")


def _phones() -> list[Phone]:
    with house().database.read() as db:
        return phones(db, actor().store)
