"""The customer's link: what it shows, what it never shows, and one answer for all that is wrong with it (evidence.md D2)."""

import base64
import gzip
import re
import secrets
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Clock, Phone
from tests.visits import a_visit, does
from tests.web import pictures
from tests.web.conftest import Browser, an_app
from webapp.foundation.canon import sha256_hex
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.models import KeptAct, StatusLink, Visit
from webapp.queries.status_page import masked

PRIVATE = ("L00SA15B3PA100231", "16400002001", "浙ZA1056", "浙Z·A1056")


def a_token() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def a_link(lane: Phone, visit: str, **other: Any) -> str:
    token = a_token()
    args = {"link": new_id(), "token_sha256": sha256_hex(token.encode()), "scope": "view", **other}
    does(lane, "status.issue_link", args, visit)
    return token


def follow(browser: Browser, path: str) -> Any:
    """As a phone's browser follows the redirects."""
    return browser.client.get(path, follow_redirects=True)


def test_the_code_leads_to_a_clean_address_with_a_cookie(browser: Browser, lane: Phone) -> None:
    token = a_link(lane, a_visit(lane, at="authorised"))

    page = follow(browser, f"/s/{token}")

    assert (page.status_code, page.request.path) == (200, "/s/")
    assert token not in page.text
    assert browser.get("/s/").status_code == 200


def test_where_cookies_are_refused_the_page_works_from_the_tokens_address(app: Flask, lane: Phone) -> None:
    token = a_link(lane, a_visit(lane, at="authorised"))
    client = app.test_client(use_cookies=False)

    first = client.get(f"/s/{token}")
    page = client.get(first.location)

    assert (first.status_code, first.location, page.status_code) == (303, f"/s/{token}?c=1", 200)
    document = re.search(rf'href="(/s/{token}/documents/[^"]+)"', page.text)
    assert document
    assert client.get(document[1]).status_code == 200


def test_the_page_says_where_the_car_is_and_nothing_private(browser: Browser, lane: Phone) -> None:
    a_visit(lane, at="arrived", plate="浙Z8K520", vin="L00SA15B1PA100213", customer_name="钱演示", mobile="16400002002")
    page = follow(browser, f"/s/{a_link(lane, a_visit(lane, at='authorised'))}").text

    for word in ("维修中", "16:00", "浙Z·**056", "任务委托书", "¥96", "更换机油机滤"):
        assert word in page
    for word in (*PRIVATE, "钱演示", "8K520", "16400002002"):
        assert word not in page


def test_a_signed_document_is_shown_without_plate_vin_and_mobile(browser: Browser, lane: Phone) -> None:
    page = follow(browser, f"/s/{a_link(lane, a_visit(lane, at='authorised'))}").text
    papers = re.findall(r'href="(/s/documents/[^"]+)"', page)

    assert len(papers) == 2
    for path in papers:
        document = browser.get(path)
        assert document.status_code == 200
        assert "<path d=" in document.text  # the signature
        assert not [word for word in (*PRIVATE, "164****2001") if word in document.text]


def test_photos_that_have_arrived_are_shared_but_not_what_lies_in_the_car(app: Flask, browser: Browser, lane: Phone) -> None:
    visit = a_visit(lane, at="inspecting")
    shared = pictures.taken(app, lane, visit, {"kind": "zone", "id": "ext_front"})
    private = pictures.taken(app, lane, visit, {"kind": "belonging", "id": new_id()})
    missing = pictures.announced(lane, visit, {"kind": "zone", "id": "ext_rear"})
    page = follow(browser, f"/s/{a_link(lane, visit)}").text

    assert shared in page
    assert private not in page
    assert missing not in page
    assert browser.get(f"/s/photos/{shared}/thumb").mimetype == "image/jpeg"
    for photo in (private, missing, new_id()):
        assert browser.get(f"/s/photos/{photo}/view").status_code == 404
    assert browser.get(f"/s/photos/{shared}/original").status_code == 404


def test_a_store_that_shares_no_photos_shows_none(app: Flask, browser: Browser, lane: Phone, database: Database) -> None:
    from webapp.models import Store

    visit = a_visit(lane, at="inspecting")
    photo = pictures.taken(app, lane, visit, {"kind": "zone", "id": "ext_front"})
    with database.write() as db:
        db.get_one(Store, "YF01").settings = {"share_photos": False}
        db.commit()

    assert photo not in follow(browser, f"/s/{a_link(lane, visit)}").text
    assert browser.get(f"/s/photos/{photo}/thumb").status_code == 404


def test_one_links_cookie_opens_no_other_visits_papers(browser: Browser, lane: Phone) -> None:
    a_visit(lane, at="authorised")
    second = a_visit(lane, at="authorised", plate="浙Z8K520", vin="L00SA15B1PA100213")
    page = follow(browser, f"/s/{a_link(lane, second)}").text
    foreign = re.search(r'/s/documents/([^"]+)"', page)
    assert foreign

    third = a_visit(lane, at="inspecting", plate="浙Z9Z90X", vin="L00SA15B0PA100249")
    follow(browser, f"/s/{a_link(lane, third)}")

    assert browser.get(f"/s/documents/{foreign[1]}").status_code == 404


