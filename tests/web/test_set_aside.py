"""What was set aside is shown the manager with its content, why, and what to do; nobody else sees it, and it runs nothing."""

import json
from typing import Any

import pytest
from sqlalchemy import delete

from tests.conftest import NOON, Phone
from tests.visits import a_visit, mark
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Incident


@pytest.fixture
def manager(desk_of: Any) -> Any:
    return desk_of("E002")


def test_a_forged_act_is_shown_with_its_content_and_what_to_do(lane: Phone, manager: Any) -> None:
    visit = a_visit(lane, at="inspecting")
    lane.takes_key()
    lane.does("walkaround.record_damage", mark(note="左前门一道口子"), visit, sig="A" * 86)

    shown = manager.get("/aside").text

    assert "签名不是这部手机的" in shown and "bad_signature" in shown and "停用这部手机" in shown
    assert "左前门一道口子" in shown and "E005 的手机" in shown and f"/visits/{visit}" in shown
    assert lane.does("walkaround.record_damage", mark(), visit).verdict == "applied"  # and stopped nothing


@pytest.mark.parametrize(("act", "words"), [
    (b'{"v":1,"id":"\xff', "读不出来"),
    (b'{"args":{"x":"\\ud800"}}', "不允许的内容"),
    (b"[" * 9999 + b"]" * 9999, "读不出来"),
    (json.dumps({"args": {"note": "<script>alert(1)</script>"}, "command": "no.such"}).encode(), "版本不认识"),
])
def test_whatever_came_can_be_read_and_runs_nothing(lane: Phone, manager: Any, act: bytes, words: str) -> None:
    lane.push(act)

    answer = manager.get("/aside")

    assert answer.status_code == 200 and words in answer.text
    assert "<script>alert" not in answer.text


def test_a_version_to_come_and_holes_and_heads_have_words_of_their_own(lane: Phone, manager: Any, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")
    lane.does("walkaround.record_damage", mark(), visit, v=2)
    lane.does("device.lost_seq", {"from": lane.seq + 1, "to": lane.seq + 3})
    with database.write() as db:
        for kind in ("head_differs", "head_taken_back"):
            db.add(Incident(id=new_id(), store_id="YF01", change_no=None, kind=kind, device_id=lane.id, at=NOON,
                            facts={"staff": "E005", "heads": [[7, "a" * 64], [5, "b" * 64]]}))
        db.add(Incident(id=new_id(), store_id="YF01", change_no=None, kind="something.new", device_id=None, at=NOON, facts={}))
        db.commit()

    shown = manager.get("/aside").text

    for words in ("先更新服务器", "条记录", "从第 5 条起", "被退掉了", "something.new"):
        assert words in shown


def test_it_is_told_a_page_at_a_time_and_a_phone_at_a_time(lane: Phone, manager: Any, database: Database) -> None:
    with database.write() as db:
        for n in range(60):
            db.add(Incident(id=new_id(), store_id="YF01", change_no=None, kind=f"kind.{n:02}", device_id=lane.id, at=NOON,
                            facts={}))
        db.commit()
    first = manager.get("/aside")
    after = first.text.partition("/aside?after=")[2][:36]

    second = manager.get(f"/aside?after={after}").text

    seen = [n for n in range(60) if f"kind.{n:02}" in first.text], [n for n in range(60) if f"kind.{n:02}" in second]
    assert sorted(seen[0] + seen[1]) == list(range(60)) and len(seen[0]) == 50
    assert "没有待处理" in manager.get(f"/aside?phone={new_id()}").text
    assert manager.get("/aside?after=x&phone=x").status_code == 200


def test_only_managers_of_this_store_see_it(lane: Phone, desk_of: Any, database: Database) -> None:
    lane.does("no.such", {}, sig="secret-content")

    assert "secret-content" in desk_of("E001").get("/aside").text
    assert desk_of("E005").get("/aside").status_code == 403
    assert "secret-content" not in desk_of("E002", "YF02").get("/aside").text
    with database.write() as db:  # control
        db.execute(delete(Incident))
        db.commit()
    assert "没有待处理" in desk_of("E001").get("/aside").text
