"""How pages write moments, plates, sums and sentences."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_skeleton
from flask import Flask, request
from flask_babel import get_locale, gettext

from webapp.commands.permission import PAGES, ROLES
from webapp.commands.registry import COMMANDS
from webapp.domain.documents.pen import plate_shown
from webapp.foundation.clock import from_wire
from webapp.foundation.money import yuan
from webapp.foundation.refusal import N_
from webapp.queries.sentences import Moment
from webapp.queries.words import Say, Two
from webapp.web.here import maybe_user, now, zone
from webapp.web.markup import layer

DONE = {
    "act": N_("已记入这次来店的经过。"),
    "password": N_("密码已改，其他地方的登录已退出。"),
    "wipe": N_("已下令清除，手机下一次联系时执行。"),
    "revoked": N_("这部手机已停用。它没发出的内容仍会交给服务经理。"),
    "staff": N_("员工资料已更新。"),
}
NEV_THIRD = frozenset("ABCDEFGHJK")


def register(app: Flask) -> None:
    app.jinja_env.filters.update(clock=clock, day=day, moment=moment, since=since, plate=plate_shown, plate_class=plate_class,
                                 yuan=yuan, say=say, tell=tell, km=km, code8=code8)
    app.jinja_env.filters.update(roles=roles, mobile=mobile)
    app.jinja_env.globals.update(html_lang=html_lang, may=may, may_do=may_do, here_with=here_with, get_flashed=get_flashed,
                                 markup_layer=layer)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def say(text: str, facts: dict[str, Any] | None = None) -> str:
    """A sentence kept in Chinese, in the reader's language, with its facts; a missing fact leaves it as it is."""
    if not text:
        return ""
    words: str = gettext(text)
    try:
        return words % (facts or {}) if "%" in words else words
    except (KeyError, TypeError, ValueError):
        return words


def tell(what: Any) -> str:
    """A sentence put together by a query, or a word of the catalogue, in the reader's language and the store's time."""
    if isinstance(what, Say):
        return say(what.text, {name: tell(fact) for name, fact in what.facts.items()})
    if isinstance(what, Two):
        return what.en if html_lang() == "en" else what.zh
    if isinstance(what, Moment):
        try:
            return moment(from_wire(what))
        except ValueError:
            return str(what)
    if isinstance(what, list | tuple):
        return ("、" if html_lang() != "en" else ", ").join(tell(one) for one in what)
    return str(what)


def _(text: str, **facts: Any) -> str:
    return str(gettext(text, **facts))


def clock(at: datetime | None) -> str:
    """`14:00` in the store's time."""
    return at.astimezone(zone()).strftime("%H:%M") if at else ""


def day(at: datetime | date | None) -> str:
    """`11月23日周一`."""
    if at is None:
        return ""
    on = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return str(format_skeleton("MMMdEEE", on, locale=get_locale()))


def moment(at: datetime | None) -> str:
    """The hour when it is today's, else the day before it."""
    if at is None:
        return ""
    local, today = at.astimezone(zone()), now().astimezone(zone()).date()
    if local.date() == today:
        return clock(at)
    form = "MMMd" if local.year == today.year else "yMMMd"
    return f"{format_skeleton(form, local, locale=get_locale())} {clock(at)}"


def since(at: datetime | None) -> str:
    """How long ago, in the coarsest unit that is still true."""
    if at is None:
        return _("从未")
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return _("%(n)s 分钟前", n=minutes)
    if minutes < 24 * 60:
        return _("%(n)s 小时前", n=minutes // 60)
    return _("%(n)s 天前", n=minutes // 1440)


def plate_class(plate: str) -> str:
    """The colours of the plate: large new-energy, new-energy, none, or the blue of most."""
    if not plate:
        return "plate none"
    if len(plate) == 8 and plate[-1] in "DF":
        return "plate nev large"
    return "plate nev" if len(plate) == 8 and plate[2] in NEV_THIRD else "plate"


def roles(held: Any) -> str:
    """服务顾问、服务经理."""
    return "、".join(gettext(ROLES[role]) for role in ROLES if role in held)


def mobile(number: str) -> str:
    """164****2001: lists show no whole number (documents.md 1.3)."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"


def may(endpoint: str) -> bool:
    """Whether the person at the desk may open this page; links they may not use are not shown."""
    person = maybe_user()
    return person is not None and bool(person.actor.roles & PAGES.get(endpoint, frozenset()))


def may_do(command: str) -> bool:
    """Whether the person at the desk may send this command; the door asks again."""
    person = maybe_user()
    return person is not None and command in COMMANDS and bool(person.actor.roles & COMMANDS[command].roles)


def here_with(**changed: str) -> str:
    """The address of this page with one thing changed."""
    asked = {k: v for k, v in request.args.to_dict().items() if k not in ("done", "lang", "theme")}
    return f"{request.path}?{urlencode({**asked, **changed})}"


def get_flashed() -> list[str]:
    """What the form before this page came to, from its address: nothing is kept between pages."""
    done = request.args.get("done", "")
    return [gettext(DONE[done])] if done in DONE else []


def km(number: int | None) -> str:
    return "" if number is None else f"{number:,} km"


def code8(sha256: str) -> str:
    """The code people compare: `3F9A 07C2`."""
    return f"{sha256[:4]} {sha256[4:8]}".upper()


def html_lang() -> str:
    return "en" if str(get_locale()) == "en" else "zh-CN"
