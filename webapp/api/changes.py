"""`/changes`: what a phone has not seen yet; `/vehicles`: a car's card by its plate."""

import base64
import binascii
from datetime import UTC, datetime

from flask import Response, request
from sqlalchemy import select

from webapp.api.guard import caller, house, note_seen, signed
from webapp.api.wire import CallRefused, answer, api, whole_number
from webapp.foundation.clock import utc_now
from webapp.foundation.refusal import N_
from webapp.models import Device, StoreCounter
from webapp.queries.cards import cards_by_plate
from webapp.queries.changes import Cursor, read_changes


@api.get("/changes", endpoint="changes")
def changes() -> Response:
    """The next page after the cursor; without a cursor, from the beginning."""
    me = caller()
    cursor, limit = _read_cursor(request.args.get("cursor")), whole_number("limit", 500, 1, 1000)
    with house().database.read() as db:
        page = read_changes(db, me.actor.store, cursor, limit, utc_now())
        expect_seq, backed_up = db.execute(
            select(Device.expect_seq, StoreCounter.backed_up)
            .join(StoreCounter, StoreCounter.store_id == Device.store_id).where(Device.id == me.actor.device)).one()
    note_seen()
    return answer({
        "rows": page.rows, "next": _write_cursor(page.next), "more": page.more, "reset": page.reset,
        "device_last_seq": expect_seq - 1, "backup_watermark": backed_up, "head": signed(page.head), "epoch": page.head.epoch,
    })


@api.get("/vehicles", endpoint="vehicles")
def vehicles() -> Response:
    """The cards of this plate, newest first; none is an answer too."""
    plate = request.args.get("plate", "")
    if not 1 <= len(plate) <= 12 or not plate.isprintable():
        raise CallRefused(422, "query.bad_plate", N_("车牌须是 1 到 12 个字"))
    with house().database.read() as db:
        return answer({"vehicles": cards_by_plate(db, caller().actor.store, plate)})


def _write_cursor(cursor: Cursor) -> str:
    text = f"{cursor.epoch}.{cursor.n}.{int(cursor.at.timestamp())}.{cursor.mark}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str | None) -> Cursor | None:
    if not text:
        return None
    try:
        if len(text) > 80:
            raise ValueError("too long")
        epoch, n, at, *mark = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").split(".")
        cursor = Cursor(int(epoch), int(n), datetime.fromtimestamp(int(at), UTC), "".join(mark))
        if not (0 <= cursor.epoch < 2**31 and -1 <= cursor.n < 2**53):
            raise ValueError("out of range")
    except (ValueError, OverflowError, OSError, binascii.Error) as why:
        raise CallRefused(422, "changes.bad_cursor", N_("同步位置读不出来，请从头同步一次；手机上的内容不受影响")) from why
    return cursor
