"""A server with the demo store, a road and a phone, as the browser tests have them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import CDPSession, sync_playwright

from bench.desk import furnished
from tests.e2e.conftest import HouseAtWork, _free_port
from tests.e2e.handset import Handset
from tests.e2e.link import Link


@contextmanager
def at_work(folder: Path) -> Iterator[tuple[HouseAtWork, Link, Handset]]:
    home = folder / "home"
    furnished(home).engine.dispose()
    house = HouseAtWork(home, _free_port())
    house.start()
    road = Link(house.port).start()
    try:
        with sync_playwright() as playwright:
            handset = Handset(playwright, f"http://localhost:{road.address}", folder / "phone", folder / "shots")
            handset.context.set_default_timeout(30_000)
            try:
                yield house, road, handset
            finally:
                handset.close()
    finally:
        road.stop()
        house.stop()


def throttled(handset: Handset, times: float = 4) -> CDPSession:
    """The page's processor made slower, as of a phone of some years ago."""
    session = handset.context.new_cdp_session(handset.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    return session


# The head of a function for the page: the app's own modules, at work for whoever is signed in there.
MODULES = """async (given) => {
  const at = (path) => import(`/static/pwa/${path}.js`)
  const [picture, photo, walk, house, enrol] = await Promise.all(
    ['lib/picture', 'commands/photo', 'commands/walkaround', 'commands/here', 'outbox/enrol'].map(at))
  house.useStore(window.ours ??= await enrol.comeBack(await enrol.whoIsHere()))
"""
