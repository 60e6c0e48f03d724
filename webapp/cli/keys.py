"""`flask keys`, `flask heads`: what whoever compares by eye, or audits, wants to see."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from webapp.adapters.keys import Show, renew
from webapp.commands.house import House
from webapp.foundation.clock import utc_now
from webapp.models import Device, Store
from webapp.queries.heads import Witness, witnessed

keys = AppGroup("keys", help="密钥")


def on_terminal() -> Show | None:
    """How to show the passphrase of new keys: on a terminal, once. Anything else (a log, a pipe) would keep it."""
    return _show_passphrase if sys.stdout.isatty() else None


@keys.command("show")
def show_keys() -> None:
    """The fingerprint to compare with papers and phones, and how long the certificates last."""
    known = _house().keys
    head, seal = known.head.certificate, known.seal_certificate
    click.echo(f"根证书指纹 {known.root_fingerprint}")
    click.echo(f"账本签名密钥 {known.head.key_id}，证书到 {head.not_valid_after_utc:%Y-%m-%d}")
    click.echo(f"单据签章证书 {seal.subject.rfc4514_string()}，到 {seal.not_valid_after_utc:%Y-%m-%d}")
    click.echo(f"恢复文件 {known.folder / 'root-recovery.pem'}" if known.recoverable else "这台机器上没有根密钥的恢复文件")


@keys.command("renew")
@click.option("--words", prompt="恢复口令", hide_input=True)
def renew_keys(words: str) -> None:
    """New certificates for the same keys, before the old ones end; root-recovery.pem must lie in the folder again."""
    renew(_house().keys.folder, words.strip().upper(), utc_now())
    click.echo("证书已续三年，密钥没有换，手机不会有提示。重新启动服务器后生效。")


@click.command("heads")
@with_appcontext
def heads() -> None:
    """Heads of the ledger that came back from phones, against the ledger of now. Exit 1 when one differs."""
    house, wrong = _house(), 0
    with house.database.read() as db:
        for store in db.scalars(select(Store.id).order_by(Store.id)).all():
            phones = witnessed(db, store)
            names = dict(db.execute(select(Device.id, Device.name).where(Device.store_id == store)).all())
            click.echo(f"门店 {store}：{len(phones)} 部手机交回 {sum(map(len, phones.values()))} 个账本节点")
            for device, held in phones.items():
                wrong += sum(head.state == "differ" for head in held)
                click.echo(_line(names.get(device, device), held))
    sys.exit(1 if wrong else 0)


def _line(phone: str, held: list[Witness]) -> str:
    text = f"  {phone}：第 {held[0].index} 到 {held[-1].index} 条，{len(held)} 个"
    for state, words in (("differ", "不一致"), ("taken_back", "在恢复备份时退掉了")):
        places = [f"第 {head.index} 条（{head.hash[:8]}）" for head in held if head.state == state]
        if places:
            text += f"，{len(places)} 个{words}：{'、'.join(places)}"
    return text if any(head.state != "agree" for head in held) else text + "，都一致"


def _show_passphrase(words: str) -> None:
    click.echo(f"已生成本店密钥。根密钥的恢复口令只显示这一次，请抄下来，与 keys/root-recovery.pem 分开保存：\n\n    {words}\n")


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


COMMANDS = (keys, heads)
