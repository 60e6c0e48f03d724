"""A visit whole, its manifest, its ledger."""

from tests.api.conftest import Wire, is_error, sha
from tests.api.pictures import jpeg
from tests.api.test_changes import mark, pull
from tests.visits import arrival
from webapp.commands.ledger import entry_hash
from webapp.foundation.ids import new_id


def test_a_visit_is_told_whole_in_the_shape_of_changes(wire: Wire, visit: str) -> None:
    wire.does("walkaround.record_damage", mark(), visit)

    whole = wire.get(f"/visits/{visit}")

    rows, _ = pull(wire)
    assert [whole["visit"]] == [row for row in rows if row["table"] == "visit"]
    key = lambda row: (row["table"], row["id"])  # noqa: E731
    assert sorted(whole["rows"], key=key) == sorted((r for r in rows if r["data"].get("visit_id") == visit), key=key)
    assert [whole["vehicle"]] == [row for row in rows if row["table"] == "vehicle"] and whole["head"]["store"] == "YF01"


def test_the_manifest_counts_each_phones_acts_and_photos(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    other, here, still_on_the_phone = wire_of("E006"), jpeg(), jpeg(80, 60)
    other.does("walkaround.record_damage", mark(), visit)
    sent, waiting = wire.announce(here, visit), wire.announce(still_on_the_phone, visit)
    wire.send(sent, here)

    told = wire.get(f"/visits/{visit}/manifest")

    assert told["devices"][wire.id] == {"last_seq": wire.seq, "count": wire.seq}
    assert told["devices"][other.id] == {"last_seq": 1, "count": 1}
    assert told["photos"] == {sent: {"sha256": sha(here), "state": "present"},
                              waiting: {"sha256": sha(still_on_the_phone), "state": "expected"}}
    assert told["documents"] == [] and told["head"]["hash"] == wire.get(f"/visits/{visit}/ledger")["entries"][-1]["hash"]


def test_refused_and_quarantined_acts_count_too(wire: Wire, wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    technician = wire_of("E014")
    technician.does("walkaround.record_damage", mark(), visit)
    technician.does("walkaround.record_damage", mark() | {"x": -1}, visit)

    assert wire.get(f"/visits/{visit}/manifest")["devices"][technician.id] == {"last_seq": 2, "count": 2}


def test_a_visit_whose_opening_was_refused_has_a_manifest(wire_of) -> None:  # type: ignore[no-untyped-def]
    technician, never = wire_of("E014"), new_id()
    technician.does("visit.open", arrival(), never)

    assert technician.get(f"/visits/{never}/manifest")["devices"] == {technician.id: {"last_seq": 1, "count": 1}}
    is_error(technician.call("GET", f"/visits/{never}"), 404, "visit.unknown")


def test_the_ledger_can_be_verified_by_anybody(wire: Wire, visit: str) -> None:
    for n in range(5):
        wire.does("walkaround.record_damage", mark(n), visit)

    entries = wire.get(f"/visits/{visit}/ledger?limit=3")["entries"]
    entries += wire.get(f"/visits/{visit}/ledger?after={entries[-1]['index']}")["entries"]

    previous = None
    for told in entries:
        entry = {k: v for k, v in told.items() if k not in ("hash", "command", "acted_at")}
        assert entry_hash(entry) == told["hash"] and entry["visit_prev"] == previous
        previous = told["hash"]
    assert len(entries) == wire.seq


def test_a_technician_may_not_see_the_ledger(wire_of, visit: str) -> None:  # type: ignore[no-untyped-def]
    is_error(wire_of("E014").call("GET", f"/visits/{visit}/ledger"), 403, "role.not_yours")
    assert wire_of("E002").get(f"/visits/{visit}/ledger")["entries"]


def test_a_wrong_address_is_named(wire: Wire, visit: str) -> None:
    for path in ("", "/manifest", "/ledger"):
        is_error(wire.call("GET", f"/visits/{new_id()}{path}"), 404, "visit.unknown")
        is_error(wire.call("GET", f"/visits/not-an-id{path}"), 422, "visit.bad_id")
        is_error(wire.call("GET", f"/visits/{visit.upper()}{path}"), 422, "visit.bad_id")
    is_error(wire.call("GET", f"/visits/{visit}/ledger?after=x"), 422, "query.bad_number")
