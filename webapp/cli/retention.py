"""`flask retention`, `flask export`, `flask export-store`: what was kept long enough goes, what is kept goes along."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.commands.house import House
from webapp.commands.maintenance import Chore
from webapp.commands.retention import is_due, run_retention
from webapp.foundation.clock import utc_now
from webapp.models import Store, Visit

WORDS = {"retention": "保存期满", "draft": "没有签字，满期"}


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@with_appcontext
def retention(dry_run: bool) -> None:
    """Erases the personal data of visits whose time is over; the server does it every day by itself."""
    report = run_retention(_house(), utc_now, dry_run)
    for one in report.due:
        click.echo(f"{one.store} {one.number} {WORDS[one.rule]}，最后一次处理 {one.since:%Y-%m-%d}")
    if dry_run:
        click.echo(f"到期 {len(report.due)} 次来店，冻结 {report.held} 次。没有删除任何东西。")
    else:
        click.echo(f"到期 {len(report.due)} 次来店，已删除 {report.erased} 次；冻结 {report.held} 次；旧日志 {report.logs} 条。")


@click.command("export")
@click.argument("number")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where the ZIP goes.")
@click.option("--reason", default="管理员在服务器上导出", help="For whom; it stands in the ledger.")
@with_appcontext
def export(number: str, folder: Path, reason: str) -> None:
    """One visit (its number JC-… or id) as a ZIP: papers, photos, the record, and how to check them."""
    from webapp.commands.arrival import server_actor
    from webapp.commands.export import ZipName, export_visit, note_export

    house = _house()
    with house.database.read() as db:
        found = list(db.scalars(select(Visit).where((Visit.number == number) | (Visit.id == number)).limit(2)))
    if len(found) != 1 or found[0].erased_at is not None:
        raise click.ClickException("没有这次来店，或个人信息已删除；请写接车单号（JC-…）或来店编号" if len(found) < 2 else
                                   "不止一家门店有这个单号，请写来店编号")
    visit = found[0]
    note_export(house, server_actor(house, visit.store_id), visit.id, reason)
    goal = folder / ZipName(visit.number, visit.id).text
    folder.mkdir(parents=True, exist_ok=True)
    with goal.open("xb") as file:
        for piece in export_visit(house, visit.store_id, visit.id):
            file.write(piece)
    click.echo(f"已导出到 {goal}。里面有客户的个人信息，请只交给该拿的人。")


@click.command("export-store")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--store", "store_id", help="Which store, where there are several.")
@with_appcontext
def export_store(folder: Path, store_id: str | None) -> None:
    """The whole store into an empty FOLDER: every table, photo and paper, public keys, and what the format means."""
    from webapp.commands.export_store import write_store

    house = _house()
    with house.database.read() as db:
        stores = list(db.scalars(select(Store.id).order_by(Store.id)))
    chosen = store_id or (stores[0] if len(stores) == 1 else "")
    if chosen not in stores:
        raise click.ClickException("请用 --store 写明门店：" + "、".join(stores))
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} 里已有文件，请换一个空文件夹")
    with click.progressbar(length=1, label="正在导出") as bar:
        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)
        rows, files = write_store(house, chosen, folder, progress)
    click.echo(f"已导出 {rows} 行、{files} 个文件到 {folder}。里面有客户的个人信息，请妥善保管。")


def chores(home: Path) -> tuple[Chore, ...]:
    """What the server does of this by itself."""
    def due(now: datetime) -> bool:
        return is_due(home, now)

    return (Chore(("retention",), due),)


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


COMMANDS: tuple[click.Command, ...] = (retention, export, export_store)
