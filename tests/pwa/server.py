"""A real server for the phone's tests: a temporary home, the demo store, orders on standard input, answers on standard output.

One JSON object a line: {"sql": "...", "params": {}} runs a statement and answers its rows; {"backup": "name"} keeps the
database aside, {"restore": "name"} puts it back as an administrator would; {"back_up": true} makes a real backup, {"rebuild":
true} loses the machine with all it has and restores that backup on an empty one; {"poison": "command"} makes one command fail as
our own mistake would, {"cure": "command"} heals it; {"view": visit} answers the visit's rows as phones get them.
"""

import dataclasses
import json
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from sqlalchemy import select, text  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from migrations.run import upgrade  # noqa: E402
from tests.commands.backed_up import Shop  # noqa: E402
from webapp.commands import furnish  # noqa: E402
from webapp.commands.registry import COMMANDS  # noqa: E402
from webapp.foundation.clock import utc_now  # noqa: E402
from webapp.foundation.db import Database  # noqa: E402
from webapp.models import VISIT_TABLES, Visit  # noqa: E402


class Orders:
    """What a test may ask of the world around the phone."""

    def __init__(self, home: Path) -> None:
        self.shop = Shop(home)
        self.healthy = dict(COMMANDS)
        upgrade(self.database)
        furnish.renew_lists(self.database)
        furnish.seed_demo(self.database, utc_now())

    @property
    def home(self) -> Path:
        return self.shop.home

    @property
    def database(self) -> Database:
        return self.shop.house.database

    def answer(self, environ: Any, start: Any) -> Any:
        """The server that is there now."""
        return self.shop.app(environ, start)

    def back_up(self, _: bool) -> str:
        return self.shop.backs_up().output

    def rebuild(self, _: bool) -> str:
        self.shop.burns_down()
        done = self.shop.restores()
        assert done.exit_code == 0, done.output
        self.shop.reopens()
        return done.output

    def has(self, sha256: str) -> bool:
        return self.shop.house.photos.has(sha256)

    def sql(self, statement: str, params: dict[str, Any] | None = None) -> list[list[Any]]:
        with self.database.write() as db:
            if not statement.startswith("SELECT"):  # as somebody with the database's password: its guards are in their way
                for name in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                    db.execute(text(f"DROP TRIGGER {name}"))
            done = db.execute(text(statement), params or {})
            rows = [list(row) for row in done] if done.returns_rows else []
            db.commit()
        return rows

    def backup(self, name: str) -> None:
        self._copy(self.home / "clockwise.sqlite", self.home / name)

    def restore(self, name: str) -> None:
        self._copy(self.home / name, self.home / "clockwise.sqlite")

    def poison(self, command: str) -> None:
        def fails(*_: object) -> None:
            raise RuntimeError("poison")

        COMMANDS[command] = dataclasses.replace(COMMANDS[command], act=fails)

    def cure(self, command: str) -> None:
        COMMANDS[command] = self.healthy[command]

    def view(self, visit: str) -> list[dict[str, Any]]:
        with self.database.read() as db:
            rows = [db.get_one(Visit, visit)]
            for table in VISIT_TABLES:
                rows += db.scalars(select(table).where(table.visit_id == visit))
            return [{"table": row.__tablename__, "id": row.id, "data": row.wire()} for row in rows]

    def _copy(self, source: Path, goal: Path) -> None:
        from pysqlite3 import dbapi2

        self.database.engine.dispose()
        with dbapi2.connect(str(source)) as a, dbapi2.connect(str(goal)) as b:
            a.backup(b)


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="clockwise-phone-"))
    try:
        orders = Orders(home)
        server = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, orders.answer, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say(port=server.server_port)
        for line in filter(str.strip, sys.stdin):
            (name, argument), *rest = json.loads(line).items()
            done = getattr(orders, name)(argument, **dict(rest))
            _say(done=done)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
