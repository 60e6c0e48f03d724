"""One car's page: its parts, its forms through the one door, its papers and pictures."""

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Phone, unguarded
from tests.visits import STEPS, a_visit, does, mark, part
from tests.web import pictures
from tests.web.conftest import Browser
from webapp.api import wire
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import DamageMark, Document, KeptAct, Photo, StatusLink, Vehicle, Visit


def test_the_page_tells_what_was_agreed_seen_and_signed(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    does(lane, "concern.add", {"concern": new_id(), "text": "冷车时异响"}, visit)
    does(lane, "walkaround.record_belonging", {"belonging": new_id(), "text": "儿童座椅", "kept_in_car": True}, visit)

    page = desk_of().get(f"/visits/{visit}").text

    for word in ("浙Z·A1056", "赵样例", "更换机油机滤", "¥96", "16:00", "“冷车时异响”", "儿童座椅", "接车预检表", "任务委托书",
                 "左前门", "划痕", "52,310 km", "已委托"):
        assert word in page


def test_missing_photos_are_told_per_phone(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    for _ in range(3):
        pictures.announced(lane, visit, {"kind": "zone", "id": "ext_rear"})

    assert "3 张照片仍在 林E005 的手机上，最后联系 12:00" in desk_of().get(f"/visits/{visit}").text


def test_two_peoples_answers_stand_side_by_side(desk_of: Any, lane: Phone, phone_of: Any, app: Flask, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")
    other = Phone(database, app.extensions["house"].door, "E006")
    does(lane, "walkaround.answer", {"item": "WA-GR-07", "status": "ok"}, visit)
    assert other.does("walkaround.answer", {"item": "WA-GR-07", "status": "fail"}, visit).verdict == "conflict"

    page = desk_of().get(f"/visits/{visit}").text

    assert "请当面核对" in page
    assert "林E006：不合格" in page
    assert "林E005：正常" in page
    assert "两人记得不一样" in desk_of().get("/").text


def test_a_correction_is_an_act_and_only_of_what_differs(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")

    done = desk_of().fills(f"/visits/{visit}/do/visit.correct", reason="听错了", customer_name="赵样本", plate="浙ZA1056",
                           mobile="16400002001", sender="owner", vin="L00SA15B3PA100231")

    assert done.location == f"/visits/{visit}?done=act"
    with database.read() as db:
        assert db.get_one(Visit, visit).customer_name == "赵样本"
        act = db.scalars(select(KeptAct).where(KeptAct.command == "visit.correct")).one()
    assert json.loads(act.body or b"")["args"] == {"customer_name": "赵样本", "reason": "听错了"}
    page = desk_of().get(done.location).text
    assert "更正 客户：听错了" in page
    assert "已记入这次来店的经过" in page


def test_a_double_click_is_one_act(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of()
    page = desk.get(f"/visits/{visit}/do/visit.mark_ready").text
    act = re.search(r'name="act" type="hidden" value="([^"]+)"', page)
    assert act

    first, second = (desk.post(f"/visits/{visit}/do/visit.mark_ready", {"act": act[1], "checked_by": "甄质检"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(KeptAct).where(KeptAct.command == "visit.mark_ready")) == 1
        assert db.get_one(Visit, visit).state == "ready"


def test_a_refusal_comes_back_as_the_form_with_its_sentence_and_a_new_act(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")

    response = desk_of().fills(f"/visits/{visit}/do/visit.cancel", reason="客户改主意", act=(act := new_id()))

    assert response.status_code == 422
    assert "这辆车现在是“已委托”，不能做这一步" in response.text
    assert 'value="客户改主意"' in response.text
    assert act not in response.text


def test_a_form_with_a_gap_never_reaches_the_door(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")

    response = desk_of().fills(f"/visits/{visit}/do/visit.mark_ready", checked_by="")

    assert response.status_code == 422
    assert "请填写" in response.text
    with database.read() as db:
        assert not db.scalars(select(KeptAct).where(KeptAct.command == "visit.mark_ready")).all()


@pytest.mark.parametrize("fields", [
    {"checked_by": "\ud800"}, {"checked_by": "a\0b"}, {"checked_by": "长" * 41}, {"act": "no-id", "checked_by": "甄"},
    {"base": "-1", "checked_by": "甄"}, {"base": "9" * 40, "checked_by": "甄"}, {"checked_by": "<script>alert(1)</script>"},
])
def test_bad_input_is_a_sentence_never_a_fault(desk_of: Any, lane: Phone, fields: dict[str, str]) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of()
    safe = {k: v.encode("utf-8", "surrogatepass") for k, v in fields.items()}

    response = desk.fills(f"/visits/{visit}/do/visit.mark_ready", **safe)
    page = desk.get(f"/visits/{visit}")

    assert response.status_code in (303, 422)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_promise_is_written_in_the_stores_time(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")

    done = desk_of().fills(f"/visits/{visit}/do/work_order.promise", promised_at="2026-11-23T17:30")

    assert done.status_code == 303
    with database.read() as db:
        promised = db.get_one(Visit, visit).promised_at
    assert promised
    assert promised.isoformat() == "2026-11-23T09:30:00+00:00"


def test_a_photo_is_taken_back_and_put_back(app: Flask, desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")
    photo = pictures.taken(app, lane, visit, {"kind": "zone", "id": "ext_front"})
    desk = desk_of()

    desk.fills(f"/visits/{visit}/do/photo.retract?photo={photo}", reason="拍糊了")
    with database.read() as db:
        assert db.get_one(Photo, photo).retracted
    assert "已撤下：拍糊了" in desk.get(f"/visits/{visit}/photos/{photo}").text
    desk.fills(f"/visits/{visit}/do/photo.restore?photo={photo}", reason="还是要")

    with database.read() as db:
        assert not db.get_one(Photo, photo).retracted


def test_pictures_are_derivatives_and_the_original_only_a_download(app: Flask, desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    photo = pictures.taken(app, lane, visit, {"kind": "zone", "id": "ext_front"})
    does(lane, "photo.annotate", {"photo": photo, "shapes": [{"kind": "arrow", "points": [[100, 100], [5000, 5000]]},
                                                             {"kind": "text", "points": [[200, 900]], "text": "旧伤"}]}, visit)
    desk = desk_of()

    thumb, original = desk.get(f"/photos/{photo}/thumb"), desk.get(f"/photos/{photo}/original")
    again = desk.client.get(f"/photos/{photo}/thumb", headers={"If-None-Match": thumb.headers["ETag"]})
    page = desk.get(f"/visits/{visit}/photos/{photo}").text

    assert (thumb.status_code, thumb.mimetype, again.status_code) == (200, "image/jpeg", 304)
    assert original.data == pictures.picture(0)
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in original.headers["Content-Security-Policy"]
    assert "M10.0 7.5L500.0 375.0" in page
    assert ">旧伤</text>" in page


def test_a_mark_is_retracted_at_the_desk(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")
    does(lane, "walkaround.record_damage", seen := mark(), visit)

    desk_of().fills(f"/visits/{visit}/do/walkaround.retract_damage?mark={seen['mark']}", reason="是水渍")

    with database.read() as db:
        assert db.get_one(DamageMark, seen["mark"]).retracted


def test_the_desk_makes_a_code_for_the_customer_and_takes_it_back(app: Flask, desk_of: Any, lane: Phone,
                                                                  database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of()

    page = desk.fills(f"/visits/{visit}/do/status.issue_link").text
    url = re.search(r"http://localhost(/s/[A-Z2-7]{32})", page)

    assert url
    assert 'viewBox="0 0 ' in page
    assert app.test_client().get(url[1]).status_code == 303
    with database.read() as db:
        link = db.scalars(select(StatusLink)).one()
        assert url[1][3:].encode() not in b"".join(b or b"" for b in db.scalars(select(KeptAct.body)))

    desk.fills(f"/visits/{visit}/do/status.revoke_link?link={link.id}", reason="给错了人")
    assert app.test_client().get(url[1]).status_code == 404


def test_a_document_is_drawn_from_its_signed_bytes(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    made = signed(database, visit, "work_order")
    does(lane, "work_order.add_part", part(), visit)  # what comes later is not in what was signed

    page = desk_of("E002").get(f"/documents/{made.id}").text

    assert "更换机油机滤" in page
    assert "机油 5W-30" not in page
    assert f"{made.doc_sha256[:4]} {made.doc_sha256[4:8]}".upper() in page
    assert "WX-2026" in page
    assert "M10 20L11 21L12 22" in page  # the stroke as it was drawn


def test_a_document_that_was_touched_says_so(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    made = signed(database, visit, "work_order")
    unguarded(database)
    with database.write() as db:
        row = db.get_one(Document, made.id)
        row.body = row.body.replace("更换机油机滤".encode(), "更换空调滤芯".encode())
        db.commit()

    assert "与签字时的校验码不符" in desk_of().get(f"/documents/{made.id}").text


def test_a_void_document_says_so_everywhere(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    made = signed(database, visit, "work_order")
    manager = desk_of("E002")

    manager.fills(f"/visits/{visit}/do/document.void?document={made.id}", reason="价格写错")

    assert "已作废：价格写错" in manager.get(f"/documents/{made.id}").text
    assert "已作废" in manager.get(f"/visits/{visit}").text


def test_english_speaks_english(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    desk = desk_of()

    page = desk.get(f"/visits/{visit}?lang=en").text

    assert '<html lang="en">' in page
    assert "Left front door" in page
    assert '<html lang="en">' in desk.get("/").text  # and stays chosen


def test_two_visits_of_one_car_are_made_one_at_the_desk(desk_of: Any, lane: Phone, phone_of: Any, database: Database) -> None:
    goes, stays = a_visit(lane, at="arrived"), a_visit(lane, at="inspecting")
    other_car = a_visit(lane, at="arrived", plate="浙Z8K520", vin="L00SA15B1PA100213")
    desk = desk_of()
    assert "do/visit.merge" in desk.get(f"/visits/{goes}").text
    assert "do/visit.merge" not in desk.get(f"/visits/{other_car}").text
    form = desk.get(f"/visits/{goes}/do/visit.merge").text
    assert f'value="{stays}"' in form and other_car not in form

    done = desk.fills(f"/visits/{goes}/do/visit.merge", into=stays, reason="两部手机各开了一次")

    assert done.location == f"/visits/{stays}?done=act"
    with database.read() as db:
        assert (db.get_one(Visit, goes).state, db.get_one(Visit, goes).merged_into) == ("cancelled", stays)
    assert "同一辆车的另一次来店并入这里：两部手机各开了一次" in desk.get(done.location).text
    gone = desk.get(f"/visits/{goes}").text
    assert "并入同一辆车的另一次来店：两部手机各开了一次" in gone and f"/visits/{stays}" in gone


def far_too_large(desk: Browser, path: str) -> tuple[Any, bytes]:
    """The answer to a form of 14 MB, and what of it nobody read."""
    desk.get(path)
    body = io.BytesIO(b"text=" + b"x" * (14 * 1024 * 1024))
    answer = desk.client.post(path, input_stream=body, content_type="application/x-www-form-urlencoded",
                              headers={"Sec-Fetch-Site": "same-origin", "Content-Length": str(len(body.getvalue()))})
    return answer, body.read()


def test_a_form_far_too_large_is_answered_by_a_page_after_all_of_it_was_read(desk_of: Any, lane: Phone,
                                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    desk, path = desk_of(), f"/visits/{a_visit(lane, at='inspecting')}/do/concern.add"

    answer, left = far_too_large(desk, path)

    assert answer.status_code == 413
    assert "请把内容分成几次" in answer.text
    assert left == b""  # left unread, the server would break the connection and the page would never show

    monkeypatch.setattr(wire, "DRAINED", 0)  # the control
    assert far_too_large(desk, path)[1] != b""


@pytest.mark.parametrize(("into", "sentence"), [
    ("", "请选并入哪一次"), ("nonsense", "这个页面不完整"), ("unknown", "没有要并入的来店，请刷新后再选"),
    ("other_car", "两次来店不是同一辆车"), ("ended", "已结束的来店不能合并")])
def test_what_cannot_be_merged_says_why(desk_of: Any, lane: Phone, database: Database, into: str, sentence: str) -> None:
    ids = {"unknown": new_id(), "other_car": a_visit(lane, at="arrived", plate="浙Z8K520", vin="L00SA15B1PA100213"),
           "ended": a_visit(lane, at="released")}
    visit = a_visit(lane, at="arrived")
    a_visit(lane, at="arrived")

    answer = desk_of().fills(f"/visits/{visit}/do/visit.merge", into=ids.get(into, into), reason="同一辆车")

    assert answer.status_code == 422
    assert sentence in answer.text
    with database.read() as db:
        assert db.get_one(Visit, visit).state == "arrived"


def test_what_was_signed_is_the_one_that_goes_on(desk_of: Any, lane: Phone) -> None:
    visit, plain = a_visit(lane, at="authorised"), a_visit(lane, at="arrived")

    answer = desk_of().fills(f"/visits/{visit}/do/visit.merge", into=plain, reason="同一辆车")

    assert answer.status_code == 422
    assert "请反过来，把另一次并入这一次" in answer.text


def signed(database: Database, visit: str, kind: str) -> Document:
    with database.read() as db:
        return db.scalars(select(Document).where(Document.visit_id == visit, Document.kind == kind)).one()


def test_what_a_visit_leaves_undone_is_told_once(desk_of: Any, lane: Phone, database: Database) -> None:
    car = new_id()
    with database.write() as db:
        db.add(Vehicle(id=car, store_id="YF01", plate="浙ZA1056", powertrain="fuel", customer_name="赵样例",
                       declined=[{"text": "空调滤芯", "safety": False, "on": "2026-01-05"}]))
        db.commit()
    visit = a_visit(lane, at="estimating", vehicle=car)
    does(lane, "work_order.decline", {"item": "WA-E2-02", "reason": "下次再做", "safety": False}, visit)
    for step in ("authorised", "ready", "handover", "settling", "released"):
        STEPS[step](lane, visit)

    page = desk_of("E002").get(f"/visits/{visit}").text
    undone = page[page.index('id="h-last"'):page.index('id="h-docs"')]

    assert undone.count("下次再做") == 1 and undone.count("<li>") == 2
    assert "空调滤芯" in undone


def test_a_finding_is_judged_once(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    does(lane, "walkaround.answer", {"item": "WA-E2-02", "status": "attention"}, visit)

    page = desk_of("E002").get(f"/visits/{visit}").text
    found = page[page.index('id="h-find"'):page.index('id="h-pics"')]

    assert found.count("需关注") == 1
