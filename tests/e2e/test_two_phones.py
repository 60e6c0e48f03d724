"""Two advisors, two phones, one car: what they say differently stands beside each other until they look together."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor

ITEM, ZONE = "WA-E1-01", "ext_lf"


def test_two_answers_are_settled_face_to_face(phone: Callable[..., Handset], road: Link) -> None:
    first, second = Advisor(phone(), "E005"), Advisor(phone(), "E006")
    first.signs_in()
    visit = first.receives()
    first.begins_the_walk()
    first.sees_synced()
    second.signs_in(sees_bookings=False)
    second.goes_to(visit, f"walk/{ZONE}")
    first.goes_to(visit, f"walk/{ZONE}")

    road.cut()
    first.answers(ITEM, "正常")
    second.answers(ITEM, "关注")
    road.mend()

    for advisor in (first, second):
        advisor.sends_now()
    for advisor in (first, second):
        advisor.sends_now()
        expect(advisor.page.get_by_text("两人记得不一样")).to_be_visible(timeout=20_000)
    first.sees("two-phones", "disputed")
    second.settles(ITEM, "关注")
    for advisor in (second, first):
        advisor.sends_now()
        expect(advisor.page.get_by_text("两人记得不一样")).to_have_count(0, timeout=20_000)
        expect(advisor.item(ITEM).get_by_role("radio", name="关注")).to_be_checked()


def test_two_visits_of_one_car_become_one(phone: Callable[..., Handset], road: Link) -> None:
    first, second = Advisor(phone(), "E005"), Advisor(phone(), "E006")
    first.signs_in()
    second.signs_in()
    road.cut()
    goes_on, ends = first.receives(), second.receives()
    road.mend()
    first.sees_synced()
    second.sees_synced()
    second.sends_now()

    second.merges(ends, "两部手机各开了一次")

    expect(second.page).to_have_url(re.compile(f"#/v/{goes_on}$"))
    second.sends_now()
    first.sends_now()
    first.opens_the_lane()
    expect(first.page.get_by_role("heading", name="今天 1 辆")).to_be_visible(timeout=20_000)
