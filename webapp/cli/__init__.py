"""What whoever runs the server types: `flask …` (FLASK_APP is wsgi:app; bin/run sets it)."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from migrations.run import upgrade
from webapp.cli import backup, keys, retention, verify
from webapp.cli.keys import on_terminal
from webapp.cli.seal import seal
from webapp.commands import furnish, reference
from webapp.commands.house import House
from webapp.foundation.clock import utc_now
from webapp.foundation.refusal import Refusal

store = AppGroup("store", help="门店")


def register(app: Flask) -> None:
    """Adds the commands below to `flask`."""
    app.cli.add_command(prepare)
    app.cli.add_command(migrate)
    app.cli.add_command(seed_demo)
    app.cli.add_command(docs)
    app.cli.add_command(seal)
    app.cli.add_command(store)
    for command in (*backup.COMMANDS, *keys.COMMANDS, *retention.COMMANDS, *verify.COMMANDS):
        app.cli.add_command(command)


@click.command("prepare")
def prepare() -> None:
    """Before the server starts: tables, today's lists, and the demo store on an empty database."""
    _bring_up()
    furnish.seed_demo(_house().database, utc_now())


@click.command("migrate")
def migrate() -> None:
    """Brings the tables to this version and gives every store today's lists."""
    _bring_up()


@click.command("seed-demo")
def seed_demo() -> None:
    """The demo store, on an empty database only."""
    made = furnish.seed_demo(_house().database, utc_now())
    click.echo("演示门店已建好，工号 E005、E006 是服务顾问，密码 clockwise" if made else "数据库里已有门店，没有改动")


@click.command("docs")
@click.option("--check", is_flag=True, help="Only say whether they are fresh; exit 1 when not.")
def docs(check: bool) -> None:
    """Writes docs/commands.md and static/pwa/commands/catalog.js from the registry."""
    stale = reference.stale(_root())
    if check and stale:
        raise click.ClickException("须重新生成（flask docs）：" + "、".join(stale))
    if not check:
        reference.write(_root())


@store.command("create")
@click.option("--id", "number", prompt="门店编号", help="HZ01")
@click.option("--name", prompt="门店全称")
@click.option("--short-name", prompt="门店简称")
@click.option("--login", prompt="店主工号", help="E001")
@click.option("--owner", prompt="店主姓名")
@click.option("--password", prompt="店主密码", hide_input=True, confirmation_prompt="再输一遍密码")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True)
def create(number: str, name: str, short_name: str, login: str, owner: str, password: str, time_zone: str) -> None:
    """A real store with its owner. Ends the demo's sign-in."""
    try:
        furnish.create_store(_house().database, utc_now(), store=number, name=name, short_name=short_name, login=login,
                             owner=owner, password=password, time_zone=time_zone)
    except Refusal as no:
        raise click.ClickException(no.text % no.facts) from no
    click.echo(f"门店 {number.strip().upper()} 已建好，请用工号 {login.strip().upper()} 登录，再添加其他员工。演示账号已停用。")


def _bring_up() -> None:
    try:
        upgrade(_house().database)
    except OperationalError as why:
        raise click.ClickException(f"打不开数据库，请检查 DATABASE_URL：{why.orig}") from why
    furnish.renew_lists(_house().database)


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


def _root() -> Path:
    return Path(__file__).parents[2]


__all__ = ["on_terminal", "register"]
