"""Pushing acts over the wire: receipts, languages, and bad ones that harm no other."""

import json

import pytest
from sqlalchemy import select

from tests.api.conftest import Wire, is_error
from tests.visits import arrival
from webapp.api.split import NotSplit, split_push
from webapp.foundation.ids import new_id
from webapp.models import KeptAct

NOBODY = "00000000-0000-7000-8000-000000000000"


def opening(wire: Wire, **other: object) -> bytes:
    return wire.act("visit.open", arrival(), new_id(), **other)


def verdicts(response) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    assert response.status_code == 200, response.text
    return [(receipt["verdict"], receipt["code"]) for receipt in response.json["receipts"]]


def test_a_push_is_answered_by_receipts_in_order(wire: Wire) -> None:
    acts = [opening(wire), opening(wire)]

    told = wire.hand_in(*acts)

    assert verdicts(told) == [("applied", "ok")] * 2
    assert (told.json["expect_seq"], told.json["epoch"]) == (3, 1)
    assert [r["id"] for r in told.json["receipts"]] == [json.loads(act)["id"] for act in acts]
    assert verdicts(wire.hand_in(*acts)) == [("duplicate", "ok")] * 2


def test_gap_and_fork_end_the_answer(wire: Wire) -> None:
    first, second, third = opening(wire), opening(wire), opening(wire)

    assert verdicts(wire.hand_in(second, third)) == [("gap", "gap")]
    assert verdicts(wire.hand_in(first, third)) == [("applied", "ok"), ("gap", "gap")]
    wire.seq = 0
    assert verdicts(wire.hand_in(opening(wire), second)) == [("fork", "fork")]


BROKEN = {
    "act.unreadable": [b"[" * 10_000 + b"]" * 10_000, b'{"v":tru}', b'{"a":"\xff"}', b"7", b'"text"', b"null", b"{}x",
                       b'{"v":1,"v":1}', b'{"v":"\\q"}', b'{"s":"a\nb"}'],
    "act.bad_field": [b'{"v":1}'],
    "act.not_canonical": [b'{"v":1.5}', b'{"v":1,"x":"\\ud800"}', b'{"v":123456789012345678901234567890}'],
    "act.version": [b"{}", b'{"v":2}', b'{"v":true}'],
    "act.unknown_key": [b'{"v":1,"surprise":1}'],
}


@pytest.mark.parametrize(("code", "broken"), [(code, one) for code, many in BROKEN.items() for one in many])
def test_a_broken_act_is_kept_as_it_came_and_stops_no_other(wire: Wire, code: str, broken: bytes) -> None:
    before, after = opening(wire), opening(wire)

    told = wire.hand_in(before, broken, after)

    assert verdicts(told) == [("applied", "ok"), ("quarantined", code), ("applied", "ok")]
    with wire.database.read() as db:
        kept = db.scalars(select(KeptAct).order_by(KeptAct.idx)).all()
    assert [act.body for act in kept] == [before, broken, after]


WRONG_FIELDS: dict[str, list[dict[str, object]]] = {
    "act.bad_field": [
        {"seq": 0}, {"seq": "1"}, {"seq": -1}, {"id": "x"}, {"id": "X" * 36}, {"actor": ""}, {"actor": "E" * 21},
        {"device": "no"}, {"visit": "no"}, {"visit": 5}, {"command": ""}, {"command": "c" * 61}, {"args": []},
        {"base": -1}, {"base": "3"},
        {"acted_at": "yesterday"}, {"acted_at": "2026-11-23T01:05:09"}, {"acted_at": 5}, {"offset_ms": "0"}, {"salt": "short"},
        {"salt": 1}, {"app": "a" * 21}, {"sig": 5},
    ],
    "act.not_canonical": [
        {"seq": 2**60}, {"args": None}, {"args": {"a": None}}, {"args": {"a": 0.5}}, {"args": {"plate": "\ud83d"}},
    ],
    "act.bad_seq": [{"device": NOBODY}],
    "act.wrong_actor": [{"actor": "E006"}],
    "act.version": [{"v": 2}],
    "act.unknown_key": [{"extra": 1}],
    "command.unknown": [{"command": "no.such"}],
    "command.bad_args": [{"args": {}}, {"args": {"plate": "x" * 13}}],
}


@pytest.mark.parametrize(("change", "code"), [(change, code) for code, many in WRONG_FIELDS.items() for change in many])
def test_a_wrong_field_is_named_and_the_next_act_is_tried(wire: Wire, change: dict[str, object], code: str) -> None:
    bad = json.dumps(json.loads(opening(wire)) | change).encode()
    with_seq = set(change) & {"seq", "device"} == set()
    wire.seq -= 0 if with_seq else 1
    good = opening(wire)

    told = wire.hand_in(bad, good)

    assert verdicts(told)[0] == ("quarantined", code)
    assert told.json["receipts"][0]["text"] and "%" not in told.json["receipts"][0]["text"]
    assert verdicts(told)[1] == ("applied", "ok")


