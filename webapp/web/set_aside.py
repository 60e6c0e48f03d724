"""`/aside`: what was set aside for the manager, with its content, why, and what to do about it."""

from flask import Response, request

from webapp.foundation.ids import is_id
from webapp.queries.set_aside import PAGE, set_aside
from webapp.web.desk import desk
from webapp.web.here import actor, house
from webapp.web.lexicon import lexicon
from webapp.web.responses import page


@desk.get("/aside", endpoint="set_aside")
def show() -> Response:
    """Newest first; `?phone=` those of one phone, `?after=` go on from this one."""
    phone, after = (value if is_id(value := request.args.get(name)) else None for name in ("phone", "after"))
    with house().database.read() as db:
        found = set_aside(db, actor().store, lexicon(db, actor().store), phone, after)
    return page("set_aside/show.html", found=found[:PAGE], more=len(found) > PAGE, phone=phone)
