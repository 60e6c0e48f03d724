"""Backups and their tests as they went: recorded with what went wrong in words, never silent."""

import errno
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.adapters.backup_folder import BackupFolder
from webapp.adapters.backup_key import BackupFault, BackupKey, load_key
from webapp.adapters.erase_journal import NAME, EraseJournal
from webapp.commands.backup import Made, Progress, backed_up, make_backup
from webapp.commands.erase import journal_of
from webapp.commands.house import House
from webapp.commands.restore import Lay, Proven, open_with, try_set
from webapp.foundation.clock import utc_now
from webapp.foundation.db import is_disk_full
from webapp.foundation.ids import new_id
from webapp.foundation.lock import Held
from webapp.foundation.refusal import N_
from webapp.models import BackupRun

T = TypeVar("T")
REMEMBERED = 300
GONE = {errno.ENOENT, errno.ENOTDIR, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENODEV, errno.ENXIO}


def quiet(_done: int, _of: int) -> None:
    """No progress shown."""


def run_backup(house: House, folder: Path, *, new: bool = False, progress: Progress = quiet) -> Made:
    """A backup, and what became of it. Raises BackupFault in words for everything that can go wrong."""
    began = utc_now()

    def work() -> Made:
        made = make_backup(house.settings, house.database, folder, the_key(house), began, new=new, progress=progress)
        house.door.record(backed_up(made.manifest))
        EraseJournal(folder / NAME).add(journal_of(house).read())  # what is erased stays erased, also in what is restored
        return made

    def facts(made: Made) -> dict[str, Any]:
        m = made.manifest
        return {"set": made.name, "files": m.files, "copied": made.copied,
                "bytes": made.bytes, "missing": len(m.missing), "damaged": len(m.damaged)}

    return _told(house, "backup", began, work, facts)


def run_check(house: House, folder: Path, lay: Lay, *, name: str | None = None, progress: Progress = quiet) -> Proven:
    """The test of a set: restored into a folder that is thrown away. Raises BackupFault in words."""
    began, chosen = utc_now(), [""]

    def work() -> Proven:
        opened = open_with(BackupFolder(folder), the_key(house), name)
        chosen[0] = opened.name
        return try_set(opened, house.settings.home, lay, progress)

    return _told(house, "check", began, work, lambda done: {"set": chosen[0], "rows": done.rows, "entries": done.entries,
                                                            "files": done.files})


def the_key(house: House) -> BackupKey:
    """Raises BackupFault while nobody has set backups up."""
    key = load_key(house.settings.home / "keys")
    if key is None:
        raise BackupFault(N_("还没有设置备份：请运行 flask backup --setup，定一个口令"))
    return key


def in_words(why: Exception) -> BackupFault:
    """What went wrong, as the owner can act on it."""
    if isinstance(why, BackupFault):
        return why
    if isinstance(why, Held):
        return BackupFault(N_("另一次备份正在进行，请等它做完"))
    if isinstance(why, SQLAlchemyError) and is_disk_full(why):
        return BackupFault(N_("服务器的硬盘满了，备份没有做成，请先腾出空间"))
    if isinstance(why, SQLAlchemyError):
        return BackupFault(N_("数据库暂时读不出来，稍后会自动再备份"))
    if isinstance(why, OSError) and why.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return BackupFault(N_("备份的磁盘满了，请腾出空间或换一个文件夹"))
    if isinstance(why, OSError) and why.errno in GONE:
        return BackupFault(N_("备份文件夹用不了（%(why)s），请检查磁盘和权限"), why=why.strerror or "")
    return BackupFault(N_("备份出错（%(why)s），请联系维护人员"), why=type(why).__name__)


def _told(house: House, kind: str, began: datetime, work: Callable[[], T], facts: Callable[[T], dict[str, Any]]) -> T:
    try:
        done = work()
    except Exception as why:
        told = in_words(why)
        if not isinstance(why, Held):
            with suppress(SQLAlchemyError):  # a full disk may keep this from being written too; then its age tells
                house.door.record(_note(kind, began, told.text, dict(told.facts)))
        raise told from why
    house.door.record(_note(kind, began, "", facts(done)))
    return done


def _note(kind: str, began: datetime, sentence: str, facts: dict[str, Any]) -> Callable[[Session, datetime], None]:
    def work(db: Session, now: datetime) -> None:
        db.add(BackupRun(id=new_id(), kind=kind, began_at=began, ended_at=utc_now(), sentence=sentence, facts=facts))
        db.flush()
        last = select(BackupRun.id).order_by(BackupRun.began_at.desc()).limit(REMEMBERED)
        db.execute(delete(BackupRun).where(BackupRun.id.not_in(last)))

    return work