@pytest.mark.parametrize("text", ["a\x00b", "\u0000"])
@pytest.mark.parametrize("where", ["args", "command", "app", "actor"])
def test_a_nul_character_harms_no_database(wire: Wire, text: str, where: str) -> None:
    change = {"args": arrival(customer_name=text)} if where == "args" else {where: text}
    bad = json.dumps(json.loads(opening(wire)) | change).encode()

    told = wire.hand_in(bad, opening(wire))

    assert [verdict for verdict, _ in verdicts(told)] == ["quarantined", "applied"]


def test_an_act_over_200_kb_is_set_aside_whole(wire: Wire) -> None:
    big = json.dumps(json.loads(opening(wire)) | {"args": {"plate": "x" * 210_000}}).encode()

    assert verdicts(wire.hand_in(big, opening(wire))) == [("quarantined", "act.too_large"), ("applied", "ok")]
    with wire.database.read() as db:
        assert db.scalar(select(KeptAct.body).where(KeptAct.code == "act.too_large")) == big


def test_known_id_with_other_bytes_keeps_both(wire: Wire) -> None:
    first = opening(wire)
    wire.hand_in(first)

    again = wire.hand_in(opening(wire, id=json.loads(first)["id"]))

    assert verdicts(again) == [("quarantined", "act.id_reused")]


def test_more_than_100_acts_or_256_kb_is_refused_whole(wire: Wire) -> None:
    acts = [opening(wire) for _ in range(101)]

    is_error(wire.hand_in(*acts), 413, "push.too_large")
    is_error(wire.hand_in(b'"' + b"x" * 262_144 + b'"'), 413, "push.too_large")
    is_error(wire.hand_in(b'"' + b"x" * 1_048_576 + b'"'), 413, "body.too_large")
    assert len(verdicts(wire.hand_in(*acts[:100]))) == 100  # control: nothing of it had been taken


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"7", b"{}", b'{"protocol":1}', b'{"acts":[}', b'{"acts":[{]}', b'{"acts":["x]}', b'{"acts":[1,,2]}',
    b'{"acts":[1],"acts":[2]}', b'{"acts":[1,]}', b"[" * 10_000, b'{"acts":' + b"[" * 10_000, b"\xff\xfe", b'{"acts":"x"}',
    b'{"x":{"acts":[]}}', b'"\\"' * 50_000,
])
def test_a_push_that_cannot_be_read_takes_nothing(wire: Wire, body: bytes) -> None:
    is_error(wire.post_raw("/acts", body), 400, "body.not_json")
    assert wire.get("/changes")["head"]["index"] == 0


@pytest.mark.parametrize(("change", "code"), [
    ({"protocol": 2}, "push.protocol"), ({"protocol": "1"}, "body.bad_field"), ({"device": NOBODY}, "push.wrong_device"),
    ({"device": "no"}, "body.bad_field"), ({"epoch": -1}, "body.bad_field"), ({"epoch": None}, "body.bad_field"),
    ({"more": 1}, "body.bad_field"),
])
def test_a_wrong_frame_takes_nothing(wire: Wire, change: dict[str, object], code: str) -> None:
    frame = {"protocol": 1, "device": wire.id, "epoch": 1, "acts": []} | change

    is_error(wire.call("POST", "/acts", json=frame), 422, code)


def test_an_empty_push_tells_where_we_are(wire: Wire) -> None:
    assert wire.hand_in().json["expect_seq"] == 1 and wire.hand_in(b"  ").json["receipts"] == []


def test_receipts_speak_the_callers_language_with_facts_filled_in(wire: Wire, wire_of) -> None:  # type: ignore[no-untyped-def]
    technician = wire_of("E014")
    act = technician.act("visit.open", arrival(), new_id())

    chinese = technician.hand_in(act).json["receipts"][0]
    english = technician.hand_in(act, headers={"Accept-Language": "en-GB,en;q=0.8"}).json["receipts"][0]

    assert (chinese["verdict"], chinese["code"]) == ("refused", "role.not_yours")
    assert "服务顾问" in chinese["text"] and "%" not in chinese["text"]
    assert (english["verdict"], english["facts"]["first"]) == ("duplicate", "refused")
    assert "%" not in english["text"] and english["text"]


def test_splitting_keeps_bytes_verbatim() -> None:
    acts = [b'{"a": [1, 2, {"acts":["]"]}] }', b'"br{ack\\"et],"', b" 1 ".strip(), b'{"\\u0041" :\t2}']

    rest, found = split_push(b'{"x":[1,{"acts":[9]}],"acts" : [ ' + b" ,\n".join(acts) + b' ], "y":"]"}')

    assert found == acts
    assert json.loads(rest) == {"x": [1, {"acts": [9]}], "acts": [], "y": "]"}


@pytest.mark.parametrize("body", [b'{"acts":[1]', b'{"acts":[1]}}', b'{"acts":[1}]', b'{"acts":[,1]}', b'{"b":[1]}',
                                  b'{"acts":["]}'])
def test_control_a_body_that_does_not_close_is_not_split(body: bytes) -> None:
    with pytest.raises(NotSplit):
        split_push(body)
