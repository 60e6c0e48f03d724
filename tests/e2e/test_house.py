"""The house opens its doors: the lane comes up on a phone, and again when the road is cut."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.handset import Handset
from tests.e2e.link import Link


def test_the_lane_opens_again_without_a_network(phone: Callable[..., Handset], road: Link) -> None:
    handset = phone()
    handset.page.goto("/lane/")
    expect(handset.page.get_by_text("门店编号")).to_be_visible()
    handset.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    road.cut()
    handset.page.reload()

    expect(handset.page.get_by_text("门店编号")).to_be_visible()


def test_a_killed_browser_opens_with_what_it_had_kept(phone: Callable[..., Handset]) -> None:
    handset = phone()
    handset.page.goto("/lane/")
    expect(handset.page.get_by_text("门店编号")).to_be_visible()
    handset.page.evaluate("localStorage.setItem('kept', 'yes')")
    handset.page.wait_for_timeout(6000)  # Chromium writes localStorage every five seconds

    handset.kill()
    handset.open().goto("/lane/")

    assert handset.page.evaluate("localStorage.getItem('kept')") == "yes"


def test_the_desk_asks_who_is_there(desk: Page) -> None:
    desk.goto("/")

    expect(desk.get_by_role("heading", name="登录前台")).to_be_visible()
    assert desk.url.endswith("/sign-in")
