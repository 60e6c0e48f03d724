"""A real server for the phone's tests: a temporary home, the demo store, orders on standard input, answers on standard output.

One JSON object a line: {"sql": "...", "params": {}} runs a statement and answers its rows; {"backup": "name"} keeps the
database aside, {"restore": "name"} puts it back as an administrator would; {"poison": "command"} makes one command fail as
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

from webapp.app import create_app  # noqa: E402
from webapp.commands import furnish  # noqa: E402
from webapp.commands.registry import COMMANDS  # noqa: E402
from webapp.foundation.clock import utc_now  # noqa: E402
from webapp.foundation.config import read_settings  # noqa: E402
from webapp.models import VISIT_TABLES, Base, Visit  # noqa: E402


class Orders:
    """What a test may ask of the world around the phone."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.app = create_app(read_settings({"CLOCKWISE_HOME": str(home), "CLOCKWISE_TESTING": "1"}))
        self.database = self.app.extensions["house"].database
        self.healthy = dict(COMMANDS)
        Base.metadata.create_all(self.database.engine)
        furnish.renew_lists(self.database)
        furnish.seed_demo(self.database, utc_now())

    def sql(self, statement: str, params: dict[str, Any] | None = None) -> list[list[Any]]:
        with self.database.write() as db:
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
        server = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, orders.app, threaded=True)
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
