"""An advisor with a phone: speaks in what advisors do, taps what they would tap, and counts the taps."""

import re
from collections import Counter
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.handset import Handset

PLATE = re.compile("浙Z·?A1056")
READINGS = {"km": "38650", "mm": "6.0", "kPa": "220", "%": "60", "把": "2", "V": "12.6"}


class Advisor:
    """Works on one handset. `taps` counts touches by place; typing and the shutter are not taps."""

    def __init__(self, phone: Handset, login: str = "E005") -> None:
        self.phone, self.login, self.place = phone, login, "登录"
        self.taps: Counter[str] = Counter()

    @property
    def page(self) -> Page:
        return self.phone.page

    def tap(self, target: Locator) -> None:
        target.click()
        self.taps[self.place] += 1

    def foot(self) -> Locator:
        """The one ink button, where the thumb is."""
        return self.page.locator("footer .btn.main").first

    def looks(self, name: str) -> None:
        self.phone.picture(name)

    def opens_the_lane(self) -> None:
        self.page.goto("/lane/")

    def signs_in(self, password: str = "clockwise") -> None:
        self.opens_the_lane()
        for label, value in (("门店编号", "YF01"), ("工号", self.login), ("密码", password), ("这部手机叫什么", f"{self.login} 的手机")):
            self.page.get_by_label(label).fill(value)
        self.tap(self.page.get_by_role("button", name="登录", exact=True))
        expect(self.page.get_by_role("heading", name=re.compile("^今天"))).to_be_visible(timeout=20_000)
        expect(self.page.get_by_role("link", name=PLATE).first).to_be_visible(timeout=20_000)

    def waits_for_the_app_to_be_kept(self) -> None:
        """The service worker holds the whole app; from now on the lane opens without a network."""
        self.page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || true)")

    def receives(self, plate: re.Pattern[str] = PLATE) -> str:
        """A booked car arrives: tap it, read the notice out, take it in. Returns the visit's id."""
        self.place = "接车"
        self.tap(self.page.get_by_role("link", name=plate).first)
        self.tap(self.page.get_by_role("button", name=re.compile("客户已同意，接")))
        self.page.wait_for_url(re.compile("/walk"))
        found = re.search(r"/v/([0-9a-f-]{36})", self.page.url)
        assert found
        return found[1]

    def walks_round(self, mode: str = "快速环检", picture: str | None = None) -> None:
        """Every zone, clockwise: fine where nothing is seen, safety items one by one, numbers as the car says."""
        self.place = "环检"
        box = self.page.get_by_role("radio", name=re.compile(mode))
        if not box.is_checked():
            self.tap(self.page.locator("label").filter(has=box))
        self.tap(self.page.get_by_role("button", name="一起走，开始"))
        self.page.locator("section.zone").wait_for()
        for _ in range(40):
            before = self._where()
            if not before or not self._one_zone():
                return
            if picture and before != self._where():
                self.looks(f"{picture}-{before}")
        raise AssertionError(f"the walk does not end, at {self._where()}")

    def marks_damage(self, region: str = "右前门", kind: str = "划痕") -> None:
        """On the unfolded car: place, kind, size."""
        self.place = "损伤"
        self.page.goto(f"/lane/#/v/{self.visit}/damage")
        self.tap(self.page.get_by_role("button", name=re.compile(f"^{region}")).first)
        self.tap(self.page.locator("label").filter(has_text=kind).first)
        self.tap(self.page.get_by_role("button", name="记下这处损伤"))
        expect(self.page.get_by_text(re.compile("本次 1 处"))).to_be_visible()

    def photographs(self, picture: Path, shots: int = 1) -> None:
        """Guided shots with the phone's camera, one after the other."""
        self.place = "照片"
        self._at("shots")
        for _ in range(shots):
            with self.page.expect_file_chooser() as chooser:
                self.page.locator("footer .btn.main").click()
            chooser.value.set_files(picture)
            self.page.wait_for_timeout(900)

    def skips_the_other_shots(self, reason: str = "客户赶时间") -> None:
        self.place = "照片"
        self._at("shots")
        self.tap(self.page.get_by_role("button", name="略过", exact=True))
        self.tap(self.page.get_by_role("button", name=re.compile("略过剩下")))
        self.tap(self.page.get_by_role("button", name=re.compile(reason)))
        expect(self.page.get_by_text("引导的照片都拍过或说明了")).to_be_visible()

    def shows_the_customer(self) -> None:
        """From wherever the foot says so, to the document on the turned phone."""
        self.place = "签字"
        self.tap(self.page.locator("footer").get_by_text(re.compile("^请客户过目")))
        self.page.wait_for_url(re.compile("/sign"))

    def takes_the_phone_back(self) -> None:
        self.place = "签字"
        self.tap(self.page.get_by_role("button", name="我是服务顾问，继续"))

    @property
    def visit(self) -> str:
        found = re.search(r"/v/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]

    def sees_synced(self) -> None:
        expect(self.page.locator(".chip").get_by_text("已同步")).to_be_visible(timeout=30_000)

    def _at(self, screen: str) -> None:
        """Goes to a screen of the visit in hand, as the visit's own page would lead there."""
        if f"/{screen}" not in self.page.url:
            self.page.goto(f"/lane/#/v/{self.visit}/{screen}")

    def _where(self) -> str:
        """The zone's name, or "" when the walk has gone on to the photos."""
        names = self.page.locator("#h-zone").all_inner_texts()
        return names[0] if names else ""

    def _one_zone(self) -> bool:
        """Does what the zone asks for next. False when the walk is over."""
        self.page.wait_for_timeout(120)
        foot = self.foot()
        words = foot.inner_text()
        if foot.get_attribute("aria-disabled") == "true":
            self._answers_one_by_one()
        elif re.search("拍照|过目|开单", words):
            return False
        else:
            self.tap(foot)
        return True

    def _answers_one_by_one(self) -> None:
        """The first item that has no answer yet; the last one takes the app on to the next zone by itself."""
        for item in self.page.locator("section.zone .item:not(:has(input:checked))").all():
            field = item.locator(".row.tall:not(.offered) input:not([type]), .row.tall:not(.offered) textarea")
            if not field.count() or not field.first.input_value():
                break
        known, box = item.locator(".item-suggest"), item.locator("label:has(input.offered)")
        choices = item.locator("label:has(input[type=radio]), label:has(input[type=checkbox])")
        if known.count():
            self.tap(known)
        elif choices.count():
            self.tap(box if box.count() else choices.first)
        else:
            self._types(item)

    def _types(self, item: Locator) -> None:
        field = item.locator("input, textarea").first
        if field.input_value():
            return
        unit = item.locator(".unit")
        field.fill(READINGS[unit.inner_text().strip()] if unit.count() else "无")
        field.blur()
