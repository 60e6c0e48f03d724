"""`/verify`: anybody checks a sealed paper in their own browser. Nothing is uploaded; the house is asked about a hash only.

The check itself is static/verify/, which shares no code with the server: what a server says of its own papers proves little.
"""

import re
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from webapp.commands.proof.words import SENTENCES, VERDICTS
from webapp.foundation.clock import to_wire
from webapp.queries.known_papers import known_since
from webapp.queries.sentences import DOCUMENTS
from webapp.web.filters import html_lang
from webapp.web.here import house
from webapp.web.responses import page

verify = Blueprint("verify", __name__, url_prefix="/verify")
HASH = re.compile(r"[0-9a-f]{8}|[0-9a-f]{64}")
ASKS, ASKED = RateLimitItemPerMinute(30), "verify_asks"


@verify.get("")
def show() -> Response:
    """The page. Every sentence that the script may need stands in it, for the script has none of its own."""
    at = 1 if html_lang() == "en" else 0
    return page("verify/show.html", root=house().keys.root_fingerprint, documents=DOCUMENTS,
                sentences={kind: words[at] for kind, words in SENTENCES.items()},
                verdicts={word.name.lower(): words[at] for word, words in VERDICTS.items()})


@verify.get("/known")
def known() -> Any:
    """Yes or no, and since when. A code is short, so guesses are counted by address."""
    asked = request.args.get("hash", "").strip().lower()
    if not HASH.fullmatch(asked):
        return jsonify(error="hash"), 422
    if not _limiter(current_app).hit(ASKS, request.remote_addr or ""):
        return jsonify(error="busy"), 429, {"Retry-After": "60"}
    with house().database.read() as db:
        since = known_since(db, asked)
    return jsonify(known=since is not None, since=to_wire(since) if since else None)


def _limiter(app: Flask) -> MovingWindowRateLimiter:
    """Counted per app, until the server restarts."""
    if ASKED not in app.extensions:
        app.extensions[ASKED] = MovingWindowRateLimiter(MemoryStorage())
    counted: MovingWindowRateLimiter = app.extensions[ASKED]
    return counted
