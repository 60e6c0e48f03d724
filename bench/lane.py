"""The lane on a slow phone: Chromium with its page's processor four times slower, the demo store, the full list of a booked car.

Chromium slows the page's thread alone: decoding and encoding of pictures, and the disk, keep this machine's speed. What the
driver of the browser asks of the page is slowed with it, so nothing is asked while a tap is being kept or the app starts: a thumb
asks nothing either.
"""

import base64
import io
import os
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page

from bench.lane_house import MODULES, at_work, brings_modules, throttled
from bench.table import percentile, show
from tests.e2e.handset import Handset
from tests.e2e.people.advisor import Advisor

WATCH = """() => {
  window.paints = []; window.durable = []; let tapped = 0
  addEventListener('click', (event) => { tapped = event.timeStamp }, true)
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.name === 'click') paints.push(one.duration) })
    .observe({ type: 'event', durationThreshold: 16 })
  const begin = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (names, mode, ...rest) {
    const tx = begin.call(this, names, mode, ...rest)
    if (mode === 'readwrite' && String(names) === 'meta,acts' && tapped) { // what keepAct opens; the sender opens more
      const from = tapped; tapped = 0
      tx.addEventListener('complete', () => durable.push(performance.now() - from))
    }
    return tx
  }
}"""
ADD = MODULES + """
  const bytes = Uint8Array.from(atob(given.jpeg), (c) => c.charCodeAt(0))
  const times = []
  for (let n = 0; n < given.count; n += 1) {
    const from = performance.now()
    const made = await picture.makePicture(new File([bytes], 'a.jpg', { type: 'image/jpeg' }))
    await photo.add({ visit: given.visit, subject: { kind: 'item', id: given.item }, ...made })
    times.push(performance.now() - from)
  }
  return times
}"""

# Written into every page before the app: when the first item that can be answered stands in it, looked at once per frame.
SEEN = """const look = () => {
  if (document.querySelector('section.zone .item')) window.seen = performance.now()
  else requestAnimationFrame(look)
}
requestAnimationFrame(look)"""
PRESS, REST, START = 0.08, 400, 4000  # how long a thumb rests on the glass (s), and leaves the phone alone afterwards (ms)


class Thumb(Advisor):
    """Taps as a thumb does: down, a moment on the glass, up, and nothing for a while."""

    def tap(self, target: Locator) -> None:
        if not self.slow:
            super().tap(target)
            return
        target.click(trial=True)  # in sight and not covered
        box = target.bounding_box()
        assert box
        at = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}]
        self.slow.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
        time.sleep(PRESS)
        self.slow.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(REST)
        self.taps[self.place] += 1

    slow: CDPSession | None = None


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, at_work(Path(folder)) as (_, road, handset):
        advisor = Thumb(handset)
        advisor.signs_in()
        advisor.waits_for_the_app_to_be_kept()
        visit = advisor.receives()
        advisor.sees_synced()
        road.cut()  # as in the lane: what is measured is the phone, not what it sends meanwhile
        show("The camera with a processor four times slower", _photographs(handset, visit))
        show("The full list with a processor four times slower", _answers(advisor))
        show("Opening offline with a processor four times slower", _opens_offline(handset, visit))


def _photographs(handset: Handset, visit: str) -> list[tuple[str, str, str, bool | None]]:
    """Sixty photos for the list to carry, then pictures of 12 megapixels on the slow phone."""
    item = "WA-DR-02"
    given = {"visit": visit, "item": item, "count": 60, "jpeg": _jpeg(1600, 1200)}
    brings_modules(handset)
    handset.page.evaluate(ADD, given)
    session = throttled(handset)
    times = handset.page.evaluate(ADD, {**given, "count": 12, "jpeg": _jpeg(4000, 3000)})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    p95 = percentile(times, 0.95) / 1000
    return [("12 MP JPEG → verified on the phone, p95 of 12", f"{p95:.2f} s", "≤ 1.5 s", p95 <= 1.5)]


def _answers(advisor: Thumb) -> list[tuple[str, str, str, bool | None]]:
    page = advisor.page
    page.evaluate(WATCH)
    advisor.slow = session = throttled(advisor.phone)
    before = _heap(session)
    advisor.walks_round(mode="全面")
    advisor.slow = None
    grown = _heap(session) - before
    page.wait_for_timeout(500)
    paints, durable = page.evaluate("[paints, durable]")
    session.detach()
    kept, painted, middle = percentile(durable, 0.95), percentile(paints, 0.95), percentile(durable, 0.5)
    return [(f"tap → act durable, p95 of {len(durable)}", f"{kept:.0f} ms, median {middle:.0f} ms", "≤ 50 ms", kept <= 50),
            (f"full list with 72 photos: event → next paint, p95 of {len(paints)} (under 16 ms not counted)", f"{painted:.0f} ms",
             "≤ 100 ms", painted <= 100),
            ("JS heap, grown over the full list", f"{grown:.1f} MB", "≤ 60 MB", grown <= 60)]


def _opens_offline(handset: Handset, visit: str) -> list[tuple[str, str, str, bool | None]]:
    """The browser is started again without a network: from the address to the first item that can be answered."""
    handset.page.wait_for_timeout(2000)
    times = []
    for _ in range(5):
        handset.close()
        handset.open().add_init_script(SEEN)
        throttled(handset)
        times.append(_until_item(handset.page, visit))
    slowest, median = max(times), percentile(times, 0.5)
    return [("offline cold start to usable checklist, slowest of 5", f"{slowest:.2f} s, median {median:.2f} s", "≤ 1.0 s",
             slowest <= 1.0)]


def _until_item(page: Page, visit: str) -> float:
    page.goto(f"/lane/#/v/{visit}/walk", wait_until="commit")
    page.wait_for_timeout(START)
    return float(page.evaluate("window.seen")) / 1000


def _heap(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 1e6


def _jpeg(width: int, height: int) -> str:
    """A picture with as much in it as a photo: noise, blown up."""
    small = Image.frombytes("RGB", (width // 8, height // 8), os.urandom(width // 8 * (height // 8) * 3))
    file = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=88)
    return base64.b64encode(file.getvalue()).decode()
