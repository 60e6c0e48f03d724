"""The phone protects itself: a quarter of an hour without a touch, and it shows nothing but who may open it (evidence.md ★5)."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.records import Records

HIDDEN = "() => !document.querySelector('#app').checkVisibility({ visibilityProperty: true })"
PLATE = "A1056"


def shows_no_car(advisor: Advisor) -> bool:
    """Not on the screen, not in the name of the window, not for a reader."""
    page = advisor.page
    seen = page.evaluate("document.body.innerText") + page.title() + str(page.locator("body").aria_snapshot())
    return bool(page.evaluate(HIDDEN)) and PLATE not in seen and "赵" not in seen


def test_after_a_quarter_of_an_hour_only_its_owner_opens_the_app(phone: Callable[..., Handset], road: Link,
                                                                house: HouseAtWork) -> None:
    advisor = Advisor(phone())
    advisor.page.clock.install()
    advisor.signs_in()
    advisor.chooses_a_code()
    advisor.waits_for_the_app_to_be_kept()
    road.cut()
    visit = advisor.receives()
    advisor.page.goto(f"/lane/#/v/{visit}/belongings")
    advisor.tap(advisor.page.get_by_role("button", name="物品", exact=True))
    thing = advisor.page.get_by_role("textbox", name="物品")
    thing.fill("后备箱左侧的雨伞")

    advisor.lets_minutes_pass(14)
    assert not shows_no_car(advisor), "control: not before its time"
    thing.press("End")
    advisor.lets_minutes_pass(14)
    expect(advisor.page.get_by_label("解锁码")).to_have_count(0)
    advisor.lets_minutes_pass(2)
    expect(advisor.page.get_by_label("解锁码")).to_be_visible()
    assert shows_no_car(advisor)
    advisor.sees("lock", "locked")

    address = advisor.page.url
    advisor.page.go_back()
    advisor.page.wait_for_timeout(300)
    assert advisor.page.url == address and shows_no_car(advisor)
    road.mend()
    advisor.page.clock.run_for(40_000)
    advisor.page.wait_for_timeout(1500)
    assert not Records(house, visit).is_unknown()  # the sender went on
    road.cut()
    advisor.unlocks("111112")
    expect(advisor.page.get_by_text("解锁码不对")).to_be_visible()
    assert shows_no_car(advisor)
    advisor.unlocks()
    expect(thing).to_have_value("后备箱左侧的雨伞")
    assert not shows_no_car(advisor)
