"""The owner sees how the backups stand: not set up, in order, or what failed, in words."""

from datetime import timedelta
from typing import Any

from flask import Flask

from tests.conftest import NOON, Clock
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import BackupRun

FULL = "备份的磁盘满了，请腾出空间或换一个文件夹"


def ran(database: Database, kind: str, at: Any, sentence: str = "", **facts: Any) -> None:
    with database.write() as db:
        db.add(BackupRun(id=new_id(), kind=kind, began_at=at, ended_at=at, sentence=sentence,
                         facts={"files": 12, "copied": 3, "entries": 40, "missing": 0, "damaged": 0} | facts))
        db.commit()


def set_up(app: Flask) -> None:
    (app.extensions["house"].settings.home / "keys/backup.json").write_text("{}")


def test_a_store_without_backups_is_told_so_on_every_page_of_its_manager(desk_of: Any) -> None:
    desk = desk_of("E002")

    assert "未设置备份" in desk.get("/backups").text and "flask backup --setup" in desk.get("/backups").text
    assert ">要看</b>" in desk.get("/staff").text


def test_in_order_says_when_and_what(app: Flask, database: Database, desk_of: Any) -> None:
    set_up(app)
    ran(database, "backup", NOON - timedelta(minutes=20))
    ran(database, "check", NOON - timedelta(days=2))

    page = desk_of("E002").get("/backups").text

    assert "备份正常" in page and "12 张照片和单据" in page and "40 条记录" in page
    assert ">要看</b>" not in page


def test_what_failed_is_said_until_it_works_again(app: Flask, database: Database, clock: Clock, desk_of: Any) -> None:
    set_up(app)
    ran(database, "backup", NOON - timedelta(minutes=90))
    ran(database, "backup", NOON - timedelta(minutes=30), FULL)
    desk = desk_of("E002")
    page = desk.get("/backups").text
    assert "备份要人看一下" in page and FULL in page and ">要看</b>" in page

    ran(database, "backup", NOON - timedelta(minutes=5))
    clock.forward(minutes=2)
    page = desk.get("/backups").text
    assert "备份正常" in page and FULL in page, "it stays in the list"


def test_a_backup_that_stopped_coming_is_noticed_although_nothing_failed(app: Flask, database: Database, clock: Clock,
                                                                         desk_of: Any) -> None:
    """A disk so full that the failure could not be written down either."""
    set_up(app)
    ran(database, "backup", NOON)
    clock.forward(minutes=29)
    assert "备份正常" in desk_of("E002").get("/backups").text, "control"

    clock.forward(hours=3)

    assert "备份要人看一下" in desk_of("E002").get("/backups").text


def test_photos_that_could_not_be_backed_up_are_counted(app: Flask, database: Database, desk_of: Any) -> None:
    set_up(app)
    ran(database, "backup", NOON, missing=2, damaged=1)

    assert "3 张照片没有备份进去" in desk_of("E002").get("/backups").text


def test_others_do_not_see_it(desk_of: Any) -> None:
    assert desk_of("E005").get("/backups").status_code == 403
