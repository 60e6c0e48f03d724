"""`/heads`: a phone hands in the heads it kept, and hears whether the ledger still agrees with them."""

from typing import Annotated

import msgspec
from flask import Response
from msgspec import Meta

from webapp.api.guard import caller, house
from webapp.api.wire import answer, api, read_body
from webapp.commands.heads import take_heads
from webapp.domain.words import HashText
from webapp.queries.heads import HeldHead

Whole = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """A signed head and the epoch in which it was given."""

    store: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]*$")]
    index: Whole
    hash: HashText
    key_id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    sig: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{86}$")]
    epoch: Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Heads(msgspec.Struct, forbid_unknown_fields=True):
    heads: Annotated[list[Kept], Meta(max_length=100)]


@api.post("/heads", endpoint="heads")
def hand_in() -> Response:
    """The indexes of the heads that agree, differ, were taken back by a restored backup, or are none of ours."""
    held = [HeldHead(**msgspec.structs.asdict(head)) for head in read_body(Heads).heads]
    key = house().keys.head_key.public_key()
    told = house().door.record(take_heads(caller().actor, key, held))
    return answer({name: sorted(head.index for head in getattr(told, name))
                   for name in ("agree", "differ", "taken_back", "foreign")})
