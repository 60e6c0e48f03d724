"""Where a request stands: the house, the clock, who sits at the desk, and the store's own time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g

from webapp.commands.desk_session import DeskUser
from webapp.commands.house import House
from webapp.foundation.actor import Actor
from webapp.foundation.clock import utc_now


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def now() -> datetime:
    """The server's clock; tests put their own at app.extensions["clock"]."""
    clock: Any = current_app.extensions.get("clock", utc_now)
    moment: datetime = clock()
    return moment


def user() -> DeskUser:
    """Who sits at the desk; `guard` has let them in."""
    found: DeskUser = g.desk_user
    return found


def actor() -> Actor:
    return user().actor


def maybe_user() -> DeskUser | None:
    """Who sits at the desk, on pages that are open to all."""
    found: DeskUser | None = g.get("desk_user")
    return found


def zone() -> ZoneInfo:
    """The time zone that moments are shown in: the store's."""
    found: ZoneInfo = g.get("zone") or ZoneInfo(g.desk_user.time_zone if g.get("desk_user") else "Asia/Shanghai")
    return found
