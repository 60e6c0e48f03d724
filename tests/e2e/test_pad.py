"""The pad in a real browser: what is signed is what was read, ink survives a turned phone and a full one."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.colleague import Colleague
from tests.e2e.people.customer import Customer, reads

FULL_PHONE = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'evidence') throw new DOMException('full', 'QuotaExceededError');
    return window.put.apply(this, given);
  };
}"""


def test_a_change_from_another_phone_closes_the_pad_and_says_so(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    colleague = Colleague(house)
    visit = colleague.walked()
    customer = reads(Advisor(phone()), visit)
    customer.opens_the_pad()
    customer.writes_a_name()

    colleague.does(visit, ("walkaround.record_damage", colleague.damage("roof")))

    expect(customer.page.locator(".pad-turn")).to_have_count(0, timeout=60_000)
    expect(customer.page.get_by_text("单据有变动")).to_be_visible()
    expect(customer.page.get_by_text("车顶 凹陷")).to_be_visible()
    expect(customer.page.get_by_text("接车预检表已签")).to_have_count(0)


def test_ink_survives_a_turned_phone_and_both_papers_are_signed(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    customer = reads(Advisor(phone()), Colleague(house).walked())
    customer.opens_the_pad()
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
    customer = reads(Advisor(handset), Colleague(house).walked())
    customer.opens_the_pad()
    customer.writes_a_name()
    customer.page.evaluate(FULL_PHONE)

    customer.page.get_by_role("button", name="完成签字").click()

    expect(customer.page.get_by_text("签字还没有存下")).to_be_visible()
    customer.page.evaluate("() => { IDBObjectStore.prototype.put = window.put }")
    customer.page.get_by_role("button", name="再存一次").click()
    expect(customer.page.get_by_role("heading", name="任务委托书")).to_be_visible()
    handset.troubles.clear()  # the full phone was said aloud, as it should be


def test_a_dot_is_no_signature(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    customer = reads(Advisor(phone()), Colleague(house).walked())
    customer.opens_the_pad()

    customer.page.get_by_role("button", name="完成签字").click()

    expect(customer.page.get_by_text("笔画太少")).to_be_visible()
    customer.writes_a_name()
    customer.page.get_by_role("button", name="完成签字").click()
    expect(customer.page.get_by_role("heading", name="任务委托书")).to_be_visible()


def _dark_pixels(customer: Customer) -> int:
    return int(customer.page.evaluate("""() => {
      const canvas = document.querySelector('.ink canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, at) => at % 4 === 3 && value > 100).length;
    }"""))
