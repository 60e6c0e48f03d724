"""A server with the demo store, a road and a phone, as the browser tests have them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import CDPSession, sync_playwright

from bench.desk import furnished
from tests.e2e.conftest import ROOT, HouseAtWork, _free_port
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
  const { picture, photo, walk, house, enrol } = window.bench
  house.useStore(window.ours ??= await enrol.comeBack(await enrol.whoIsHere()))
"""
_NAMES = {"picture": "lib/picture", "photo": "commands/photo", "walk": "commands/walkaround", "house": "commands/here",
          "enrol": "outbox/enrol"}


def brings_modules(handset: Handset) -> None:
    """Puts the app's modules into the page as `window.bench`; the built app shows none of its own."""
    entry = "".join(f"export * as {name} from './static/pwa/{path}.js';" for name, path in _NAMES.items())
    command = [str(ROOT / "node_modules/.bin/esbuild"), "--bundle", "--format=iife", "--global-name=bench", "--charset=utf8",
               "--define:__MARKS__={}"]
    built = subprocess.run(command, input=entry.encode(), cwd=ROOT, check=True, capture_output=True)
    session = handset.context.new_cdp_session(handset.page)
    session.send("Runtime.evaluate", {"expression": built.stdout.decode()})
    session.detach()
