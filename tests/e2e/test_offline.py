"""Without a network: the same work, nothing said that is not so, everything once on the server when the road is mended."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.journey import a_picture, brings_the_car
from tests.e2e.people.records import Records


def test_a_whole_arrival_without_a_network(phone: Callable[..., Handset], house: HouseAtWork, road: Link, tmp_path: Path) -> None:
    advisor = Advisor(phone())
    advisor.signs_in()
    advisor.waits_for_the_app_to_be_kept()
    road.cut()

    visit = brings_the_car(advisor, a_picture(tmp_path / "photo.jpg"), "offline")

    records = Records(house, visit)
    advisor.sees_waiting()
    assert records.is_unknown()
    road.mend()
    advisor.sends_now()
    advisor.sees_synced()
    assert records.signed_kinds() == ["pre_inspection", "work_order"]
    assert records.counts() == {"mark": 1, "photo": 2, "photo_here": 2, "belonging": 1, "link": 1, "not_applied": 0}
    assert records.chain_holds() and records.signed_bytes_hold() and records.acts_are_there_once()
    assert records.phones_signed()


def test_a_browser_killed_in_the_middle_of_the_walk(phone: Callable[..., Handset], road: Link) -> None:
    handset = phone()
    advisor = Advisor(handset)
    advisor.signs_in()
    advisor.waits_for_the_app_to_be_kept()
    road.cut()
    advisor.receives()
    advisor.walks_round(until="②")
    before = (advisor.zone(), advisor.sees_waiting(), advisor.seen_zones())
    address = handset.page.url

    handset.kill()
    handset.open().goto(address)

    handset.page.locator("section.zone").wait_for()
    assert (advisor.zone(), advisor.sees_waiting(), advisor.seen_zones()) == before
    advisor.sees("killed", "back")
    advisor.walks_on()
    expect(handset.page.get_by_text("引导拍照 13 张")).to_be_visible()


def test_a_second_person_on_the_same_phone(phone: Callable[..., Handset], house: HouseAtWork, road: Link) -> None:
    handset = phone()
    first = Advisor(handset)
    first.signs_in()
    first.waits_for_the_app_to_be_kept()
    road.cut()
    visit = first.receives()
    waiting = first.sees_waiting()
    first.signs_out()
    road.mend()

    second = Advisor(handset, "E006")
    second.signs_in()
    second.sees_synced()
    second.sees("second", "today")
    assert Records(house, visit).is_unknown()
    second.signs_out()
    expect(handset.page.get_by_text(f"登录后发送 {waiting} 项")).to_be_visible()
    first.sees("second", "sign-in")

    first.signs_in(comes_back=True)
    first.sees_synced()
    assert Records(house, visit).state() == "arrived"
