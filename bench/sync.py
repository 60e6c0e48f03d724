"""A morning's work goes out over a bad road: 180 acts and 40 photos of 400 KB at 2 Mbit/s with 300 ms there and back."""

import base64
import io
import os
import tempfile
import time
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from bench.lane_house import MODULES, at_work, brings_modules
from bench.table import show
from tests.e2e.conftest import HouseAtWork
from tests.e2e.people.advisor import Advisor
from webapp.models import DamageMark, Photo

ACTS, PHOTOS, SIZE = 180, 40, 400_000
RATE, DELAY = 250_000, 0.15
WORK = MODULES + """
  for (const [n, jpeg] of given.jpegs.entries()) {
    const bytes = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))
    const subject = { kind: 'item', id: 'WA-DR-02' }
    await photo.add({ visit: given.visit, subject, bytes, mime: 'image/jpeg', width: 1024, height: 768 })
  }
  for (let n = 0; n < given.acts; n += 1) {
    await walk.recordDamage({ visit: given.visit, region: 'roof', kind: 'dent', size: 'small', x: n, y: 20 })
  }
}"""


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, at_work(Path(folder)) as (house, road, handset):
        advisor = Advisor(handset)
        advisor.signs_in()
        advisor.waits_for_the_app_to_be_kept()
        visit = advisor.receives()
        advisor.begins_the_walk()  # marks are refused before
        advisor.sees_synced()
        brings_modules(handset)
        road.cut()
        handset.page.evaluate(WORK, {"visit": visit, "acts": ACTS - PHOTOS, "jpegs": [_jpeg(n) for n in range(PHOTOS)]})
        sent, requests = road.sent, road.requests
        road.rate, road.delay = RATE, DELAY
        road.mend()
        began = time.perf_counter()
        handset.page.evaluate("dispatchEvent(new Event('online'))")
        _until_kept(house)
        wall = time.perf_counter() - began
        sent, requests = road.sent - sent, road.requests - requests
    ideal = sent / RATE
    show("180 acts (40 of them announce photos) and 40 photos over 2 Mbit/s, 300 ms", [
        ("sent", f"{sent / 1e6:.2f} MB, {ideal:.1f} s at the road's rate", "", None),
        ("until the server had all", f"{wall:.1f} s: {wall / ideal:.3f}×", "≤ 1.12×", wall / ideal <= 1.12),
        ("requests", str(requests), f"≤ {PHOTOS + 6}", requests <= PHOTOS + 6)])


def _until_kept(house: HouseAtWork) -> None:
    """The server has every mark and the bytes of every photo."""
    database, end = house.database, time.monotonic() + 240
    while time.monotonic() < end:
        with database.read() as db:
            marks = db.scalar(select(func.count()).select_from(DamageMark)) or 0
            photos = db.scalar(select(func.count()).select_from(Photo).where(Photo.state != "expected")) or 0
        if marks >= ACTS - PHOTOS and photos >= PHOTOS:
            database.engine.dispose()
            return
        time.sleep(0.1)
    raise SystemExit(f"after four minutes the server has {marks} marks and {photos} photos")


def _jpeg(seed: int) -> str:
    """A JPEG near SIZE bytes, each another."""
    noise = Image.frombytes("RGB", (512, 384), os.urandom(512 * 384 * 3)).resize((1024, 768))
    low, high, best = 20, 96, b""
    while low < high:
        quality = (low + high) // 2
        file = io.BytesIO()
        noise.save(file, "JPEG", quality=quality)
        best, low, high = (file.getvalue(), quality + 1, high) if file.tell() <= SIZE else (best, low, quality)
    return base64.b64encode(best).decode()
