"""The whole journey of one car with a network: arrival to two signatures, the customer's page, and back to the owner."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import SHOTS, HouseAtWork
from tests.e2e.handset import SCREEN, Handset
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.journey import a_picture, brings_the_car, fetches_the_car
from tests.e2e.people.records import Records

BUDGET = 40
BESIDE = ("登录", "损伤", "物品", "收回手机")  # a clean car has no damage, and what follows the second signature is past it


def test_a_car_comes_and_goes(phone: Callable[..., Handset], house: HouseAtWork, browser: Browser, tmp_path: Path) -> None:
    advisor = Advisor(phone())
    advisor.signs_in()

    visit = brings_the_car(advisor, a_picture(tmp_path / "photo.jpg"), "journey")

    spent = sum(n for place, n in advisor.taps.items() if place not in BESIDE)
    print(f"taps, arrival to both signatures: {spent}", dict(advisor.taps))  # noqa: T201 - said for whoever runs with -s
    assert spent <= BUDGET
    advisor.sees_synced()
    records = Records(house, visit)
    assert records.signed_kinds() == ["pre_inspection", "work_order"]
    assert records.counts() == {"mark": 1, "photo": 2, "photo_here": 2, "belonging": 1, "link": 1, "not_applied": 0}
    assert records.chain_holds() and records.signed_bytes_hold() and records.phones_signed()

    address = advisor.shows_the_code()
    customer = browser.new_page(**{**SCREEN, "device_scale_factor": 1.5})  # type: ignore[arg-type]
    customer.goto(address)
    expect(customer.get_by_text("维修中").first).to_be_visible()
    seen = customer.content()
    assert "A1056" not in seen and "L00SA15B" not in seen and "16400002001" not in seen
    customer.screenshot(path=SHOTS / "status-authorised.png", full_page=True)

    fetches_the_car(advisor, "journey")
    advisor.sees_synced()
    assert records.signed_kinds() == ["handover", "pre_inspection", "work_order"]
    assert records.state() == "released" and records.chain_holds() and records.signed_bytes_hold()
    customer.reload()
    expect(customer.get_by_text("已交车").first).to_be_visible()
    customer.screenshot(path=SHOTS / "status-released.png", full_page=True)
    customer.close()
