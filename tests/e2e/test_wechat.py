"""No service worker, as in WeChat on an iPhone: the lane works while its page is open, and says so."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.records import Records

WECHAT = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
          "MicroMessenger/8.0.54")


def test_the_lane_works_while_the_page_is_open(phone: Callable[..., Handset], house: HouseAtWork, road: Link) -> None:
    handset = phone(service_workers="block", user_agent=WECHAT)
    handset.context.add_init_script("delete Navigator.prototype.serviceWorker")
    advisor = Advisor(handset)
    advisor.signs_in()
    expect(handset.page.locator(".banner", has_text="断网后关掉就打不开了")).to_be_visible()
    advisor.sees("wechat", "banner")

    road.cut()
    visit = advisor.receives()
    advisor.begins_the_walk()
    advisor.walks_on(until="①")
    assert advisor.sees_waiting() > 3
    assert Records(house, visit).is_unknown()
    advisor.sees("wechat", "walk")

    road.mend()
    advisor.sends_now()
    advisor.sees_synced()
    assert Records(house, visit).state() == "inspecting"
