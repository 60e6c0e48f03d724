"""`/lane/`: the phone app's one page, its worker, its manifest; the same bytes for everybody (docs/phone.md)."""

from flask import Blueprint, Response, current_app, render_template
from sqlalchemy import select
from werkzeug.exceptions import NotFound, ServiceUnavailable

from webapp.api.guard import house
from webapp.api.wire import answer
from webapp.commands.furnish import DEMO_PASSWORD
from webapp.foundation.assets import Assets
from webapp.foundation.canon import sha256_hex
from webapp.models import Store

PATH = "/lane/"
DEMO_LOGIN = "E005"
lane = Blueprint("lane", __name__, url_prefix="/lane")


@lane.get("/", endpoint="shell", defaults={"words": ""})
@lane.get("/<path:words>", endpoint="shell")
def shell(words: str) -> Response:
    """The page; addresses below it are the app's own, so that a reload never leaves it. Files are no such address."""
    if "." in words:
        raise NotFound
    return _file(_shell(), "text/html; charset=utf-8")


@lane.get("/sw.js", endpoint="worker")
def worker() -> Response:
    """The worker with the shell's hash written above it: a changed shell or file is a changed worker."""
    first = f'self.SHELL={{"path":"{PATH}","sha256":"{sha256_hex(_shell())}"}};\n'
    response = _file(first.encode() + _built("lane/sw.js"), "text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = PATH
    return response


@lane.get("/rescue.html", endpoint="rescue")
def rescue() -> Response:
    """The page of last resort; it needs no worker and no module."""
    return _file(_built("lane/rescue.html"), "text/html; charset=utf-8")


@lane.get("/manifest.webmanifest", endpoint="manifest")
def manifest() -> Response:
    """What makes the app installable."""
    return _file(_built("lane/manifest.webmanifest"), "application/manifest+json")


@lane.get("/hello.json", endpoint="hello")
def hello() -> Response:
    """Is it us; and how to try the demo, while the demo store is the only one."""
    with house().database.read() as db:
        stores = db.execute(select(Store.id, Store.demo).limit(2)).all()
    if len(stores) != 1 or not stores[0].demo:
        return answer({})
    return answer({"demo": {"store": stores[0].id, "login": DEMO_LOGIN, "password": DEMO_PASSWORD}})


def _shell() -> bytes:
    assets: Assets = current_app.extensions["assets"]
    build = assets.all()
    if "lane/app.js" not in build:
        raise ServiceUnavailable("static/dist/ is not built: bin/build")
    return render_template("lane/shell.html", build=build).encode()


def _built(name: str) -> bytes:
    assets: Assets = current_app.extensions["assets"]
    data = assets.text(name)
    if data is None:
        raise NotFound
    return data


def _file(data: bytes, kind: str) -> Response:
    return Response(data, content_type=kind, headers={"Cache-Control": "no-cache"})
