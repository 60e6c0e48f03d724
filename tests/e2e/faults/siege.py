"""A browser killed again and again, at random moments of a walk, a photo, a signature, a sending (offline.md, case 20).

The moments come from a seed. After each kill the phone is opened where it was, and all that it had called saved is looked for.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from tests.e2e.conftest import HouseAtWork
from tests.e2e.faults.memory import Memory
from tests.e2e.handset import Handset, strike
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.colleague import Colleague
from tests.e2e.people.customer import turned
from webapp.models import Document, KeptAct, Photo

KINDS = ("walk", "photo", "sign", "send")
LATEST_MS = {"walk": 2500, "photo": 1200, "sign": 700, "send": 1500}
COMES_BACK_MS = 60_000  # a loaded machine; how long it takes is measured elsewhere


@dataclass
class Siege:
    """One phone, one house. `faults` is what was lost or halved, `found` what was done and struck."""

    handset: Handset
    house: HouseAtWork
    road: Link
    picture: Path
    seed: int
    faults: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        self.chance = random.Random(self.seed)
        self.memory, self.advisor = Memory(self.handset), Advisor(self.handset)
        self.colleague = Colleague(self.house)
        self.places: dict[str, str] = {}
        self._opened()
        self.advisor.signs_in()
        self.advisor.waits_for_the_app_to_be_kept()

    def round(self, kind: str) -> None:
        """Somebody works, the browser dies under their hand, and is opened again."""
        ready = getattr(self, f"_{kind}")()  # the work whose middle is struck
        before = len(self.memory.acts)
        address = self._struck(ready, self.chance.uniform(0, LATEST_MS[kind]) / 1000)
        self.road.mend()
        self.handset.open()
        self._opened()
        self.handset.page.goto(address)
        self.handset.page.locator("main#main, .pad-turn").first.wait_for(timeout=COMES_BACK_MS)
        came_back = self.handset.page.url
        self.faults += [f"{kind}: {fault}" for fault in self.memory.faults()]
        if came_back != address:
            self.faults.append(f"{kind}: came back at {came_back}, not at {address}")
        self.found[kind] += 1
        self.found["acts called saved in the struck work"] += len(self.memory.acts) - before

    def ends(self) -> None:
        """All is sent, and the server has each act once, each photo whole, each signed paper."""
        self.road.mend()
        self.handset.page.goto("/lane/#/")
        expect(self.handset.page.locator(".chip").get_by_text("已同步")).to_be_visible(timeout=120_000)
        self.faults += self.memory.faults()
        with self.house.database.read() as db:
            there = Counter(db.scalars(select(KeptAct.act_id)))
            photos = {row.id: row.state for row in db.execute(select(Photo.id, Photo.state))}
            papers = set(db.scalars(select(Document.doc_sha256)))
        for key, act in self.memory.acts.items():
            if there[key] != 1:
                self.faults.append(f"on the server {there[key]} times: {act['command']} {key}")
            if act["command"] == "photo.add" and photos.get(act["args"]["photo"]) != "present":
                self.faults.append(f"photo not on the server: {act['args']['photo']}")
            if act["command"] == "document.sign" and act["args"]["doc_sha256"] not in papers:
                self.faults.append(f"paper not on the server: {act['args']['doc_sha256']}")
        self.found["acts called saved, in all"] = len(self.memory.acts)
        for command in ("photo.add", "document.sign"):
            self.found[f"of these {command}"] = self.memory.count(command)

    def _walk(self) -> Callable[[], None]:
        self._walks()
        return self.advisor.walks_on

    def _photo(self) -> Callable[[], None]:
        self.handset.page.goto(f"/lane/#/v/{self._visit('photo')}/shots")
        shutter = self.advisor.foot()
        shutter.wait_for()
        with self.handset.page.expect_file_chooser() as chooser:
            shutter.click()
        return lambda: chooser.value.set_files(self.picture)

    def _sign(self) -> Callable[[], None]:
        """Each paper is a car of its own: what was signed once is not signed again."""
        customer = turned(self.advisor, self._visit("sign", anew=True))
        customer.opens_the_pad()
        customer.writes_a_name()
        return lambda: self.handset.page.get_by_role("button", name="完成签字").click()

    def _send(self) -> Callable[[], None]:
        self._walks()
        self.road.cut()
        self.advisor.walks_on(steps=3)
        self.road.mend()
        return self.advisor.sends_now

    def _walks(self) -> None:
        """In front of the first zone that is not done, of this car or of a new one."""
        for anew in (False, True):
            self.handset.page.goto(f"/lane/#/v/{self._visit('walk', anew=anew)}/walk")
            self.handset.page.locator("footer .btn.main").first.wait_for()
            if self.advisor.zone():
                return

    def _visit(self, use: str, *, anew: bool = False) -> str:
        """A car for this work; a new one now and then, that the screens stay short."""
        if anew or use not in self.places or self.chance.random() < 0.1:
            self.road.mend()
            plate = f"{self.found['cars']:05d}"
            self.found["cars"] += 1
            self.places[use] = self.colleague.walked(f"浙Z{plate}")
            self.handset.page.goto("/lane/#/outbox")
            self.advisor.foot().click()
            self.handset.page.goto("/lane/#/")
            expect(self.handset.page.get_by_text(plate).first).to_be_visible(timeout=COMES_BACK_MS)
        return self.places[use]

    def _struck(self, work: Callable[[], None], after: float) -> str:
        """Works until the kill comes; returns the address at which it came."""
        dead = threading.Event()
        pids = self.handset.processes()

        def kill() -> None:
            dead.set()
            strike(pids)

        timer = threading.Timer(after, kill)
        timer.start()
        try:
            work()
            while not dead.is_set():
                self.handset.page.wait_for_timeout(20)
        except Exception:
            timer.join()
            if not dead.is_set():
                raise
        address = self.handset.page.url
        self.handset.kill()
        return address

    def _opened(self) -> None:
        self.handset.context.set_default_timeout(COMES_BACK_MS)
        self.memory.listens()
