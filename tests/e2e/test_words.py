"""The words are files of their own: asked for once, beside the code; without them nothing is drawn that nobody could read."""

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import HouseAtWork

WORDS = "**/words-*.json"
ASKED = "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('words-')).length"


def test_the_shells_words_stand_until_the_words_come(browser: Browser, house: HouseAtWork) -> None:
    context = browser.new_context(service_workers="block", locale="zh-CN")
    page = context.new_page()
    page.route(WORDS, lambda route: route.abort())
    page.goto(f"{house.url}/lane/")
    page.wait_for_timeout(500)
    expect(page.get_by_text("正在打开您的车")).to_be_visible()
    expect(page.get_by_role("link", name="打不开")).to_be_visible()

    page.unroute(WORDS)

    expect(page.get_by_role("heading", name="登录")).to_be_visible(timeout=10_000)  # the control: with its words it opens
    page.reload()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert page.evaluate(ASKED) == 1
    context.close()
