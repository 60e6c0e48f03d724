"""A document that nobody signs: the customer is away, disagrees, cannot write, lets somebody else sign, or refuses the order."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from tests.e2e.conftest import HouseAtWork
from tests.e2e.handset import Handset
from tests.e2e.people.advisor import Advisor
from tests.e2e.people.customer import Customer
from tests.e2e.people.journey import a_picture
from tests.e2e.people.records import Records
from webapp.models import DocumentRefusal


def test_every_way_but_a_signature(phone: Callable[..., Handset], house: HouseAtWork, tmp_path: Path) -> None:
    advisor = Advisor(phone())
    page = advisor.page
    advisor.signs_in()
    visit = advisor.receives()
    advisor.walks_round()
    advisor.skips_the_other_shots()
    customer = Customer(advisor)
    advisor.shows_the_customer()

    customer.leaves_it("客户不在场")
    page.wait_for_url(re.compile(f"/v/{visit}$"))
    page.goto(f"/lane/#/v/{visit}/sign")
    expect(page.get_by_role("heading", name=re.compile("^接车预检表"))).to_be_visible()  # it still waits for them

    customer.leaves_it("对内容有异议")
    advisor.tap(page.locator("dialog button").filter(has_text="去补环检与损伤"))
    page.wait_for_url(re.compile("/walk"))
    page.goto(f"/lane/#/v/{visit}/sign")
    expect(page.get_by_role("heading", name=re.compile("^接车预检表"))).to_be_visible()

    advisor.tap(page.locator("label").filter(has_text="受托人"))
    expect(page.get_by_text("受托人签字，请在照片里拍下授权书。")).to_be_visible()

    customer.leaves_it("客户无法签字", witness="周门卫")
    expect(page.get_by_role("heading", name=re.compile("^任务委托书"))).to_be_visible()

    customer.leaves_it("客户拒绝签字", witness="吴车间", picture=a_picture(tmp_path / "scene.jpg"))
    advisor.takes_the_phone_back()
    expect(page.get_by_role("heading", name=re.compile("^今天 [0-9]"))).to_be_visible()
    advisor.sees_synced()

    records = Records(house, visit)
    assert records.state() == "cancelled" and records.signed_kinds() == [] and records.chain_holds()
    with house.database.read() as db:
        told = db.scalars(select(DocumentRefusal).where(DocumentRefusal.visit_id == visit).order_by(DocumentRefusal.id)).all()
        assert [(row.kind, row.reason, row.witness, len(row.photos)) for row in told] == [
            ("pre_inspection", "absent", None, 0), ("pre_inspection", "disputed", None, 0),
            ("pre_inspection", "unable", "周门卫", 0), ("work_order", "refused", "吴车间", 1)]
    assert advisor.phone.troubles == []
