"""An advisor with a phone: speaks in what advisors do, taps what they would tap, and counts the taps."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.handset import Handset

CODE = "280417"
PLATE = re.compile("浙Z·?A1056")
TOKEN = """async (name) => {
  const asked = indexedDB.open(name);
  await new Promise((done) => { asked.onsuccess = done; });
  const meta = asked.result.transaction("meta").objectStore("meta");
  const found = meta.getAll(IDBKeyRange.bound("link:", "link;"));
  await new Promise((done) => { found.onsuccess = done; });
  asked.result.close();
  return found.result.at(-1);
}"""
# What the car says, by unit; the water in the brake fluid has a range of its own.
READINGS = {"km": "38650", "mm": "6.0", "kPa": "220", "%": "60", "V": "12.6", "℃": "-35", "": "2", "个": "2", "WA-EB-06": "1.5"}


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

    def sees(self, story: str, screen: str) -> None:
        """Keeps the screen for people to look at, when the story has a name."""
        if story:
            self.phone.picture(f"{story}-{screen}")

    def opens_the_lane(self) -> None:
        self.page.goto("/lane/")

    def signs_in(self, password: str = "clockwise", *, comes_back: bool = False, sees_bookings: bool = True) -> None:
        """comes_back: this phone knows them and holds their unsent work. sees_bookings: the booked car is still to come."""
        self.opens_the_lane()
        given = {"门店编号": "YF01", "工号": self.login, "密码": password, "这部手机叫什么": f"{self.login} 的手机"}
        for label, value in given.items():
            self.page.get_by_label(label).fill(value)
        self.tap(self.page.get_by_role("button", name=re.compile("^登录并发送" if comes_back else "^登录$")))
        expect(self.page.get_by_role("heading", name=re.compile("^今天"))).to_be_visible(timeout=20_000)
        if sees_bookings and not comes_back:
            expect(self.page.get_by_role("link", name=PLATE).first).to_be_visible(timeout=20_000)

    def signs_out(self) -> None:
        """Hands the phone to somebody else."""
        self.page.goto("/lane/#/phone")
        self.tap(self.page.get_by_role("button", name=re.compile("换人")).first)
        self.tap(self.page.get_by_role("button", name=re.compile("^退出登录")))
        self.page.get_by_label("密码").wait_for()

    def chooses_a_code(self, code: str = CODE) -> None:
        """The offer after signing in: six digits, twice."""
        self.page.get_by_role("button", name="设解锁码").click()
        self.page.get_by_label("6 位数字").fill(code)
        self.page.get_by_label("再填一遍").fill(code)
        self.page.get_by_role("button", name="存好").click()
        expect(self.page.get_by_text("解锁码已设好")).to_be_visible()

    def lets_minutes_pass(self, minutes: int) -> None:
        """Nobody touches the phone meanwhile. Its clock must be in the test's hands: `page.clock.install()` before signing in."""
        self.page.clock.fast_forward(minutes * 60_000)
        self.page.wait_for_timeout(300)

    def unlocks(self, code: str = CODE) -> None:
        """The last digit opens it; nothing is tapped."""
        self.page.get_by_label("解锁码").fill(code)

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

    def walks_round(self, mode: str = "快速环检", until: str = "") -> None:
        """Every zone, clockwise: fine where nothing is seen, safety items one by one, numbers as the car says.

        until: the name of the zone to stop in front of.
        """
        self.begins_the_walk(mode)
        self.walks_on(until)

    def begins_the_walk(self, mode: str = "快速环检") -> None:
        self.place = "环检"
        box = self.page.get_by_role("radio", name=re.compile(mode))
        if not box.is_checked():
            self.tap(self.page.locator("label").filter(has=box))
        self.tap(self.page.get_by_role("button", name="一起走，开始"))
        self.page.locator("section.zone").wait_for()

    def walks_on(self, until: str = "", steps: int = 0) -> None:
        """To the zone of that name, or so many taps, or to the end."""
        for _ in range(steps or 260):  # the full list has 129 items, one tap each at most, and the ways between
            here = self.zone()
            if not here or (until and until in here) or not self._one_zone():
                return
        if steps:
            return
        raise AssertionError(f"the walk does not end, at {self.zone()}")

    def marks_damage(self, region: str = "右前门", kind: str = "划痕", picture: Path | None = None) -> None:
        """On the unfolded car: place, kind, size, and a photo when there is a picture to take."""
        self.place = "损伤"
        self._at("damage")
        self.tap(self.page.get_by_role("button", name=re.compile(f"^{region}")).first)
        self.tap(self.page.locator("dialog label").filter(has_text=kind).first)
        if picture:
            self._shoots(self.page.get_by_role("button", name="拍损伤"), picture)
            expect(self.page.get_by_text("1 张已存本机")).to_be_visible()
        self.tap(self.page.get_by_role("button", name="记下这处损伤"))
        expect(self.page.get_by_text(re.compile("本次 1 处"))).to_be_visible()

    def notes_a_belonging(self, what: str) -> None:
        """Something that stays in the car, to be given back."""
        self.place = "物品"
        self._at("belongings")
        self.tap(self.page.get_by_role("button", name="物品", exact=True))
        self.tap(self.page.get_by_role("button", name=what, exact=True))
        self.tap(self.page.get_by_role("button", name="记下这件物品"))
        expect(self.page.locator(".things").get_by_text(what)).to_be_visible()

    def hears_that_the_workshop_is_done(self, checked_by: str = "周质检") -> None:
        self.place = "内部交车"
        self._at("")
        self.tap(self.page.get_by_role("button", name=re.compile("^维修已完成")))
        self.page.get_by_label("谁检验合格的").fill(checked_by)
        self.tap(self.page.get_by_role("button", name="维修完成，可以交车"))

    def prepares_the_delivery(self) -> None:
        """Papers, car, seats: one zone after the other; what the list wants one by one gets its own tap."""
        self.place = "内部交车"
        self.tap(self.page.get_by_role("button", name=re.compile("^交车准备")))
        self.tap(self.page.get_by_role("button", name="开始内部交车检查"))
        self.page.locator(".item").first.wait_for()
        together = self.page.get_by_role("button", name=re.compile("^本区"))
        while together.count():
            before = together.count()
            self.tap(together.first)
            expect(together).to_have_count(before - 1)

    def hands_over(self, looks: str = "") -> None:
        """With the white towel round the car: marks compared, things given back, every item seen, then to the signature."""
        self.place = "交车"
        self.tap(self.foot())
        self.tap(self.page.get_by_role("button", name="开始验车"))
        self.page.locator("ol.steps").wait_for()
        for _ in range(260):  # the full list has 129 items, one tap each at most, and the ways between
            self.page.wait_for_timeout(150)
            words = self.foot().inner_text()
            if "与接车时一样" in words:
                self.sees(looks, "handover-mark")
            if re.search("正常|一样", words) is None and self._answers_one_by_one():
                continue
            for n, thing in enumerate(self.page.locator("label.switch").all()):
                if not thing.get_by_text("已交还").count():
                    self.tap(thing)
                    expect(self.page.locator("label.switch").nth(n)).to_contain_text("已交还")
                    self.sees(looks, "handover-things")
            self.tap(self.foot())
            if "请客户验收签字" in words:
                self.page.wait_for_url(re.compile("/sign"))
                return
        raise AssertionError(f"the handover does not end, at {words}")

    def releases(self, looks: str = "", settled: str = "收银台已收讫，单号 0023") -> None:
        """Settled at the till, and out of the gate."""
        self.place = "放行"
        self.page.get_by_label("在哪里结的账").fill(settled)
        self.sees(looks, "release")
        self.tap(self.page.get_by_role("button", name="放行，车已离店"))
        expect(self.page.get_by_text("已交车，一路平安")).to_be_visible()
        self.sees(looks, "released")

    def photographs(self, picture: Path, shots: int = 1) -> None:
        """Guided shots with the phone's camera, one after the other."""
        self.place = "照片"
        self._at("shots")
        for n in range(shots):
            self._shoots(self.foot(), picture)
            expect(self.page.get_by_text(f"已拍 {n + 1}", exact=True)).to_be_visible()

    def takes_a_picture(self, picture: Path, meanwhile: Callable[[], None] = lambda: None) -> None:
        """The shot in hand; what comes of it is for the caller to see. meanwhile: what happens while the camera is open."""
        self._shoots(self.foot(), picture, meanwhile)

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
        self.place = "收回手机"
        self.tap(self.page.get_by_role("button", name="我是服务顾问，继续"))

    def shows_the_code(self) -> str:
        """The address that the QR code on the receipt carries; the phone alone knows its token."""
        expect(self.page.get_by_role("img", name="客户进度页二维码")).to_be_visible()
        return f"{self.phone.address}/s/{self.page.evaluate(TOKEN, f'cw-YF01-{self.login}')}"

    @property
    def visit(self) -> str:
        found = re.search(r"/v/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]

    def sees_synced(self) -> None:
        expect(self.page.locator(".chip").get_by_text("已同步")).to_be_visible(timeout=30_000)

    def goes_to(self, visit: str, screen: str) -> None:
        """A car that may be a colleague's: opened as soon as it has come to this phone."""
        if visit not in self.page.url:
            expect(self.page.get_by_role("link", name=PLATE).first).to_be_visible(timeout=20_000)
        self.page.goto(f"/lane/#/v/{visit}/{screen}")
        self.page.locator("section.zone").wait_for()

    def item(self, item: str) -> Locator:
        return self.page.locator(f'[data-item="{item}"]')

    def answers(self, item: str, words: str) -> None:
        self.tap(self.item(item).locator("label").filter(has_text=words))
        expect(self.item(item).get_by_role("radio", name=words)).to_be_checked()

    def settles(self, item: str, words: str) -> None:
        """当面核对: both look again, and one answer stands."""
        self.tap(self.item(item).get_by_role("button", name="当面核对"))
        self.tap(self.page.locator("dialog .btn").filter(has_text=words).first)

    def merges(self, visit: str, reason: str) -> None:
        """This visit goes on in the other one of the same car."""
        self.page.goto(f"/lane/#/v/{visit}")
        self.tap(self.page.get_by_role("button", name="更正、取消与其他"))
        self.tap(self.page.get_by_role("button", name="合并来店"))
        self.tap(self.page.get_by_role("button", name=re.compile("^并入")))
        self.tap(self.page.get_by_role("button", name=reason))

    def sees_waiting(self) -> int:
        """How many acts and photos the chip says are not on the server; it must not say 已同步 beside that."""
        chip = self.page.locator(".chip", has_text="项未同步")
        expect(chip).to_be_visible()
        expect(self.page.get_by_text("已同步", exact=True)).to_have_count(0)
        said = ""
        while said != (said := chip.inner_text()):  # the chip counts a moment after the tap
            self.page.wait_for_timeout(1000)
        found = re.search("([0-9]+) 项未同步", said)
        assert found
        return int(found[1])

    def sends_now(self) -> None:
        """A tap on the chip, then on 现在发送, and back to what was in hand."""
        address = self.page.url
        self.tap(self.page.locator(".chip"))
        self.tap(self.foot())
        expect(self.foot()).to_have_text("现在发送")
        self.page.goto(address)

    def seen_zones(self) -> str:
        return self.page.locator(".zone-count").inner_text()

    def _at(self, screen: str) -> None:
        """Goes to a screen of the visit in hand, as the visit's own page would lead there."""
        if not screen or f"/{screen}" not in self.page.url:
            self.page.goto(f"/lane/#/v/{self.visit}/{screen}".rstrip("/"))

    def _shoots(self, shutter: Locator, picture: Path, meanwhile: Callable[[], None] = lambda: None) -> None:
        """The phone's own camera opens and one picture is taken; the shutter is no tap of the app."""
        with self.page.expect_file_chooser() as chooser:
            shutter.click()
        meanwhile()
        chooser.value.set_files(picture)

    def zone(self) -> str:
        """The zone's name, or "" when the walk has gone on to the photos."""
        names = self.page.locator("#h-zone").all_inner_texts()
        return names[0] if names else ""

    def _one_zone(self) -> bool:
        """Does what the zone asks for next. False when the walk is over."""
        foot = self.foot()
        words = ""
        while words != (words := foot.inner_text()):  # a slow phone draws the next button a moment later
            self.page.wait_for_timeout(120)
        if foot.get_attribute("aria-disabled") == "true":
            self._answers_one_by_one()
        elif re.search("拍照|过目|开单", words):
            return False
        else:
            self.tap(foot)
        return True

    def _answers_one_by_one(self) -> bool:
        """The first item that has no answer yet, False when there is none; a walk goes on to the next zone by itself."""
        item = self._open_item()
        if item is None:
            return False
        known, box = item.locator(".item-suggest"), item.locator("label:has(input.offered)")
        choices = item.locator("label:has(input[type=radio]), label:has(input[type=checkbox])")
        if known.count():
            self.tap(known)
        elif choices.count():
            self.tap(box if box.count() else choices.first)
        else:
            self._types(item)
        return True

    def _open_item(self) -> Locator | None:
        for item in self.page.locator(".item:not(:has(input:checked))").all():
            field = item.locator(".row.tall:not(.offered) input:not([type]), .row.tall:not(.offered) textarea")
            if not field.count() or not field.first.input_value():
                return item
        return None

    def _types(self, item: Locator) -> None:
        field = item.locator("input, textarea").first
        if field.input_value():
            return
        unit = item.locator(".unit")
        own = READINGS.get(item.get_attribute("data-item") or "-")
        field.fill(own or (READINGS[unit.inner_text().strip()] if unit.count() else "无"))
        field.blur()
