"""The sealed PDF where people meet it: on the document's page at the desk, and by the customer's link."""

import io
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.conftest import Clock, Phone
from tests.visits import a_visit, does, signs
from tests.web.conftest import Browser
from tests.web.test_status import a_link
from webapp.commands.seal_worker import once
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import Document


def test_before_the_seal_the_page_says_so_and_there_is_no_file(desk_of: Any, lane: Phone, database: Database) -> None:
    made = paper(database, a_visit(lane, at="authorised"), "work_order")
    desk = desk_of()

    assert "封存中" in desk.get(f"/documents/{made.id}").text
    assert desk.get(f"/documents/{made.id}.pdf").status_code == 404


@pytest.mark.parametrize("kind", ["pre_inspection", "work_order", "handover"])
def test_the_sealed_file_is_a_download_that_says_what_was_signed(desk_of: Any, lane: Phone, app: Flask, clock: Clock,
                                                                 database: Database, kind: str) -> None:
    visit = a_visit(lane, at="settling")
    made = paper(database, visit, kind)
    once(app.extensions["house"], clock)
    desk = desk_of()

    page, file = desk.get(f"/documents/{made.id}").text, desk.get(f"/documents/{made.id}.pdf")

    assert "封存的 PDF" in page
    assert "封存中" not in page
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    words = {"pre_inspection": ["接车预检表", "JC-2026"], "work_order": ["任务委托书", "96.00", "WX-2026"],
             "handover": ["交车确认单"]}
    assert all(word in text_of(file.data) for word in ["赵样例", made.doc_sha256[:4].upper(), *words[kind]])
    assert "封存一份单据" in desk.get(f"/visits/{visit}").text


def test_what_people_wrote_stays_text_in_the_pdf(desk_of: Any, lane: Phone, app: Flask, clock: Clock, database: Database) -> None:
    visit = a_visit(lane, at="inspecting")
    does(lane, "concern.add", {"concern": new_id(), "text": '#panic("x") $x^2$ *粗* <b>'}, visit)
    signs(lane, visit, "pre_inspection")
    made = paper(database, visit, "pre_inspection")
    once(app.extensions["house"], clock)

    text = text_of(desk_of().get(f"/documents/{made.id}.pdf").data)

    assert '#panic("x")' in text.replace("“", '"').replace("”", '"')


def test_another_store_gets_nothing(desk_of: Any, lane: Phone, app: Flask, clock: Clock, database: Database) -> None:
    made = paper(database, a_visit(lane, at="authorised"), "work_order")
    once(app.extensions["house"], clock)

    assert desk_of("E005", "YF02").get(f"/documents/{made.id}.pdf").status_code == 404
    assert desk_of("E035").get(f"/documents/{made.id}.pdf").status_code == 403


def test_a_file_that_is_not_what_the_ledger_says_is_not_given_away(desk_of: Any, lane: Phone, app: Flask, clock: Clock,
                                                                   database: Database) -> None:
    made = paper(database, a_visit(lane, at="authorised"), "work_order")
    house, desk = app.extensions["house"], desk_of()
    once(house, clock)
    good = desk.get(f"/documents/{made.id}.pdf").data

    path = next(path for path in house.sealed.folder.glob("??/*") if path.read_bytes() == good)
    path.write_bytes(good[:-1] + b"x")

    assert desk.get(f"/documents/{made.id}.pdf").status_code == 404


def test_a_document_voided_before_its_seal_says_so_in_it(desk_of: Any, lane: Phone, app: Flask, clock: Clock,
                                                         database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    made = paper(database, visit, "work_order")
    desk = desk_of("E002")
    desk.fills(f"/visits/{visit}/do/document.void?document={made.id}", reason="价格写错")
    once(app.extensions["house"], clock)

    assert "价格写错" in text_of(desk.get(f"/documents/{made.id}.pdf").data)


def test_the_customer_gets_it_by_the_end_of_their_mobile(browser: Browser, lane: Phone, app: Flask, clock: Clock,
                                                         database: Database) -> None:
    """Plate, VIN and name stand in it: the link alone, which may have been passed on, is not enough (evidence.md D2)."""
    visit = a_visit(lane, at="authorised")
    made, token = paper(database, visit, "work_order"), a_link(lane, visit)
    path = f"/s/{token}/documents/{made.id}"
    assert "封存的 PDF 正在制作" in browser.get(path).text
    once(app.extensions["house"], clock)
    assert 'name="last4"' in browser.get(path).text

    wrong, right = browser.post(path, {"last4": "2002"}), browser.post(path, {"last4": "2001"})

    assert (wrong.status_code, wrong.mimetype) == (422, "text/html")
    assert "与登记的手机号后四位不符" in wrong.text
    assert (right.status_code, right.mimetype) == (200, "application/pdf")
    assert right.headers["Content-Disposition"].startswith("attachment;")
    assert right.headers["X-Content-Type-Options"] == "nosniff"
    assert right.headers["Cache-Control"] == "no-store"
    assert browser.client.post(path, data={"last4": "2001"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_guessing_the_end_of_the_mobile_ends_after_five(browser: Browser, lane: Phone, app: Flask, clock: Clock,
                                                        database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    path = f"/s/{a_link(lane, visit)}/documents/{paper(database, visit, 'work_order').id}"
    once(app.extensions["house"], clock)
    browser.get(path)

    codes = [browser.post(path, {"last4": f"{n:04}"}).status_code for n in range(6)]

    assert codes == [422] * 5 + [429]
    assert browser.post(path, {"last4": "2001"}).status_code == 429


@pytest.mark.parametrize("last4", ["", "\ud800", "２００１", "2001" * 5000, "a\0b"])
def test_bad_input_for_the_mobile_is_a_sentence(browser: Browser, lane: Phone, app: Flask, clock: Clock, database: Database,
                                                last4: str) -> None:
    visit = a_visit(lane, at="authorised")
    path = f"/s/{a_link(lane, visit)}/documents/{paper(database, visit, 'work_order').id}"
    once(app.extensions["house"], clock)
    browser.get(path)

    assert browser.post(path, {"last4": last4.encode("utf-8", "surrogatepass")}).status_code in (400, 422)


def test_another_visits_link_gets_nothing(browser: Browser, lane: Phone, app: Flask, clock: Clock, database: Database) -> None:
    made = paper(database, a_visit(lane, at="authorised"), "work_order")
    other = a_link(lane, a_visit(lane, at="authorised"))
    once(app.extensions["house"], clock)
    browser.get(f"/s/{other}")
    browser.get("/sign-in")

    assert browser.post(f"/s/{other}/documents/{made.id}", {"last4": "2001"}).status_code == 404


def paper(database: Database, visit: str, kind: str) -> Document:
    with database.read() as db:
        return db.query(Document).filter_by(visit_id=visit, kind=kind).one()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
