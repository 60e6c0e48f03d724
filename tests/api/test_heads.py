"""Heads come back over the wire, and whoever runs the server sees them by `flask heads`."""

from flask import Flask
from sqlalchemy import update

from tests.api.conftest import Wire, house_of, is_error
from tests.conftest import unguarded
from tests.visits import mark
from webapp.foundation.clock import utc_now
from webapp.models import Device, LedgerEntry


def held(wire: Wire) -> dict[str, object]:
    page = wire.get("/changes")
    return {**page["head"], "epoch": page["epoch"]}


def hand_in(wire: Wire, *heads: dict[str, object]) -> dict[str, list[int]]:
    told = wire.call("POST", "/heads", json={"heads": heads})
    assert told.status_code == 200, told.text
    return {name: told.json[name] for name in ("agree", "differ", "taken_back", "foreign")}


def test_a_head_that_came_with_a_pull_agrees_later_too(wire: Wire, visit: str) -> None:
    first = held(wire)
    wire.does("walkaround.record_damage", mark(), visit)

    told = hand_in(wire, first, held(wire), {**first, "hash": "0" * 64})

    index = int(str(first["index"]))
    assert told == {"agree": [index, index + 1], "differ": [], "taken_back": [], "foreign": [index]}


def test_a_changed_row_is_told_the_phone_and_shown_by_the_command_line(app: Flask, wire: Wire, visit: str) -> None:
    head = held(wire)
    run = app.test_cli_runner().invoke
    hand_in(wire, head)
    fine = run(args=["heads"])
    unguarded(house_of(app).database)
    with house_of(app).database.write() as db:
        db.execute(update(LedgerEntry).where(LedgerEntry.idx == head["index"]).values(hash="f" * 64))
        db.commit()

    assert hand_in(wire, head)["differ"] == [head["index"]]
    found = run(args=["heads"])
    assert (fine.exit_code, found.exit_code) == (0, 1), fine.output + repr(fine.exception)
    assert "都一致" in fine.output and "1 个不一致" in found.output


def test_a_stopped_phone_may_still_bring_its_heads(app: Flask, wire: Wire, visit: str) -> None:
    """Or whoever rewrites the ledger would stop the phones first."""
    head = held(wire)
    with house_of(app).database.write() as db:
        db.execute(update(Device).where(Device.id == wire.id).values(revoked_at=utc_now()))
        db.commit()

    assert hand_in(wire, head)["agree"] == [head["index"]]


def test_what_is_no_head_is_named(wire: Wire, visit: str) -> None:
    head = held(wire)

    for wrong in ({"hash": "x"}, {"index": -1}, {"sig": ""}, {"epoch": "1"}, {"more": 1}):
        is_error(wire.call("POST", "/heads", json={"heads": [{**head, **wrong}]}), 422, "body.bad_field")
    is_error(wire.call("POST", "/heads", json={"heads": [head] * 101}), 422, "body.bad_field")


def test_flask_keys_shows_the_fingerprint(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["keys", "show"]).output

    assert house_of(app).keys.root_fingerprint in shown
    assert house_of(app).keys.head.key_id in shown
