"""The phone protects itself: a quarter of an hour without a touch, and it shows nothing but who may open it (evidence.md ★5)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.customer import Customer
from tests.e2e.people.profile import Profile, precached
from tests.e2e.people.records import Records
from webapp.foundation.clock import utc_now
from webapp.models import Device

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


def test_a_document_before_the_customer_is_not_locked_but_the_way_back_is(phone: Callable[..., Handset]) -> None:
    advisor = Advisor(phone())
    page = advisor.page
    page.clock.install()
    advisor.signs_in()
    advisor.chooses_a_code()
    advisor.receives()
    advisor.walks_round()
    advisor.skips_the_other_shots()
    customer = Customer(advisor)
    advisor.shows_the_customer()
    customer.reads_to_the_end()
    advisor.tap(page.get_by_role("button", name="签字：接车预检表"))
    customer.writes_a_name(1)

    advisor.lets_minutes_pass(20)
    customer.writes_a_name(2)
    page.get_by_role("button", name="完成签字").click()
    expect(page.get_by_role("heading", name="任务委托书")).to_be_visible()
    page.get_by_role("button", name="返回").click()

    expect(page.get_by_label("解锁码")).to_be_visible()
    assert shows_no_car(advisor)
    advisor.unlocks()
    expect(page.get_by_label("解锁码")).to_have_count(0)
    assert not shows_no_car(advisor)


def test_a_stopped_phone_locks_at_once_and_a_wiped_one_is_empty(phone: Callable[..., Handset], house: HouseAtWork) -> None:
    advisor = Advisor(phone())
    advisor.signs_in()
    advisor.receives()
    assert not shows_no_car(advisor), "control"
    with house.database.write() as db:
        db.execute(update(Device).where(~Device.is_server).values(revoked_at=utc_now()))
        db.commit()

    advisor.page.evaluate("dispatchEvent(new Event('online'))")

    expect(advisor.page.get_by_text("这部手机已被停用")).to_be_visible(timeout=20_000)
    assert shows_no_car(advisor)
    advisor.sees("lock", "stopped")
    advisor.page.reload()
    expect(advisor.page.get_by_text("这部手机已被停用")).to_be_visible(timeout=20_000)
    assert shows_no_car(advisor)

    with house.database.write() as db:
        db.execute(update(Device).where(~Device.is_server).values(wipe_at=utc_now()))
        db.commit()
    advisor.page.evaluate("dispatchEvent(new Event('online'))")
    expect(advisor.page.get_by_text("手机已按门店的要求清除")).to_be_visible(timeout=20_000)
    assert Profile(advisor.page).where(PLATE, "赵") == set()


def test_after_signing_out_nothing_personal_is_left_but_in_its_owners_own_database(phone: Callable[..., Handset],
                                                                                   road: Link) -> None:
    """T33. The control is the same look before signing out: it finds the car on the screen."""
    advisor = Advisor(phone())
    advisor.signs_in()
    advisor.waits_for_the_app_to_be_kept()
    road.cut()
    visit = advisor.receives()
    advisor.begins_the_walk()
    profile = Profile(advisor.page)
    before = profile.where(PLATE, "赵")
    assert "page" in before and not any(place.startswith(("cache", "storage")) for place in before)

    advisor.signs_out()

    own = f"cw-YF01-{advisor.login} "
    assert {place for place in profile.where(PLATE, "赵") if not place.startswith(own)} == set()
    assert visit in profile.databases()[own + "acts"], "what was not sent waits for its owner"
    assert set(profile.cached()) == precached()
    advisor.page.go_back()
    advisor.page.wait_for_timeout(500)
    assert "page" not in profile.where(PLATE, "赵")
    keep(advisor.page, "/api/v1/visits", f"浙Z{PLATE}")
    assert "cache /api/v1/visits" in profile.where(PLATE) and set(profile.cached()) != precached(), "control: a leak is found"

    road.mend()
    second = Advisor(advisor.phone, "E006")
    second.signs_in(sees_bookings=False)
    others = {place for place in profile.where(visit) if place.startswith("cw-") and not place.startswith(own)}
    assert others == set()


def keep(page: Page, path: str, text: str) -> None:
    """A careless worker."""
    page.evaluate("async ([path, text]) => (await caches.open('lane-careless')).put(path, new Response(text))", [path, text])
