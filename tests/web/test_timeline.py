"""经过: every command says a sentence of its own, and nothing in the ledger can break the page."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from tests.conftest import Phone, unguarded
from tests.visits import a_visit, does
from webapp.commands.registry import COMMANDS
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import KeptAct
from webapp.queries.sentences import SENTENCES, sentence
from webapp.queries.timeline import timeline
from webapp.queries.words import Lexicon, Say
from webapp.web.lexicon import lexicon

NOT_OF_A_VISIT = {name for name, entry in COMMANDS.items() if entry.visit == "none"}
TOLD_ELSEWHERE = {"photo.receive"}  # the photo itself shows that it is here


def words(database: Database) -> Lexicon:
    with database.read() as db:
        return lexicon(db, "YF01")


def plain(say: Say) -> str:
    """As the Chinese page writes it."""
    def one(fact: Any) -> str:
        if isinstance(fact, Say):
            return plain(fact)
        return "、".join(map(one, fact)) if isinstance(fact, list | tuple) else str(getattr(fact, "zh", fact))
    return say.text % {name: one(fact) for name, fact in say.facts.items()} if "%" in say.text else say.text


def test_every_command_of_a_visit_has_its_sentence() -> None:
    assert set(COMMANDS) - NOT_OF_A_VISIT - TOLD_ELSEWHERE == set(SENTENCES)


@pytest.mark.parametrize(("command", "args", "says"), [
    ("walkaround.answer", {"item": "WA-DR-02", "number": 52310}, "里程表读数：52,310 km"),
    ("walkaround.answer", {"item": "WA-GR-07", "status": "na", "reason": "客户不要"}, "当面铺设三件套：不适用（客户不要）"),
    ("walkaround.answer_zone", {"zone": "ext_lf", "status": "ok", "items": ["a", "b"]}, "① 左前 全部正常，记 2 项"),
    ("walkaround.record_damage", {"region": "door_rf", "kind": "scratch", "size": "medium"}, "损伤 右前门 划痕 3–10 cm"),
    ("walkaround.skip_zone", {"zone": "underbody", "reason": "无举升机"}, "略过 底盘：无举升机"),
    ("photo.add", {"subject": {"kind": "zone", "id": "ext_front"}}, "拍照 ② 车头"),
    ("concern.add", {"text": "冷车异响"}, "客户说“冷车异响”"),
    ("work_order.add_part", {"text": "机油", "quantity_milli": 4500, "price_fen": 6800}, "加配件 机油 × 4.5，单价 ¥68"),
    ("document.sign", {"kind": "work_order", "revision": 2, "doc": {"totals": {"total_fen": 141900}}},
     "客户签字 任务委托书 第 2 版 ¥1,419"),
    ("document.refuse", {"kind": "handover", "revision": 1, "reason": "absent"}, "交车确认单 第 1 版未签：客户不在场"),
    ("visit.correct", {"plate": "浙Z8K520", "mobile": "16400002002", "reason": "看错了"}, "更正 车牌、手机：看错了"),
    ("visit.mark_ready", {"checked_by": "甄质检"}, "维修完成，甄质检检验"),
    ("handover.find_defect", {"text": "还有异响"}, "客户发现问题“还有异响”，退回车间"),
])
def test_what_was_done_reads_as_people_say_it(database: Database, command: str, args: dict[str, Any], says: str) -> None:
    assert plain(sentence(command, args, words(database))) == says


@pytest.mark.parametrize("command", sorted(SENTENCES))
@pytest.mark.parametrize("args", [{}, {"item": 1, "items": 2, "kind": [], "zone": {}, "photo": None, "subject": "x", "doc": 7},
                                  {"reason": "%(x)s", "text": "%s", "size": "%"}])
def test_arguments_of_any_shape_still_give_the_commands_title(database: Database, command: str, args: dict[str, Any]) -> None:
    say = sentence(command, args, words(database))

    assert say.text


def test_an_act_whose_body_is_erased_or_unreadable_keeps_its_place(desk_of: Any, lane: Phone, database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    unguarded(database)
    with database.write() as db:
        db.execute(update(KeptAct).where(KeptAct.command == "work_order.promise").values(body=None))
        db.execute(update(KeptAct).where(KeptAct.command == "consent.record").values(body=b"\xff not json"))
        db.commit()

    page = desk_of().get(f"/visits/{visit}").text

    assert "约定交车时间" in page
    assert "记录个人信息选择" in page


def test_refused_and_quarantined_acts_are_told_with_their_reason(desk_of: Any, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    lane.does("visit.cancel", {"reason": "试试"}, visit)
    lane.does("walkaround.answer", {"item": "WA-DR-02", "numbr": 1}, visit)

    page = desk_of().get(f"/visits/{visit}").text

    assert "没有生效：这辆车现在是“已委托”" in page
    assert "放在一边，等服务经理看" in page


def test_what_was_recorded_offline_says_when_it_came(database: Database, lane: Phone, app: Any) -> None:
    visit = a_visit(lane, at="arrived")
    app.extensions["clock"].forward(minutes=11)
    does(lane, "consent.record", {"notice_version": "2026-11-01", "photos": True, "signature": True, "marketing": False}, visit)

    with database.read() as db:
        lines = timeline(db, "YF01", visit, words(database)).lines

    assert [(line.command, line.late) for line in lines] == [("consent.record", True), ("visit.open", False)]


def test_a_run_of_answers_is_one_line_that_opens(database: Database, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    for item in ("WA-GR-07", "WA-DR-10", "WA-E1-01"):
        does(lane, "walkaround.answer", {"item": item, "status": "attention" if item == "WA-E1-01" else "ok"}, visit)
    does(lane, "concern.add", {"concern": new_id(), "text": "异响"}, visit)

    with database.read() as db:
        lines = timeline(db, "YF01", visit, words(database)).lines

    assert lines[0].command == "concern.add"
    assert plain(lines[1].say) == "检查记录 3 条，1 条需留意"
    assert [plain(one.say) for one in lines[1].folded][0] == "左前翼子板外观：需关注"


def test_a_long_timeline_is_read_page_by_page_without_a_hole(desk_of: Any, database: Database, lane: Phone,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.queries.timeline.PAGE", 5)
    visit = a_visit(lane, at="authorised")
    with database.read() as db:
        whole, before, seen = words(database), None, []
        while True:
            found = timeline(db, "YF01", visit, whole, before)
            seen += [one.idx for line in found.lines for one in (line.folded or (line,))]
            if (before := found.before) is None:
                break

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == json.loads(str(lane.seq))
    assert desk_of().get(f"/visits/{visit}/entries?before={seen[3]}").status_code == 200
