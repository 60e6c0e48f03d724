"""The customer: reads what is shown on the turned phone, confirms the marks, signs with a finger."""

import math
import re
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.people.advisor import Advisor


class Customer:
    """Holds the advisor's phone for a moment."""

    def __init__(self, advisor: Advisor) -> None:
        self.advisor = advisor

    @property
    def page(self) -> Page:
        return self.advisor.page

    def reads_to_the_end(self) -> None:
        self.page.locator(".card, .doc").first.wait_for()
        self.page.evaluate("document.getElementById('doc-end').scrollIntoView()")
        expect(self.page.locator("footer .btn.main")).not_to_have_text(re.compile("看到最后"))

    def confirms_marks(self) -> None:
        place, self.advisor.place = self.advisor.place, "损伤"
        for box in self.page.locator("[data-mark]").all():
            self.advisor.tap(box)
        self.advisor.place = place

    def signs(self, paper: str, looks: str = "") -> None:
        """Reads, confirms, and writes a name on the pad."""
        self.advisor.place = "签字"
        expect(self.page.get_by_role("heading", name=re.compile(f"^{paper}"))).to_be_visible()
        self.reads_to_the_end()
        self.confirms_marks()
        self.advisor.tap(self.page.get_by_role("button", name=re.compile(f"^签字：{paper}")))
        self.writes_a_name()
        self.advisor.sees(looks, f"pad-{paper}")
        self.advisor.tap(self.page.get_by_role("button", name="完成签字"))
        expect(self.page.locator(".pad-turn")).to_have_count(0)

    def leaves_it(self, way: str, *, witness: str = "", picture: Path | None = None) -> None:
        """Does not sign: 有异议 and one of the ways behind it; where a witness is asked for, with their name and a photo."""
        self.advisor.place = "签字"
        self.advisor.tap(self.page.get_by_role("button", name="有异议"))
        self.advisor.tap(self.page.locator("dialog button").filter(has_text=way))
        if picture:
            with self.page.expect_file_chooser() as chooser:
                self.page.get_by_role("button", name="拍下现场").click()
            chooser.value.set_files(picture)
            expect(self.page.get_by_role("button", name="已拍 1 张")).to_be_visible()
        if witness:
            self.page.get_by_label("见证人姓名").fill(witness)
            self.advisor.tap(self.page.locator("dialog form .btn.main"))

    def opens_the_pad(self, paper: str = "接车预检表") -> None:
        self.page.get_by_role("button", name=f"签字：{paper}").click()
        self.page.locator(".ink canvas").wait_for()

    def writes_a_name(self, strokes: int = 3) -> None:
        canvas = self.page.locator(".ink canvas")
        canvas.wait_for()
        self.page.wait_for_timeout(300)
        box = canvas.bounding_box()
        assert box
        finger = self.page.context.new_cdp_session(self.page)
        for n in range(strokes):
            self._stroke(finger, box["x"] + box["width"] * 0.5, box["y"] + box["height"] * (0.25 + 0.2 * n), box["height"] * 0.15)
        finger.detach()

    def _stroke(self, finger: CDPSession, x: float, y: float, size: float) -> None:
        points = [(x + size * math.sin(n / 2), y + size * n / 20) for n in range(20)]
        for n, (px, py) in enumerate(points):
            kind = "touchStart" if n == 0 else "touchMove"
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py, "force": 0.4 + n / 50}]})
            self.page.wait_for_timeout(12)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def reads(advisor: Advisor, visit: str, plate: str = "77777") -> Customer:
    """The advisor signs in, turns the phone for a car that a colleague walked round, and its owner reads it all."""
    advisor.signs_in()
    expect(advisor.page.get_by_text(plate).first).to_be_visible(timeout=30_000)
    return turned(advisor, visit)


def turned(advisor: Advisor, visit: str) -> Customer:
    """From the order to the papers on the turned phone."""
    advisor.page.goto(f"/lane/#/v/{visit}/order")
    advisor.shows_the_customer()
    customer = Customer(advisor)
    customer.reads_to_the_end()
    customer.confirms_marks()
    return customer
