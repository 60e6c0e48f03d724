"""`flask backup`, `flask restore`, `flask check-backup`: what protects against a lost server."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext

from migrations.run import upgrade
from webapp.adapters.backup_folder import BackupFolder, name_of
from webapp.adapters.backup_key import SHORTEST, BackupFault, change_passphrase, load_key, make_key, save_key
from webapp.adapters.erase_journal import NAME, EraseJournal
from webapp.commands.backup import Progress
from webapp.commands.backup_runs import in_words, quiet, run_backup, run_check
from webapp.commands.erase import journal_of
from webapp.commands.house import House
from webapp.commands.maintenance import Chore
from webapp.commands.move_in import beside, leave, move_in, occupied
from webapp.commands.restore import Opened, Proven, begin_epoch, open_set, prove, scratch_folder
from webapp.foundation.clock import utc_now
from webapp.foundation.config import Settings
from webapp.foundation.db import Database
from webapp.foundation.lock import Held, held
from webapp.queries.backups import Backups, backups

PASSPHRASE = click.option("--passphrase-file", type=click.File("r", encoding="utf-8"),
                          help="Read the passphrase from this file (- is standard input) instead of asking.")


@click.command("backup")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--setup", is_flag=True, help="Choose the passphrase; then the first backup.")
@PASSPHRASE
@with_appcontext
def backup(folder: Path | None, setup: bool, passphrase_file: TextIO | None) -> None:
    """Database, photos, papers and keys into FOLDER (BACKUP_FOLDER by default), encrypted. Needs no passphrase once set up."""
    house = _house()
    goal = (folder or house.settings.backup_folder).absolute()
    with _in_words():
        if setup:
            _set_up(house, goal, _passphrase(passphrase_file, new=True))
        with _bar("正在备份照片和单据") as progress:
            made = run_backup(house, goal, new=folder is not None or goal.is_relative_to(house.settings.home), progress=progress)
    m = made.manifest
    click.echo(f"备份 {made.name} 已完成，在 {goal}：照片和单据 {m.files} 份，这次新拷 {made.copied} 份")
    if m.missing or m.damaged:
        click.echo(f"注意：服务器上少了 {len(m.missing)} 张照片，坏了 {len(m.damaged)} 张，手机上的会保留着", err=True)


@click.command("check-backup")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--set", "name", help="Another set than the newest.")
@with_appcontext
def check_backup(folder: Path | None, name: str | None) -> None:
    """Restores the newest set of FOLDER into a folder that is thrown away, and compares everything."""
    house = _house()
    with _in_words(), _bar("正在核对照片和单据") as progress:
        done = run_check(house, (folder or house.settings.backup_folder).absolute(), lay, name=name, progress=progress)
    click.echo(f"备份完好：{_said(done)}")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--set", "name", help="Another set than the newest.")
@click.option("--over", is_flag=True, help="Even where a store works already; what is there is kept aside.")
@PASSPHRASE
@with_appcontext
def restore(folder: Path, name: str | None, over: bool, passphrase_file: TextIO | None) -> None:
    """Brings the newest set of FOLDER back. Everything is verified before anything is touched; stop the server first."""
    house = _house()
    with _in_words(), ExitStack() as locks:
        _alone(house, locks)
        if not over and occupied(house.settings, house.database):
            raise BackupFault("%(home)s 里已有门店的数据，没有改动。确定要恢复请加 --over，现有数据会挪到旁边保留",
                              home=str(house.settings.home))
        opened = open_set(folder.absolute(), _passphrase(passphrase_file, new=False), name)
        with _bar("正在恢复并核对照片和单据") as progress:
            done, aside = bring_back(house, opened, progress)
    click.echo(f"已恢复备份 {opened.name}：{_said(done)}。")
    click.echo("手机下次联网会自动补发这份备份之后的记录；被要求登录的手机请用原来的工号登录。")
    if aside.exists():
        click.echo(f"原来的数据在 {aside}，确认无误后可以删除。")


def bring_back(house: House, opened: Opened, progress: Progress) -> tuple[Proven, Path]:
    """Proves the set beside the house, gives the stores a new epoch, and lets it move in. Raises BackupFault, OSError."""
    now = utc_now()
    stamp = name_of(now)
    with scratch_folder(house.settings.home, ".restoring") as scratch:
        try:
            with beside(house.settings, scratch, stamp) as database:
                done = prove(opened, scratch, database, lay, keep=True, progress=progress)
                begin_epoch(database, opened.folder.path, now)
        except BaseException:
            leave(house.settings, stamp)
            raise
        aside = move_in(house.settings, house.database, scratch, stamp)
    journal_of(house).add(EraseJournal(opened.folder.path / NAME).read())  # the house erases again before it opens
    return done, aside


def lay(database: Database, step: str) -> None:
    """Tables up to this step. Raises LookupError for a step that this version does not know."""
    try:
        upgrade(database, step)
    except CommandError as why:
        raise LookupError(step) from why


def _set_up(house: House, goal: Path, passphrase: str) -> None:
    """A first key, or the one that is there under a new passphrase: what was backed up stays readable."""
    keys = house.settings.home / "keys"
    known = load_key(keys)
    key = change_passphrase(known, passphrase) if known else make_key(passphrase)
    save_key(keys, key)
    BackupFolder(goal).prepare(key, new=True)
    click.echo("口令已设好。请抄下来收在别处：没有它，谁也恢复不了备份。")


def _passphrase(file: TextIO | None, new: bool) -> str:
    if file is not None:
        words = file.read().rstrip("\r\n")
    else:
        words = click.prompt("备份口令", hide_input=True, confirmation_prompt="再输一遍口令" if new else False)
    if new and len(words) < SHORTEST:
        raise BackupFault("口令太短，请至少用 %(n)s 个字符，例如四个不相干的词", n=SHORTEST)
    return str(words)


def _alone(house: House, locks: ExitStack) -> None:
    try:
        locks.enter_context(held(house.settings.home / "serving.lock"))
    except Held as why:
        raise BackupFault("服务器还在运行，请先停下（在 bin/run 的窗口按 Ctrl+C），再恢复") from why
    locks.enter_context(held(house.settings.home / "backup.lock"))


def _said(done: Proven) -> str:
    return f"数据 {done.rows} 行，账本 {done.entries} 条逐条核对，照片和单据 {done.files} 份（{done.bytes / 1e6:.0f} MB）"


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except click.ClickException:
        raise
    except Exception as why:
        told = in_words(why)
        raise click.ClickException(told.text % told.facts) from why


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar on a terminal; a chore of the server runs at low priority and shows nothing."""
    if os.environ.get("CLOCKWISE_CHORE"):
        os.nice(10)
        yield quiet
        return
    bars: list[click._termui_impl.ProgressBar[int]] = []

    def progress(done: int, of: int) -> None:
        if not bars or bars[-1].length != of or done < bars[-1].pos:
            bars.append(click.progressbar(length=of, label=label))
        bars[-1].update(done - bars[-1].pos)

    yield progress
    for bar in bars:
        bar.render_finish()


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


def chores(settings: Settings) -> tuple[Chore, ...]:
    """What the server does by itself: a backup every hour, a trial restore every week, once a passphrase is set."""
    database = Database(settings.database_url)

    def due(look: Callable[[Backups, datetime], bool]) -> Callable[[datetime], bool]:
        def is_due(now: datetime) -> bool:
            if not (settings.home / "keys/backup.json").exists():
                return False
            with database.read() as db:
                return look(backups(db), now)

        return is_due

    return Chore(("backup",), due(Backups.backup_due)), Chore(("check-backup",), due(Backups.check_due))


COMMANDS: tuple[click.Command, ...] = (backup, check_backup, restore)
