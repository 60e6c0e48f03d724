"""`/`: the cars of the day, live. The page asks every few seconds what changed; nothing changed is a 304.

What changed comes back row by row (hx-swap-oob), so that no hand is interrupted; static/desk/desk.js puts a row that is
not on the page yet at its place.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from webapp.foundation.canon import sha256_hex
from webapp.foundation.ids import is_id
from webapp.foundation.refusal import N_
from webapp.queries import devices
from webapp.queries.today import GROUPS, Asked, VisitRow, changed, hours, store_n, today, waiting
from webapp.web.desk import desk
from webapp.web.here import actor, house, now, zone
from webapp.web.responses import page, part

TEMPLATE = "desk/today.html"
GROUP_WORDS = {"walk": N_("待环检"), "sign": N_("待签字"), "work": N_("维修中"), "hand": N_("待交车"), "gone": N_("已离店")}
STATE_WORDS = {
    "arrived": N_("已到店，等环检"), "inspecting": N_("环检中"), "estimating": N_("开单中"),
    "awaiting_signature": N_("等客户签字"),
    "authorised": N_("维修中"), "internal_rework": N_("返工中"), "ready": N_("修好了，待交车"), "handover": N_("客户验车中"),
    "settling": N_("结算中"), "released": N_("已出厂"), "cancelled": N_("已取消"),
}
TONES = {"inspecting": "now", "estimating": "hold", "awaiting_signature": "hold", "authorised": "work", "internal_rework": "work",
         "ready": "ready", "handover": "now", "settling": "ready", "released": "done", "cancelled": "moved"}


@dataclass(frozen=True)
class Sheet:
    """The day as a strip: where a moment stands, in per cent, and its hours."""

    begin: datetime
    first: int
    last: int
    now: datetime
    is_today: bool

    @property
    def marks(self) -> range:
        return range(self.first, self.last)

    def x(self, at: datetime) -> float:
        """0 to 100; what lies outside the sheet stands at its edge."""
        span = (at - self.begin).total_seconds() / 3600 - self.first
        return round(min(max(span / (self.last - self.first), 0), 1) * 100, 2)

    def bar(self, begin: datetime, end: datetime | None) -> tuple[float, float]:
        """Left and width. Words as long as a state or another day's date get room; no bar is too thin to see."""
        least = 12 if end and self.x(end) < 100 else 28
        left = min(self.x(begin), 100 - least)
        return left, round(max(self.x(end or begin) - left, least), 2)

    def step(self) -> float:
        return 100 / (self.last - self.first)


@desk.get("/", endpoint="today")
def show_today() -> Response:
    asked = _asked()
    with house().database.read() as db:
        found = today(db, asked)
        facts = _around(db, asked) | {"sheet": _sheet(db, asked)}
    return page(TEMPLATE, block="list" if request.args.get("part") == "list" else None, asked=asked, today=found, **facts,
                etag=_etag(asked, found.n), days=(asked.on - timedelta(days=1), asked.on + timedelta(days=1)))


@desk.get("/changes")
def changes() -> Any:
    """Rows changed since the page was drawn, and the panels beside; 304 when there are none. Not activity."""
    asked = _asked()
    since = _since(request.headers.get("If-None-Match", ""), asked)
    with house().database.read() as db:
        n = store_n(db, asked.store)
        if since and since == (n, _minute(asked.now)):
            return Response(status=304, headers={"ETag": _etag(asked, n)})
        before, at = since or (n, _minute(asked.now))
        rows, gone = changed(db, asked, before, datetime.fromtimestamp(at * 60, UTC))
        found = today(db, asked) if before != n or rows else None
        facts = _around(db, asked) if found else {}
        sheet = _sheet(db, asked)
    body = "".join(part(TEMPLATE, "changed_row", row=row, sheet=sheet, asked=asked, **_words()) for row in rows)
    body += "".join(part(TEMPLATE, "gone_row", gone=i) for i in gone)
    if found:
        body += part(TEMPLATE, "panels", asked=asked, today=found, live=True, **facts)
    return Response(body, headers={"ETag": _etag(asked, n)})


def _around(db: Any, asked: Asked) -> dict[str, Any]:
    rows = waiting(db, asked)
    here = [r.id for r in rows]
    return {"todo": rows, "phones": devices.in_use(db, asked.store, here, asked.now - timedelta(hours=12)), **_words()}


def _words() -> dict[str, Any]:
    return {"groups": GROUP_WORDS, "states": STATE_WORDS, "tone": _tone}


def _tone(row: VisitRow) -> str:
    return "late" if row.late else TONES.get(row.state, "")


def _asked() -> Asked:
    """The address, read kindly: what it does not know is left out. Raises BadRequest for a broken page mark."""
    moment = now()
    group = request.args.get("group", "")
    return Asked(store=actor().store, zone=zone(), now=moment, on=_day(moment), group=group if group in GROUPS else "",
                 advisor=request.args.get("advisor", "")[:20], q=request.args.get("q", "").strip()[:40], after=_after())


def _day(moment: datetime) -> date:
    try:
        on = date.fromisoformat(request.args.get("day", ""))
        return on if 2000 <= on.year <= 2100 else moment.astimezone(zone()).date()
    except ValueError:
        return moment.astimezone(zone()).date()


def _after() -> tuple[datetime, str] | None:
    text, _, visit = request.args.get("after", "").partition("~")
    if not text:
        return None
    try:
        at = datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as why:
        raise BadRequest() from why
    if not is_id(visit):
        raise BadRequest()
    return at, visit


def _sheet(db: Any, asked: Asked) -> Sheet:
    first, last = hours(db, asked.store, asked.on)
    return Sheet(asked.begin, first, last, asked.now, asked.is_today)


def _etag(asked: Asked, n: int) -> str:
    return f'"{n}-{_minute(asked.now)}-{_shape(asked)}"'


def _since(etag: str, asked: Asked) -> tuple[int, int] | None:
    """The change number and minute that the page is as fresh as; None when it is another page's."""
    parts = etag.removeprefix("W/").strip('"').split("-")
    if len(parts) != 3 or parts[2] != _shape(asked) or not all(p.isdecimal() and len(p) < 16 for p in parts[:2]):
        return None
    n, minute = int(parts[0]), int(parts[1])
    return (n, minute) if minute <= _minute(asked.now) else None


def _shape(asked: Asked) -> str:
    return sha256_hex(f"{asked.store}|{asked.on}|{asked.group}|{asked.advisor}|{asked.q}".encode())[:12]


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)
