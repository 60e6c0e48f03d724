"""`flask seal`: seals signed documents by hand or by cron; with --watch it is the server's own worker."""

import click
from flask import current_app

from webapp.commands.house import House
from webapp.foundation.clock import utc_now
from webapp.foundation.lock import Held


@click.command("seal")
@click.option("--watch", is_flag=True, help="Go on until the process that started this ends. bin/run does it.")
def seal(watch: bool) -> None:
    """Seals what is to be sealed now; the server does it by itself."""
    from webapp.commands import seal_worker  # what seals is heavy, and the process that serves pages never needs it

    house: House = current_app.extensions["house"]
    if watch:
        return seal_worker.until_parent_ends(house, utc_now)
    try:
        tally = seal_worker.once(house, utc_now)
    except Held as why:
        raise click.ClickException("另一个进程正在封存（bin/run 开着时它自己会做），不用再来一次") from why
    click.echo(f"封存 {tally.sealed} 份，等照片 {tally.waiting} 份，与校验码不符 {tally.altered} 份，没有做成 {tally.failed} 份")
    if tally.altered or tally.failed:
        raise SystemExit(1)
    return None
