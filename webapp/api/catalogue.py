"""`/catalogue`: everything a phone needs to work without a network, by one hash; unchanged costs one line."""

import json
from typing import Any

from flask import Response, request

from webapp.api.guard import caller, house
from webapp.api.wire import answer, api
from webapp.domain import catalogue as data
from webapp.foundation.canon import sha256_hex
from webapp.queries.catalogue import catalogue_of


@api.get("/catalogue", endpoint="catalogue")
def catalogue() -> Response:
    """The store's catalogue; `unchanged` when the phone has it. The hash is a mark of this content, not a proof."""
    with house().database.read() as db:
        whole: dict[str, Any] = {**catalogue_of(db, caller().actor.store), "option_sets": data.option_sets(),
                                 "damage": data.damage()}
    if house().settings.public_url:  # where customers' phones reach us; without it the phone uses the address it came by
        whole["store"]["status_base"] = house().settings.public_url
    mark = sha256_hex(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode())
    if request.args.get("known") == mark:
        return answer({"unchanged": True, "sha256": mark})
    return answer({"sha256": mark, **whole})
