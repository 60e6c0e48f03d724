"""照片, 主诉, 状态链接: announced once, never erased, and not against the customer's choice."""

from typing import Any

import pytest

from tests.commands.acts import a_photo, concern, link, photo
from tests.conftest import Phone
from tests.visits import CONSENT, a_visit, does
from webapp.foundation.ids import new_id
from webapp.models import Concern, Photo, StatusLink


@pytest.mark.parametrize(("args", "code"), [
    ({"bytes": 12 * 1024 * 1024 + 1}, "photo.too_large"),
    ({"width": 8000, "height": 5001}, "photo.too_large"),
    ({"width": 8000, "height": 5000}, "ok"),
])
def test_the_limits_are_the_phones(phone: Phone, args: dict[str, Any], code: str) -> None:
    assert phone.does("photo.add", photo(**args), a_visit(phone, at="inspecting")).code == code


@pytest.mark.parametrize("args", [{"mime": "image/gif"}, {"mime": "image/svg+xml"}, {"bytes": 0}, {"sha256": "A" * 64},
                                  {"subject": {"kind": "dream"}}, {"taken_at": "2026-11-23T04:00:00"}])
def test_what_is_no_photo_of_ours_is_set_aside(phone: Phone, args: dict[str, Any]) -> None:
    receipt = phone.does("photo.add", photo(**args), a_visit(phone, at="inspecting"))

    assert (receipt.verdict, receipt.code) == ("quarantined", "command.bad_args")


def test_a_customer_who_said_no_is_not_photographed_but_paper_may_be(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    does(phone, "consent.record", {**CONSENT, "photos": False}, visit)

    assert phone.does("photo.add", photo(), visit).code == "consent.no_photos"
    assert phone.does("photo.add", photo(subject={"kind": "other"}), visit).verdict == "applied"


def test_an_id_is_used_once_and_equal_bytes_are_two_photos(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    first = photo()
    does(phone, "photo.add", first, visit)

    assert phone.does("photo.add", {**first, "sha256": "b" * 64}, visit).code == "photo.known"
    assert phone.does("photo.add", {**first, "photo": new_id()}, visit).verdict == "applied"


def test_bytes_that_are_here_need_not_be_sent_again(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    first, second = photo(), photo()
    does(phone, "photo.add", first, visit)
    with phone.database.write() as db:
        db.get_one(Photo, first["photo"]).state = "present"
        db.commit()

    does(phone, "photo.add", second, visit)

    with phone.database.read() as db:
        assert db.get_one(Photo, second["photo"]).state == "present"


def test_a_retracted_photo_is_hidden_and_can_come_back(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    id = a_photo(phone, visit)
    does(phone, "photo.retract", {"photo": id, "reason": "模糊"}, visit)
    does(phone, "photo.retract", {"photo": id, "reason": "再次"}, visit)

    with phone.database.read() as db:
        row = db.get_one(Photo, id)
        assert (row.retracted, row.retract_reason, row.sha256) == (True, "模糊", "a" * 64)

    does(phone, "photo.restore", {"photo": id, "reason": "还是要"}, visit)
    with phone.database.read() as db:
        assert not db.get_one(Photo, id).retracted


@pytest.mark.parametrize("command", ["photo.annotate", "photo.retract", "photo.restore"])
def test_another_visits_photo_is_unknown(phone: Phone, command: str) -> None:
    here, there = a_visit(phone, at="inspecting"), a_visit(phone, at="inspecting")
    args: dict[str, Any] = {"shapes": []} if command == "photo.annotate" else {"reason": "?"}

    assert phone.does(command, {"photo": a_photo(phone, there), **args}, here).code == "photo.unknown"


def test_markup_is_a_layer_over_bytes_that_never_change(phone: Phone, phone_of: Any) -> None:
    visit = a_visit(phone, at="inspecting")
    id = a_photo(phone, visit)
    shapes = [{"kind": "circle", "points": [[100, 200], [300, 400]]}, {"kind": "text", "points": [[5, 5]], "text": "这里"}]

    phone_of("E014").does("photo.annotate", {"photo": id, "shapes": shapes}, visit)

    with phone.database.read() as db:
        row = db.get_one(Photo, id)
        assert (row.shapes, row.sha256) == (shapes, "a" * 64)


def test_photos_after_the_signature_open_a_revision(phone: Phone) -> None:
    visit = a_visit(phone, at="estimating")

    assert phone.does("photo.add", photo(), visit).facts == {"revision": 2}
    assert phone.does("photo.add", photo(subject={"kind": "other"}), visit).facts == {}


def test_a_merged_visits_photos_still_arrive(phone: Phone) -> None:
    goal, gone = a_visit(phone, at="inspecting"), a_visit(phone, at="inspecting")
    does(phone, "visit.merge", {"into": goal, "reason": "同一辆车"}, gone)

    assert phone.does("photo.add", photo(), gone).verdict == "applied"


def test_a_concern_is_kept_in_the_customers_words(phone: Phone) -> None:
    visit = a_visit(phone, at="authorised")

    receipt = does(phone, "concern.add", (args := concern()), visit)

    assert receipt.facts == {"revision": 2}
    assert phone.does("concern.add", {**args, "text": "另一句"}, visit).code == "concern.known"
    with phone.database.read() as db:
        row = db.get_one(Concern, args["concern"])
        assert (row.text, row.when) == ("刹车有异响", "早上冷车")


def test_a_link_is_issued_once_and_revoked(phone: Phone) -> None:
    visit = a_visit(phone, at="inspecting")
    first = link()
    does(phone, "status.issue_link", first, visit)

    assert phone.does("status.issue_link", first, visit).code == "status.link_known"
    assert phone.does("status.issue_link", {**first, "link": new_id()}, visit).code == "status.link_known"
    assert phone.does("status.revoke_link", {"link": new_id(), "reason": "?"}, visit).code == "status.link_unknown"
    for reason in ("发错群", "再次"):
        does(phone, "status.revoke_link", {"link": first["link"], "reason": reason}, visit)
    with phone.database.read() as db:
        row = db.get_one(StatusLink, first["link"])
        assert (row.revoked, row.revoke_reason, "token_sha256" in row.wire()) == (True, "发错群", False)
