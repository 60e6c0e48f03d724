"""`/checklists`: the lists phones walk with, version by version. Read only: visits name them by hash."""

from flask import Response
from werkzeug.exceptions import NotFound

from webapp.queries.checklists import listed, one
from webapp.web.desk import desk
from webapp.web.here import actor, house
from webapp.web.responses import page


@desk.get("/checklists", endpoint="checklists")
def show_checklists() -> Response:
    with house().database.read() as db:
        return page("checklists/list.html", lists=listed(db, actor().store))


@desk.get("/checklists/<sha256>")
def checklist(sha256: str) -> Response:
    with house().database.read() as db:
        found = one(db, actor().store, sha256)
    if found is None:
        raise NotFound()
    return page("checklists/show.html", made=found)
