"""单据: genuine or set aside; what differs is recorded; what was signed stays."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.commands.acts import belonging, photo
from tests.conftest import Phone
from tests.papers import signature, signed, signing
from tests.visits import CONSENT, STEPS, a_visit, does, job, mark, signs
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.ids import new_id
from webapp.models import Document, DocumentRefusal, Incident, KeptAct, Visit

Args = dict[str, Any]


def test_a_signed_sheet_is_kept_byte_for_byte(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")

    receipt = phone.does("document.sign", args := signing(phone, visit, "pre_inspection"), visit)

    assert (receipt.verdict, receipt.facts) == ("applied", {"code": args["doc_sha256"][:8]})
    with phone.database.read() as db:
        row = db.get_one(Document, args["document"])
        assert row.body == canonical(args["doc"]) and sha256_hex(row.body) == args["doc_sha256"] == row.doc_sha256
        assert row.signature["strokes"] == args["signature"]["strokes"]
        assert (row.differs, row.signer, db.get_one(Visit, visit).state) == ([], "赵样例", "estimating")


def _tampered(args: Args) -> None:
    args["doc"]["vehicle"]["plate"] = "浙ZA1057"


def _shapeless(args: Args) -> None:
    del args["doc"]["marks"]
    args.update(signed(args["doc"]))


def _extra(args: Args) -> None:
    args["doc"]["surprise"] = 1
    args.update(signed(args["doc"]))


def _other_visit(args: Args) -> None:
    args["doc"]["visit"] = new_id()
    args.update(signed(args["doc"]))


def _other_store(args: Args) -> None:
    args["doc"]["store"]["id"] = "YF02"
    args.update(signed(args["doc"]))


def _other_revision(args: Args) -> None:
    args["revision"] = 2


def _other_terms(args: Args) -> None:
    args["signature"]["consent_sha256"] = "e" * 64


def _softened_terms(args: Args) -> None:
    args["doc"]["legal"]["text"] += "（另有约定）"
    args.update(signed(args["doc"]))


@pytest.mark.parametrize(("change", "code"), [
    (_tampered, "document.wrong_hash"), (_shapeless, "document.bad_shape"), (_extra, "document.bad_shape"),
    (_other_visit, "document.another"), (_other_store, "document.another"), (_other_revision, "document.another"),
    (_other_terms, "document.wrong_terms"), (_softened_terms, "document.wrong_terms"),
])
def test_a_document_that_is_not_what_it_says_is_set_aside(phone: Phone, change: Callable[[Args], None], code: str) -> None:
    visit = a_visit(phone, at="inspecting")
    args = signing(phone, visit, "pre_inspection")
    change(args)

    receipt = phone.does("document.sign", args, visit)

    assert (receipt.verdict, receipt.code) == ("quarantined", code)
    with phone.database.read() as db:
        assert db.scalars(select(Document)).all() == []
        assert db.get_one(Visit, visit).state == "inspecting"
        assert db.get_one(KeptAct, ("YF01", receipt.change_no)).body
        assert [(row.kind, row.change_no) for row in db.scalars(select(Incident))] == [(code, receipt.change_no)]


@pytest.mark.parametrize("value", [1.5, None, "\ud800"])
def test_a_document_outside_the_profile_is_set_aside(phone: Phone, value: object) -> None:
    visit = a_visit(phone, at="inspecting")
    args = signing(phone, visit, "pre_inspection")
    args["doc"]["app"] = value

    act = phone.act("document.sign", {}, visit).decode().replace('"args": {}', '"args": ' + json.dumps(args)).encode()
    receipt = phone.push(act).receipts[0]

    assert (receipt.verdict, receipt.code) == ("quarantined", "act.not_canonical")


@pytest.mark.parametrize(("ink", "code"), [
    ({"strokes": [[[1, 1, 0, 500], [2, 2, 400, 500]]]}, "document.too_little_ink"),
    ({"strokes": [[[n, n, n, 500] for n in range(60)]]}, "document.too_little_ink"),
    ({"strokes": [[[n, n, 600 - 20 * n, 500] for n in range(30)], [[1, 1, 0, 1], [1, 1, 9000, 1]]]}, "document.too_little_ink"),
    ({"signed_at": "2026-11-23T03:00:00.000Z"}, "document.signed_before_shown"),
    ({}, "ok"),
    ({"strokes": [[[n, n, 16 * n, 500] for n in range(20)]]}, "ok"),
])
def test_a_name_counts_and_a_dot_does_not(phone: Phone, ink: Args, code: str) -> None:
    visit = a_visit(phone, at="inspecting")
    args = signing(phone, visit, "pre_inspection")
    args["signature"] = signature(args["doc"]["legal"]["sha256"], **ink)

    assert phone.does("document.sign", args, visit).code == code


def test_what_another_phone_recorded_meanwhile_is_named_and_opens_the_next_revision(phone: Phone, phone_of: Any) -> None:
    visit, other = a_visit(phone, at="inspecting"), phone_of("E006")
    does(phone, "walkaround.record_belonging", belonging(), visit)
    args = signing(phone, visit, "pre_inspection")
    does(other, "walkaround.record_damage", (seen := mark()), visit)
    does(other, "walkaround.answer", {"item": "WA-E1-01", "status": "fail"}, visit)

    receipt = phone.does("document.sign", args, visit)

    assert receipt.verdict == "applied"
    assert receipt.facts["revision"] == 2
    assert receipt.facts["differs"] == [{"what": "item", "id": "WA-E1-01", "signed": "unseen", "here": "fail"},
                                        {"what": "mark", "id": seen["mark"], "signed": "", "here": "listed"}]
    with phone.database.read() as db:
        row = db.get_one(Visit, visit)
        assert (row.state, row.signed, row.revisions["pre_inspection"]) == ("estimating", {"pre_inspection": 1}, 2)
        assert db.get_one(Document, args["document"]).differs == receipt.facts["differs"]


def test_a_photo_that_we_do_not_know_is_recorded_but_changes_no_revision(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    missing = {"photo": new_id(), "sha256": "b" * 64}

    receipt = phone.does("document.sign", signing(phone, visit, "pre_inspection", photos=[missing]), visit)

    assert (receipt.verdict, receipt.facts.get("revision")) == ("applied", None)
    assert receipt.facts["differs"] == [{"what": "photo", "id": missing["photo"], "signed": "b" * 64, "here": ""}]


def test_other_sums_than_ours_are_recorded(phone: Phone) -> None:
    visit = a_visit(phone, at="estimating")
    does(phone, "work_order.open", {}, visit)
    does(phone, "work_order.add_job", job(), visit)
    sums = {"labour_fen": 9600, "parts_fen": 0, "discount_fen": 600, "total_fen": 9000, "payers": []}

    receipt = phone.does("document.sign", signing(phone, visit, "work_order", totals=sums), visit)

    assert receipt.facts["differs"] == [{"what": "total_fen", "signed": 9000, "here": 9600}]


def test_a_revision_is_signed_again_and_both_signatures_stay(phone: Phone) -> None:
    visit = a_visit(phone, at="authorised")
    does(phone, "walkaround.record_damage", mark(), visit)

    receipt = signs(phone, visit, "pre_inspection")

    assert "revision" not in receipt.facts
    with phone.database.read() as db:
        kept = db.scalars(select(Document).where(Document.kind == "pre_inspection").order_by(Document.revision)).all()
        row = db.get_one(Visit, visit)
        assert [doc.revision for doc in kept] == [1, 2]
        assert (row.state, row.signed["pre_inspection"], row.revisions["pre_inspection"]) == ("authorised", 2, 2)


@pytest.mark.parametrize(("at", "kind", "code"), [
    ("inspecting", "work_order", "visit.not_now"), ("arrived", "pre_inspection", "walkaround.not_started"),
    ("estimating", "handover", "handover.not_started"), ("released", "pre_inspection", "ok"), ("settling", "handover", "ok"),
])
def test_where_a_document_may_be_signed(phone: Phone, at: str, kind: str, code: str) -> None:
    too_early = code.endswith("not_started")
    visit = a_visit(phone, at={"pre_inspection": "inspecting", "handover": "handover"}[kind] if too_early else at)
    if kind == "work_order":
        does(phone, "work_order.open", {}, visit)
        does(phone, "work_order.add_job", job(), visit)
    args = signing(phone, visit, kind)
    if too_early:
        args["doc"]["visit"] = visit = a_visit(phone, at=at)
        args = signed(args["doc"])

    assert phone.does("document.sign", args, visit).code == code


def test_an_id_of_a_document_is_used_once(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    args = signing(phone, visit, "pre_inspection")
    does(phone, "document.sign", args, visit)

    assert phone.does("document.sign", args, visit).code == "document.known"


def test_no_electronic_signature_without_consent_to_it(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    does(phone, "consent.record", {**CONSENT, "signature": False}, visit)

    assert phone.does("document.sign", signing(phone, visit, "pre_inspection"), visit).code == "consent.no_signature"
    assert phone.does("document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "paper"}, visit).verdict == "applied"


@pytest.mark.parametrize(("kind", "reason", "at", "state"), [
    ("pre_inspection", "refused", "inspecting", "estimating"), ("pre_inspection", "absent", "inspecting", "estimating"),
    ("work_order", "refused", "estimating", "cancelled"), ("work_order", "paper", "estimating", "authorised"),
    ("work_order", "absent", "estimating", "awaiting_signature"), ("work_order", "disputed", "estimating", "awaiting_signature"),
    ("work_order", "refused", "authorised", "authorised"), ("handover", "refused", "handover", "settling"),
    ("pre_inspection", "unable", "ready", "ready"),
])
def test_each_way_not_to_sign_has_its_own_end(phone: Phone, kind: str, reason: str, at: str, state: str) -> None:
    visit = a_visit(phone, at=at)
    if kind == "work_order" and at == "estimating":
        does(phone, "work_order.open", {}, visit)

    does(phone, "document.refuse", {"kind": kind, "revision": 1, "reason": reason, "witness": "许接待"}, visit)

    with phone.database.read() as db:
        assert db.get_one(Visit, visit).state == state
        assert db.scalars(select(DocumentRefusal)).one().reason == reason


def test_an_unseen_zone_without_photo_or_reason_is_named(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    does(phone, "photo.add", photo(subject={"kind": "zone", "id": "ext_lf"}), visit)
    does(phone, "walkaround.skip_photo", {"zone": "ext_rear", "reason": "贴墙"}, visit)

    receipt = does(phone, "document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "absent"}, visit)

    assert receipt.facts == {"zones_without_photo": ["ext_front", "ext_rf", "ext_right", "ext_rr", "ext_lr", "ext_left"]}


def test_a_refusal_before_its_time_is_refused(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    does(phone, "work_order.open", {}, visit)

    assert phone.does("document.refuse", {"kind": "work_order", "revision": 1, "reason": "absent"}, visit).code == "visit.not_now"


def test_an_absent_customer_signs_later(phone: Phone) -> None:
    visit = a_visit(phone, at="estimating")
    does(phone, "work_order.open", {}, visit)
    does(phone, "work_order.add_job", job(), visit)
    does(phone, "document.refuse", {"kind": "work_order", "revision": 1, "reason": "absent"}, visit)

    signs(phone, visit, "work_order")

    with phone.database.read() as db:
        assert db.get_one(Visit, visit).state == "authorised"


def test_voiding_adds_a_fact_and_asks_for_a_new_signature(phone: Phone, phone_of: Any) -> None:
    visit, manager = a_visit(phone, at="estimating"), phone_of("E002")
    with phone.database.read() as db:
        before = db.scalars(select(Document)).one()

    receipt = manager.does("document.void", {"document": before.id, "reason": "签错了人"}, visit)

    assert receipt.facts == {"revision": 2}
    with phone.database.read() as db:
        row = db.get_one(Document, before.id)
        assert (row.body, row.doc_sha256, row.void_reason) == (before.body, before.doc_sha256, "签错了人")
    assert manager.does("document.void", {"document": new_id(), "reason": "?"}, visit).code == "document.unknown"


def test_the_handover_says_when_a_refusal_statement_is_missing(phone: Phone) -> None:
    visit = a_visit(phone, at="ready")
    does(phone, "work_order.decline", {"item": "WA-DR-10", "reason": "不做", "safety": True}, visit)

    STEPS["handover"](phone, visit)
    receipt = signs(phone, visit, "handover")

    assert receipt.facts["refusal_missing"] == ["制动踏板行程与硬度"]


def test_photos_of_the_sheet_are_compared_by_hash(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    does(phone, "photo.add", photo(), visit)

    assert "differs" not in signs(phone, visit, "pre_inspection").facts
