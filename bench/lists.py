"""The day at the desk with a thousand and with a million visits behind it: the same day, the same cars, other years.

Both databases have the same 40 cars of the day and 12 still here from before; only the released ones of past days differ.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from bench.desk import app_in, furnished, signed_in
from bench.table import show
from webapp.foundation.clock import utc_now
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Visit
from webapp.queries.today import Asked, today

SIZES = (1_000, 1_000_000)
OF_DAY, STILL_HERE = 40, 12
CHUNK = 20_000
# The file is scratch: while it is filled nothing needs to survive a power cut.
FILLING = ("journal_mode=DELETE", "journal_mode=OFF", "synchronous=OFF", "secure_delete=OFF", "cache_size=-400000")
ROUNDS = 60


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows, asks = [], []
        for size in SIZES:
            home = Path(folder) / str(size)
            began = time.perf_counter()
            _fill(furnished(home), size)
            rows.append((f"made a database with {size:,} visits", f"{time.perf_counter() - began:.1f} s", "< 60 s", None))
            asks.append(_ways(home))
        rows[-1] = (*rows[-1][:3], time.perf_counter() - began < 60)
        for what in asks[0]:
            small, large = _in_turn(asks[0][what], asks[1][what])
            text = f"{1000 * small:.2f} ms, {1000 * large:.2f} ms: {large / small:.2f}×"
            rows.append((f"{what}, 1,000 and 1,000,000 visits", text, "≤ 1.3×", large / small <= 1.3))
    show("List of today's visits (SQLite, medians, asked in turn)", rows)


def _fill(database: Database, size: int) -> None:
    with database.read() as db:
        rows = list(_visits(size - (db.scalar(select(func.count()).select_from(Visit)) or 0)))[::-1]
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        for pragma in FILLING:
            raw.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
        for at in range(0, len(rows), CHUNK):
            connection.execute(insert(Visit.__table__), rows[at:at + CHUNK])  # type: ignore[arg-type]
        connection.commit()
    database.engine.dispose()


def _visits(count: int) -> Iterator[dict[str, Any]]:
    """Newest first: the day's, those still here, then released ones, 60 a day into the past."""
    now = utc_now()
    for n in range(count):
        day, nth = divmod(max(n - OF_DAY - STILL_HERE, 0), 60)
        past = n >= OF_DAY
        state = "released" if n >= OF_DAY + STILL_HERE else "authorised" if past else ("arrived", "inspecting", "ready")[n % 3]
        arrived = now - timedelta(days=day + 1, minutes=nth) if past else _morning(now) + timedelta(seconds=n)
        yield {"id": new_id(), "store_id": "YF01", "state": state, "advisor": f"E00{5 + n % 2}", "plate": f"浙Z{n % 100000:05}",
               "powertrain": "fuel", "body": "saloon", "customer_name": "赵样例", "mobile": "16400002001", "sender": "owner",
               "notice_version": "2026-11-01", "arrived_at": arrived, "promised_at": arrived + timedelta(hours=4),
               "released_at": arrived + timedelta(hours=5) if state == "released" else None, "touched_at": arrived,
               "change_no": 0, "deleted": False, "revisions": {}, "signed": {}, "said": {}}


def _morning(now: datetime) -> datetime:
    return now.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=1)


def _ways(home: Path) -> dict[str, Callable[[], None]]:
    """The two ways to ask: the query alone, and the whole page as the browser of somebody signed in gets it."""
    app = app_in(home)
    client, database = signed_in(app), app.extensions["house"].database

    def query() -> None:
        zone, now = ZoneInfo("Asia/Shanghai"), utc_now()
        with database.read() as db:
            found = today(db, Asked("YF01", zone, now.astimezone(zone).date(), now))
        assert len(found.rows) == 50, len(found.rows)

    def page() -> None:
        assert client.get("/").status_code == 200

    return {"query": query, "page": page}


def _in_turn(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """Medians of both, asked one after the other, so that the machine's moods meet both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for round in range(ROUNDS + 5):
        for ask, kept in zip((one, other), times, strict=True):
            began = time.perf_counter()
            ask()
            if round >= 5:
                kept.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])
