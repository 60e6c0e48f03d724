"""Starts the house: settings, tables, lists, the demo store on an empty database, keys, the address as QR code, the server.

bin/run calls this once everything is installed. With --lan phones on the same Wi-Fi are served by HTTPS.
"""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import qrcode
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from granian import Granian  # noqa: E402
from granian.constants import Interfaces  # noqa: E402

from migrations.run import upgrade  # noqa: E402
from webapp.adapters.keys import open_keys  # noqa: E402
from webapp.cli import on_terminal, retention  # noqa: E402
from webapp.cli.backup import chores  # noqa: E402
from webapp.commands import erase, furnish, start_check  # noqa: E402
from webapp.commands.maintenance import Maintenance  # noqa: E402
from webapp.commands.move_in import UNFINISHED  # noqa: E402
from webapp.foundation.clock import utc_now  # noqa: E402
from webapp.foundation.config import Settings, WrongSetting, read_settings  # noqa: E402
from webapp.foundation.db import Database  # noqa: E402
from webapp.foundation.lock import Held, held  # noqa: E402
from webapp.foundation.parent import announce  # noqa: E402
from webapp.models import Store  # noqa: E402
from webapp.queries.heads import were_given  # noqa: E402

THREADS = 8  # half of what the database's pool holds: a page may read in two sessions


def main(arguments: list[str]) -> None:
    if unknown := [word for word in arguments if word != "--lan"]:
        raise WrongSetting(f"不认识的参数：{' '.join(unknown)}。可用的只有 --lan")
    os.environ.pop("CLOCKWISE_DAMAGED", None)
    settings = read_settings()
    announce()
    with ExitStack() as house:
        demo = _prepare(settings, house)
        _serve(settings, demo, arguments)


def _serve(settings: Settings, demo: str | None, arguments: list[str]) -> None:
    if "--lan" in arguments:
        tls = _lan(settings)
    else:
        tls = {}
        _say(settings.public_url or f"http://localhost:{settings.port}")
    if demo:
        print(f"演示门店 {demo}：工号 E005（服务顾问）或 E002（服务经理），密码 {furnish.DEMO_PASSWORD}")
    elif not (settings.home / "keys/backup.json").exists():
        print("未设置备份：服务器坏了，门店的记录就没有了。请另开窗口运行 flask backup --setup")
    sys.stdout.flush()
    if not _damaged():  # a backup of it would push out a good one
        threading.Thread(target=_seal, daemon=True).start()
        Maintenance((*chores(settings), *retention.chores(settings.home)), ROOT, utc_now).start()
    Granian("wsgi:app", address="0.0.0.0", port=settings.port, interface=Interfaces.WSGI, workers=1,  # noqa: S104
            blocking_threads=THREADS, respawn_failed_workers=True, working_dir=ROOT, log_level="error", **tls).serve()  # type: ignore[arg-type]


def _seal() -> None:
    """Seals papers in a process of its own, so that it takes no page's turn; it ends when we do, and is started anew."""
    while True:
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi:app", "seal", "--watch"], cwd=ROOT, check=False,  # noqa: S603
                       stdin=subprocess.DEVNULL)
        time.sleep(5)


def _prepare(settings: Settings, house: ExitStack) -> str | None:
    """Tables, lists, demo store, keys; the home is ours alone until `house` ends. The id of the demo store while it is the
    only one."""
    try:
        house.enter_context(held(settings.home / "serving.lock", patience=5))
    except Held as why:
        raise WrongSetting(f"CLOCKWISE_HOME {settings.home} 里已有一个服务器在运行，请先停下它") from why
    except OSError as why:
        raise WrongSetting(f"CLOCKWISE_HOME {settings.home} 建不了文件夹：{why.strerror}") from why
    _free_port(settings.port)  # now that whoever worked here before has let go of it
    if (settings.home / UNFINISHED).exists():
        raise WrongSetting("上次恢复备份没有做完，数据还不齐。请再运行一次 flask restore 文件夹 --over")
    try:
        database = Database(settings.database_url)
        if _is_damaged(settings, start_check.broken_file(database)):
            return None
        upgrade(database)
        if _is_damaged(settings, start_check.broken_ledger(database)):
            return None
        furnish.renew_lists(database)
        furnish.seed_demo(database, utc_now())
        furnish.renew_demo(database, utc_now())
        with database.read() as db:
            stores = db.scalars(select(Store)).all()
        open_keys(settings.home / "keys", utc_now(), on_terminal(), lambda: were_given(database), anew=settings.new_keys)
        _erase_again(settings, database)
        database.engine.dispose()
    except DBAPIError as why:
        raise WrongSetting(f"数据库打不开，请检查 DATABASE_URL（{_where(settings)}）：{why.orig}") from why
    return stores[0].id if len(stores) == 1 and stores[0].demo else None


def _is_damaged(settings: Settings, why: str | None) -> bool:
    """Says on the terminal what the start check found, and to everybody we start that nothing may be written."""
    if why is None:
        return False
    os.environ["CLOCKWISE_DAMAGED"] = "1"
    print(f"数据库已损坏（{_where(settings)}）：{why}\n"
          "现在只能查看，不再写入任何东西；手机上的内容会留在手机上，等恢复后自动补发。\n"
          "请停下服务器，用最近的备份恢复：flask restore 备份文件夹 --over", file=sys.stderr, flush=True)
    return True


def _damaged() -> bool:
    return os.environ.get("CLOCKWISE_DAMAGED") == "1"


def _lan(settings: Settings) -> dict[str, Path]:
    """A certificate for this machine's addresses, and the page on the next port that tells phones how to trust it."""
    from werkzeug.serving import make_server

    from webapp.adapters.local_ca import lan_addresses, local_ca
    from webapp.web.trust import trust_app

    addresses = lan_addresses()
    if not addresses:
        raise WrongSetting("没有找到局域网地址，请先连上 Wi-Fi 或网线，再运行 bin/run --lan")
    os.environ.setdefault("PUBLIC_URL", f"https://{addresses[0]}:{settings.port}")
    ca = local_ca(settings.home / "lan", addresses, utc_now())
    page = trust_app(ca, os.environ["PUBLIC_URL"].rstrip("/") + "/lane/")
    _free_port(settings.port + 1)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("0.0.0.0", settings.port + 1, page, threaded=True)  # noqa: S104
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _say(f"http://{addresses[0]}:{settings.port + 1}", "手机先扫这个码，按页面装一次证书")
    print(f"装好证书后打开 {os.environ['PUBLIC_URL']}/lane/")
    return {"ssl_cert": ca.leaf_cert, "ssl_key": ca.leaf_key}


def _say(address: str, why: str = "顺时针已启动") -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(address)
    code.print_ascii(invert=True)
    print(f"{why}：{address}")


def _free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104
        except OSError as why:
            raise WrongSetting(f"端口 {port} 用不了（{why.strerror}），请换一个：PORT={port + 100} bin/run") from why


def _erase_again(settings: Settings, database: Database) -> None:
    """A restored backup is older than what was lawfully erased since: that goes again before anybody can see it (T21)."""
    if not erase.unerased(settings.home, database):
        return
    from webapp.app import create_app

    house = create_app(settings).extensions["house"]
    print(f"恢复的备份里有 {erase.erase_again(house)} 次来店的个人信息早已删除，现在已再次删除")
    house.database.engine.dispose()


def _where(settings: Settings) -> str:
    return settings.database_url.rpartition("@")[2]  # never a password on the screen


if __name__ == "__main__":
    main(sys.argv[1:])
