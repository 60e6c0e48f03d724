"""`flask verify FILE`: does this paper still say what was signed?

Exit 0 OK, 1 TAMPERED, 2 INCOMPLETE, 3 UNKNOWN-KEY, 4 REDACTED.
"""

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.commands.house import House
from webapp.commands.proof.report import Finding, Report, Word
from webapp.commands.proof.words import place, sentences, verdict
from webapp.models import Store

HEAD = {"store": str, "index": int, "hash": str, "key_id": str, "sig": str}


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--head", "heads", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Heads that somebody kept, as JSON: one, or a list of them.")
@click.option("--root", "roots", multiple=True, help="The fingerprint of a root that you believe; else this house's own.")
@with_appcontext
def verify(file: Path, heads: Path | None, roots: tuple[str, ...]) -> None:
    """Checks a sealed PDF, a bundle or an exported ZIP, against this house's ledger too where it knows the store."""
    from webapp.commands.proof.file import Checker, pinned_roots  # what reads PDFs is heavy

    house: House = current_app.extensions["house"]
    checker = Checker(pinned_roots(house, roots), house, _heads(heads))
    reports = checker.check(file.read_bytes(), file.name)
    for report in reports:
        tell(report)
    raise SystemExit(int(overall(reports)))


@click.command("audit")
@click.option("--store", "chosen", help="One store only.")
@with_appcontext
def audit(chosen: str | None) -> None:
    """Walks ledger, rows, photos, sealed PDFs and heads of every store; exit codes as of verify."""
    from webapp.commands.proof.audit import Audit

    house: House = current_app.extensions["house"]
    with house.database.read() as db:
        stores = list(db.scalars(select(Store.id).order_by(Store.id)))
    if chosen and chosen not in stores:
        raise click.ClickException("没有这家门店，请用 --store 写：" + "、".join(stores))
    stores = [chosen] if chosen else stores
    work = Audit(house)
    with click.progressbar(length=sum(map(work.steps, stores)), label="正在核对") as bar:
        work.progress = bar.update
        reports = [work.store(store) for store in stores]
    for report in reports:
        tell(report)
    raise SystemExit(int(overall(reports)))


def overall(reports: list[Report]) -> Word:
    """The worst word of all, in the order of report.py."""
    whole = Report("")
    for report in reports:
        whole.findings += report.findings
    return whole.word


def tell(report: Report) -> None:
    """The verdict, then every finding under the place where it is, then what is good to know."""
    chinese, english = verdict(report.word)
    click.echo(f"{chinese}　{report.title}\n  {english}")
    where = ""
    for finding in report.findings:
        if (there := place(finding.facts)) != where and there:
            click.echo(f"  {there}")
        where = there or where
        _say(finding, "-")
    for note in report.notes:
        _say(note, "·")


def _say(finding: Finding, mark: str) -> None:
    chinese, english = sentences(finding)
    click.echo(f"   {mark} {chinese}\n     {english}")


def _heads(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as why:
        raise click.ClickException(f"{path} 不是 JSON") from why
    heads = told if isinstance(told, list) else [told]
    for head in heads:
        if not isinstance(head, dict) or any(type(head.get(name)) is not kind for name, kind in HEAD.items()):
            raise click.ClickException(f"{path} 里不是账本节点，要有 store、index、hash、key_id、sig")
    return [{name: head[name] for name in (*HEAD, "epoch") if name in head} for head in heads]


COMMANDS: tuple[click.Command, ...] = (verify, audit)