def test_unknown_expired_revoked_and_not_yet_here_are_the_same_answer(app: Flask, lane: Phone, clock: Clock,
                                                                      database: Database) -> None:
    visit = a_visit(lane, at="authorised")
    revoked, expired, fine = a_link(lane, visit), a_link(lane, visit, expires_at="2026-11-23T05:00:00.000Z"), a_link(lane, visit)
    with database.read() as db:
        link = db.scalars(select(StatusLink.id).where(StatusLink.token_sha256 == sha256_hex(revoked.encode()))).one()
    does(lane, "status.revoke_link", {"link": link, "reason": "给错了人"}, visit)
    clock.forward(hours=2)

    answers = [app.test_client().get(f"/s/{token}") for token in (a_token(), revoked, expired, "short", "A" * 500)]

    assert {a.status_code for a in answers} == {404}
    assert len({a.data for a in answers}) == 1
    assert "可能还没到" in answers[0].text
    assert app.test_client().get(f"/s/{fine}").status_code == 303
    for name in ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag"):
        assert len({a.headers[name] for a in answers}) == 1


def test_it_closes_seven_days_after_handover_and_a_receipt_after_thirty(app: Flask, lane: Phone, clock: Clock) -> None:
    visit = a_visit(lane, at="released")
    view, receipt = a_link(lane, visit), a_link(lane, visit, scope="receipt")

    clock.forward(days=6, hours=23)
    assert app.test_client().get(f"/s/{view}").status_code == 303
    clock.forward(hours=2)
    assert app.test_client().get(f"/s/{view}").status_code == 404
    assert app.test_client().get(f"/s/{receipt}").status_code == 303
    clock.forward(days=24)
    assert app.test_client().get(f"/s/{receipt}").status_code == 404


def test_a_link_of_a_visit_merged_into_another_shows_that_one(browser: Browser, lane: Phone, database: Database) -> None:
    first = a_visit(lane, at="arrived")
    second = a_visit(lane, at="inspecting")
    token = a_link(lane, first)
    does(lane, "visit.merge", {"into": second, "reason": "同一辆车开了两次"}, first)

    assert "正在环车检查" in follow(browser, f"/s/{token}").text


def test_guessing_is_stopped_after_thirty_misses(app: Flask, lane: Phone) -> None:
    client = app.test_client()
    statuses = [client.get(f"/s/{a_token()}").status_code for _ in range(40)]

    assert statuses == [404] * 29 + [429] * 11 or statuses == [404] * 30 + [429] * 10
    assert client.get(f"/s/{a_token()}").headers["Retry-After"]


def test_looking_changes_nothing(app: Flask, lane: Phone, database: Database) -> None:
    token = a_link(lane, a_visit(lane, at="authorised"))
    before = rows(database)

    for agent in ("MicroMessenger/8.0", "facebookexternalhit/1.1", "WhatsApp/2", "Twitterbot/1.0", ""):
        browser = Browser(app)
        for method in ("GET", "HEAD"):
            browser.client.open(f"/s/{token}", method=method, headers={"User-Agent": agent}, follow_redirects=True)
            browser.client.open("/s/", method=method, headers={"User-Agent": agent})

    assert rows(database) == before
    assert Browser(app).client.post(f"/s/{token}").status_code in (403, 405)


def test_no_cache_no_search_engine_no_next_site_learns_of_it(browser: Browser, lane: Phone) -> None:
    token = a_link(lane, a_visit(lane, at="authorised"))

    for page in (browser.get(f"/s/{token}"), follow(browser, f"/s/{token}"), browser.get("/s/" + "A" * 32)):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]


def test_the_first_load_is_small_and_needs_no_script(app: Flask, browser: Browser, lane: Phone) -> None:
    visit = a_visit(lane, at="authorised")
    for n in range(13):
        pictures.taken(app, lane, visit, {"kind": "zone", "id": "ext_front"}, shade=n)
    page = follow(browser, f"/s/{a_link(lane, visit)}")
    sheets = re.findall(r'<link rel="stylesheet" href="(/static/[^"]+)"', page.text)
    static = Path(app.static_folder or "")

    assert "<script" not in page.text
    assert sheets
    css = sum(len(whole(static / sheet.removeprefix("/static/"))) for sheet in sheets)
    assert len(page.data) + css + 2048 <= 40 * 1024, (len(page.data), css)  # 2 KB for the icon; nothing is compressed here
    assert len(gzip.compress(page.data)) < 8 * 1024


def test_the_cookie_is_the_hosts_own_and_not_for_scripts(database: Database, tmp_path: Path, clock: Clock) -> None:
    app = an_app(database, tmp_path, clock, PUBLIC_URL="https://car.example.cn")
    lane = Phone(database, app.extensions["house"].door)
    token = a_link(lane, a_visit(lane, at="arrived"))

    cookie = app.test_client().get(f"/s/{token}", base_url="https://car.example.cn").headers["Set-Cookie"]

    assert cookie.startswith("__Host-car=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    app.extensions["house"].database.engine.dispose()


@pytest.mark.parametrize(("plate", "shown"), [("浙Z8K520", "浙Z·**520"), ("浙ZD12034", "浙Z·***034"), ("", ""),
                                              ("浙Z01234D", "浙Z·***34D"), ("临123456", "临***456")])
def test_a_plate_is_masked(plate: str, shown: str) -> None:
    assert masked(plate) == shown


def rows(database: Database) -> tuple[int, int, Any]:
    with database.read() as db:
        return (db.scalar(select(func.count()).select_from(KeptAct)) or 0,
                db.scalar(select(func.count()).select_from(StatusLink)) or 0, db.scalars(select(Visit.touched_at)).all())


def whole(sheet: Path) -> bytes:
    """A style sheet with what it imports, as the build puts it together."""
    text = sheet.read_text(encoding="utf-8")
    return re.sub(r'@import "([^"]+)";', lambda m: whole(sheet.parent / m[1]).decode(), text).encode()
