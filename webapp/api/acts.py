"""`/acts`: a phone hands in what was done; each act is answered by a receipt, and nothing is answered before it is kept."""

from typing import Annotated, Any

import msgspec
from flask import Response
from msgspec import Meta

from webapp.api.guard import caller, house
from webapp.api.split import NotSplit, split_push
from webapp.api.wire import CallRefused, answer, api, json_bytes, not_json, say
from webapp.commands.execute import Receipt
from webapp.domain.words import IdText
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.refusal import N_

MOST_ACTS = 100
PUSH_LIMIT = 256 * 1024


class Push(msgspec.Struct, forbid_unknown_fields=True):
    protocol: int
    device: IdText
    epoch: Annotated[int, Meta(ge=0)]
    acts: list[Any]


@api.post("/acts", endpoint="push")
def push_acts() -> Response:
    """Takes a batch; 200 whenever receipts are given."""
    raws = _read_push()
    pushed = house().door.push(caller().actor.device, raws)
    return answer({
        "epoch": pushed.epoch, "server_time": to_wire(utc_now()), "expect_seq": pushed.expect_seq,
        "receipts": [_wire(receipt) for receipt in pushed.receipts],
        "head": house().keys.signed_head(pushed.store, pushed.index, pushed.head),
    })


def _read_push() -> list[bytes]:
    body = json_bytes()
    if len(body) > PUSH_LIMIT:
        raise _too_large()
    try:
        rest, raws = split_push(body)
        push = msgspec.json.decode(rest, type=Push, strict=True)
    except msgspec.ValidationError as why:
        text, _, place = str(why).partition(" - at `")
        raise CallRefused(422, "body.bad_field", N_("请求内容的字段不对：%(at)s。请更新应用后再试"), at=place.rstrip("`") or "$",
                          why=text[:200]) from why
    except (NotSplit, ValueError, RecursionError) as why:
        raise not_json() from why
    if push.protocol != 1:
        raise CallRefused(422, "push.protocol", N_("应用的版本太旧或太新，请更新应用；没发出的内容都在手机上"), protocol=1)
    if push.device != caller().actor.device:
        raise CallRefused(422, "push.wrong_device", N_("这批记录不是这部手机的，请用原来的手机发送"))
    if len(raws) > MOST_ACTS:
        raise _too_large()
    return raws


def _too_large() -> CallRefused:
    return CallRefused(413, "push.too_large", N_("一次发得太多，请分成几批发送"), most_acts=MOST_ACTS, most_bytes=PUSH_LIMIT)


def _wire(receipt: Receipt) -> dict[str, Any]:
    return {"id": receipt.id, "sha256": receipt.sha256, "verdict": receipt.verdict, "change_no": receipt.change_no,
            "code": receipt.code, "text": say(receipt.text, receipt.facts), "facts": receipt.facts}
