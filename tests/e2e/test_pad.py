"""The pad in a real browser: what is signed is what was read, ink survives a turned phone and a full one."""

import json
import secrets
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.customer import Customer
from webapp.foundation.clock import to_wire, utc_now
from webapp.foundation.ids import new_id

CONSENT = {"notice_version": "2026-11-01", "photos": True, "signature": True, "marketing": False}
FULL_PHONE = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'evidence') throw new DOMException('full', 'QuotaExceededError');
    return window.put.apply(this, given);
  };
}"""


class Colleague:
    """Another advisor's phone, as the server hears it."""

    def __init__(self, house: HouseAtWork) -> None:
        self.url, self.seq, self.token = house.url, 0, ""
        made = self._call("/api/v1/devices", {"store": "YF01", "login": "E006", "password": "clockwise", "device_name": "另一部"})
        self.device, self.epoch, self.token = made["device"], made["epoch"], made["token"]

    def does(self, visit: str, *commands: tuple[str, dict[str, Any]]) -> None:
        answer = self._call("/api/v1/acts", {"protocol": 1, "device": self.device, "epoch": self.epoch,
                                             "acts": [self._act(visit, *command) for command in commands]})
        assert [receipt for receipt in answer["receipts"] if receipt["verdict"] != "applied"] == []

    def walked(self) -> str:
        """A car that was walked round, with one mark and one job: two documents wait for its owner."""
        visit = new_id()
        quick = next(one for one in self._call("/api/v1/catalogue")["checklists"] if one["id"] == "walkaround_quick")
        opened = {"plate": "浙Z77777", "powertrain": "fuel", "customer_name": "钱演示", "mobile": "16400002002",
                  "sender": "owner", "arrived_at": to_wire(utc_now()), "notice_version": "2026-11-01"}
        walk = {"mode": "quick", "template_sha256": quick["sha256"], "customer_joined": "yes"}
        job = {"line": new_id(), "text": "四轮定位", "hours_centi": 120, "price_fen": 14400, "payer": "customer"}
        self.does(visit, ("visit.open", opened), ("consent.record", CONSENT), ("walkaround.start", walk),
                  ("walkaround.record_damage", self.damage("door_rf")), ("work_order.open", {}), ("work_order.add_job", job))
        return visit

    def damage(self, region: str) -> dict[str, Any]:
        return {"mark": new_id(), "region": region, "kind": "dent", "size": "large", "x": 5000, "y": 3000}

    def _act(self, visit: str, command: str, args: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {"v": 1, "id": new_id(), "device": self.device, "seq": self.seq, "actor": "E006", "visit": visit,
                "command": command, "args": args, "base": None, "acted_at": to_wire(utc_now()), "offset_ms": 0,
                "app": "2026.11.1", "salt": secrets.token_urlsafe(16)[:22]}

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode() if body else None, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]


def test_a_change_from_another_phone_closes_the_pad_and_says_so(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    colleague = Colleague(house)
    visit = colleague.walked()
    customer = _reads(phone(), visit)
    _opens_the_pad(customer)
    customer.writes_a_name()

    colleague.does(visit, ("walkaround.record_damage", colleague.damage("roof")))

    expect(customer.page.locator(".pad-turn")).to_have_count(0, timeout=60_000)
    expect(customer.page.get_by_text("单据有变动")).to_be_visible()
    expect(customer.page.get_by_text("车顶 凹陷")).to_be_visible()
    expect(customer.page.get_by_text("接车预检表已签")).to_have_count(0)


def test_ink_survives_a_turned_phone_and_both_papers_are_signed(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    customer = _reads(phone(), Colleague(house).walked())
    _opens_the_pad(customer)
    customer.writes_a_name()

    customer.page.set_viewport_size({"width": 844, "height": 390})
    customer.page.wait_for_timeout(300)
    assert _dark_pixels(customer) > 200
    customer.page.get_by_role("button", name="完成签字").click()
    customer.page.set_viewport_size({"width": 390, "height": 844})
    customer.signs("任务委托书")

    expect(customer.page.get_by_text("请把手机交还服务顾问")).to_be_visible()
    customer.advisor.takes_the_phone_back()
    expect(customer.page.get_by_role("img", name="客户进度页二维码")).to_be_visible()


def test_a_full_phone_keeps_the_ink_until_there_is_room(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    handset = phone()
    customer = _reads(handset, Colleague(house).walked())
    _opens_the_pad(customer)
    customer.writes_a_name()
    customer.page.evaluate(FULL_PHONE)

    customer.page.get_by_role("button", name="完成签字").click()

    expect(customer.page.get_by_text("签字还没有存下")).to_be_visible()
    customer.page.evaluate("() => { IDBObjectStore.prototype.put = window.put }")
    customer.page.get_by_role("button", name="再存一次").click()
    expect(customer.page.get_by_role("heading", name="任务委托书")).to_be_visible()
    handset.troubles.clear()  # the full phone was said aloud, as it should be


def test_a_dot_is_no_signature(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    customer = _reads(phone(), Colleague(house).walked())
    _opens_the_pad(customer)

    customer.page.get_by_role("button", name="完成签字").click()

    expect(customer.page.get_by_text("笔画太少")).to_be_visible()
    customer.writes_a_name()
    customer.page.get_by_role("button", name="完成签字").click()
    expect(customer.page.get_by_role("heading", name="任务委托书")).to_be_visible()


def _reads(handset: Handset, visit: str) -> Customer:
    advisor = Advisor(handset)
    advisor.signs_in()
    expect(advisor.page.get_by_text("77777").first).to_be_visible(timeout=30_000)
    advisor.page.goto(f"/lane/#/v/{visit}/order")
    advisor.shows_the_customer()
    customer = Customer(advisor)
    customer.reads_to_the_end()
    customer.confirms_marks()
    return customer


def _opens_the_pad(customer: Customer) -> None:
    customer.page.get_by_role("button", name="签字：接车预检表").click()
    customer.page.locator(".ink canvas").wait_for()


def _dark_pixels(customer: Customer) -> int:
    return int(customer.page.evaluate("""() => {
      const canvas = document.querySelector('.ink canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, at) => at % 4 === 3 && value > 100).length;
    }"""))
