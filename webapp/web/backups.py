"""`/backups`: how the backups stand, for the owner: the last, the last trial restore, and what failed, in words."""

from datetime import datetime, timedelta

from flask import Response, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Store
from webapp.queries.backups import backups
from webapp.web.desk import desk
from webapp.web.here import house, now
from webapp.web.responses import page

AGAIN = timedelta(minutes=1)


@desk.get("/backups", endpoint="backups")
def show_backups() -> Response:
    folder = house().settings.backup_folder
    with house().database.read() as db:
        told = backups(db)
    return page("backups/show.html", told=told, trouble=told.trouble(now()), folder=str(folder), set_up=_set_up(),
                same_disk=_same_disk())


def backups_need_a_look() -> bool:
    """Whether the menu marks the page: looked up once a minute, for it stands on every page of a manager."""
    asked: tuple[datetime, bool] | None = current_app.extensions.get("backups_asked")
    if asked is None or not timedelta(0) <= now() - asked[0] < AGAIN:
        with house().database.read() as db:
            asked = now(), backups(db).trouble(now()) if _set_up() else _real(db)
        current_app.extensions["backups_asked"] = asked
    return asked[1]


def _set_up() -> bool:
    return (house().settings.home / "keys/backup.json").exists()


def _real(db: Session) -> bool:
    """Whether there is a store that is no demo: it should be backed up."""
    return db.scalar(select(Store.id).where(~Store.demo).limit(1)) is not None


def _same_disk() -> bool:
    """Whether one broken disk would take both."""
    folder, home = house().settings.backup_folder, house().settings.home
    try:
        return folder.stat().st_dev == home.stat().st_dev
    except OSError:
        return False
