"""The desk erases, holds and exports: who may, what it says before, and what is there afterwards."""

import io
import zipfile
from pathlib import Path
from typing import Any

from flask import Flask

from tests.conftest import Phone
from tests.erasing import MOBILE, NAME, PLATE, a_full_visit, hits
from tests.visits import a_visit
from tests.web.conftest import an_app
from webapp.app import create_app
from webapp.foundation.ids import new_id
from webapp.models import Document
from webapp.web.kept import NAME as PAGES


def test_a_manager_erases_with_a_tick_and_gets_a_certificate(app: Flask, desk_of: Any, lane: Phone) -> None:
    house = app.extensions["house"]
    visit, desk = a_full_visit(house, lane), desk_of("E002")
    assert NAME in desk.get(f"/visits/{visit}").text
    page = desk.get(f"/visits/{visit}/erase").text
    assert "谁也找不回来" in page and "1 张照片" in page and "3 份签过字的单据" in page

    unsure = desk.fills(f"/visits/{visit}/erase", reason="客户来电要求")
    assert unsure.status_code == 422 and hits(house)
    done = desk.fills(f"/visits/{visit}/erase", reason="客户来电要求", sure="y")

    assert done.status_code == 303
    shown = desk.get(f"/visits/{visit}").text
    assert "删除证明" in shown and "客户要求删除" in shown and NAME not in shown + desk.get("/").text
    assert hits(house) == {}
    for path in ("erase", "export"):
        assert desk.get(f"/visits/{visit}/{path}").status_code == 404


def test_documents_of_an_erased_visit_are_not_found(app: Flask, desk_of: Any, lane: Phone) -> None:
    visit, desk = a_visit(lane, at="released"), desk_of("E002")
    with lane.database.read() as db:
        document = db.query(Document.id).filter_by(visit_id=visit).first()[0]
    assert desk.get(f"/documents/{document}").status_code == 200

    desk.fills(f"/visits/{visit}/erase", reason="客户来电要求", sure="y")

    assert [desk.get(f"/documents/{document}{end}").status_code for end in ("", ".pdf")] == [404, 404]
    assert desk.get(f"/visits/{visit}/entries?before=99").status_code == 200


def test_a_car_that_is_here_says_so(desk_of: Any, lane: Phone) -> None:
    visit, desk = a_visit(lane, at="authorised"), desk_of("E002")
    assert "车还没有离店" in desk.get(f"/visits/{visit}/erase").text

    refused = desk.fills(f"/visits/{visit}/erase", reason="客户来电要求", sure="y")

    assert refused.status_code == 422 and "车还没有离店" in refused.text


def test_an_owner_holds_and_lifts(desk_of: Any, lane: Phone) -> None:
    visit, owner = a_visit(lane, at="released"), desk_of("E001")
    assert owner.fills(f"/visits/{visit}/do/visit.hold", reason="保险公司在查").status_code == 303
    assert "已冻结：保险公司在查" in owner.get(f"/visits/{visit}").text
    assert "已冻结" in owner.fills(f"/visits/{visit}/erase", reason="客户来电要求", sure="y").text

    assert owner.fills(f"/visits/{visit}/do/visit.release_hold", reason="已结案").status_code == 303
    assert owner.fills(f"/visits/{visit}/erase", reason="客户来电要求", sure="y").status_code == 303


def test_an_export_comes_as_a_zip_and_stands_in_the_ledger(app: Flask, desk_of: Any, lane: Phone) -> None:
    visit, desk = a_full_visit(app.extensions["house"], lane), desk_of("E002")
    assert desk.fills(f"/visits/{visit}/export", reason="").status_code == 422

    sent = desk.fills(f"/visits/{visit}/export", reason="客户本人来店领取")

    assert (sent.status_code, sent.mimetype) == (200, "application/zip")
    assert NAME not in sent.headers["Content-Disposition"]
    assert "visit.json" in zipfile.ZipFile(io.BytesIO(sent.data)).namelist()
    assert "导出全部资料：客户本人来店领取" in desk.get(f"/visits/{visit}").text


def test_it_is_for_managers(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="released")
    for staff, ways in (("E005", {403, 404}), ("E002", {200})):
        assert {desk_of(staff).get(f"/visits/{visit}/{path}").status_code for path in ("erase", "export")} <= ways
    assert desk_of("E002").get(f"/visits/{visit}/do/visit.hold").status_code == 404  # the owner's alone
    other = desk_of("E002", "YF02")
    assert {other.get(f"/visits/{visit}/{path}").status_code for path in ("erase", "export")} == {404}


def test_an_erasure_from_a_phone_takes_files_and_drawn_pages_at_once(app: Flask, tmp_path: Path, clock: Any, lane: Phone,
                                                                     phone_of: Any) -> None:
    """Through the app's own door: what was drawn before is not even left in memory."""
    whole = create_app(app.extensions["house"].settings)
    house = whole.extensions["house"]
    visit = a_full_visit(house, Phone(lane.database, house.door))
    an_app(lane.database, tmp_path, clock)  # passwords
    whole.extensions[PAGES] = pages = type(app.extensions.get(PAGES) or _pages())()
    pages.put("a key", _page())
    manager = Phone(lane.database, house.door, "E002")

    assert manager.does("visit.erase", {"reason": "客户要求", "rule": "customer_request"}, visit).verdict == "applied"

    assert hits(house) == {} and pages.get("a key") is None
    assert (house.settings.home / "erased.jsonl").read_text().count(visit) == 1


def _pages() -> Any:
    from webapp.web.kept import Pages

    return Pages()


def _page() -> Any:
    from webapp.web.kept import Page

    return Page(f"{NAME}{MOBILE}{PLATE}{new_id()}".encode(), [])
