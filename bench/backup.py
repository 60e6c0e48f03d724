"""A store of 2,000 visits and 40,000 photos is backed up, lost and restored, next to `cp -r` of the same folder.

CLOCKWISE_BENCH_SHARE=0.05 makes a twentieth of it. Needs about four times the photos' 3.2 GB on the disk of the temporary folder.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.table import show
from tests.commands.full_shop import a_full_shop

SHARE = float(os.environ.get("CLOCKWISE_BENCH_SHARE", "1"))
VISITS, PHOTOS, SIZE = int(2000 * SHARE), int(40_000 * SHARE), 80_000


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="clockwise-bench-") as name:
        folder = Path(name)
        shop = a_full_shop(folder / "shop", VISITS, PHOTOS, SIZE, disk=folder / "disk")
        shop.house.database.engine.dispose()
        size = sum(p.stat().st_size for p in shop.home.rglob("*") if p.is_file())
        copy = min(_seconds(lambda: _copied(shop.home, folder / "copy")) for _ in range(2))
        shutil.rmtree(folder / "copy")
        first = _seconds(lambda: shop.backs_up())
        again = _seconds(lambda: shop.backs_up())
        check = _seconds(lambda: _well(shop.flask("check-backup")))
        rows = shop.rows()
        shop.burns_down()
        back = _seconds(lambda: _well(shop.restores()))
        same = shop.rows() == rows
    show(f"Backup and restore: {VISITS} visits, {PHOTOS} photos, {size / 1e9:.2f} GB", [
        ("`cp -r` and `sync`", f"{copy:.1f} s, {size / copy / 1e6:.0f} MB/s", "", None),
        ("first backup", f"{first:.1f} s, {size / first / 1e6:.0f} MB/s: {first / copy:.2f}×", "≤ 3×", first <= 3 * copy),
        ("next backup, nothing new", f"{again:.1f} s", "", None),
        ("trial restore", f"{check:.1f} s", "", None),
        ("restore, everything compared", f"{back:.1f} s, {size / back / 1e6:.0f} MB/s: {back / copy:.2f}×", "≤ 3×, ≤ 10 min",
         back <= min(3 * copy, 600)),
        ("every row and photo as before", "yes" if same else "no", "yes", same)])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _copied(source: Path, goal: Path) -> None:
    shutil.rmtree(goal, ignore_errors=True)
    subprocess.run(["cp", "-r", source, goal], check=True)
    os.sync()


def _well(done: object) -> None:
    if getattr(done, "exit_code", 1):
        raise SystemExit(getattr(done, "output", "failed"))
