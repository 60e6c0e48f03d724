"""What was kept long enough goes by itself, never before the floor or on hold; what is kept can be taken along."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock, Phone
from tests.erasing import NAME, PICTURE, a_full_visit, hits
from tests.visits import a_visit, does
from webapp.commands.arrival import server_actor
from webapp.commands.chain import verify_chain
from webapp.commands.export import export_visit, note_export
from webapp.commands.house import House
from webapp.commands.parse import read_act
from webapp.commands.retention import is_due, run_retention
from webapp.domain.retention import kept_for
from webapp.foundation.canon import digest
from webapp.models import Incident, KeptAct, Store, Visit


@pytest.fixture
def house(app: Flask) -> House:
    found: House = app.extensions["house"]
    return found


def sets(house: House, **days: Any) -> None:
    """The store's own choice of how long."""
    with house.database.write() as db:
        db.get_one(Store, "YF01").settings = {"retention": days}
        db.commit()


def test_the_table_of_what_goes_when(house: House, lane: Phone, clock: Clock, phone_of: Any) -> None:
    """Four visits and three years: the draft goes first, then the signed one; the open and the held one stay."""
    signed, draft, here, held = a_visit(lane, at="released"), a_visit(lane, at="inspecting"), a_visit(lane, at="authorised"), \
        a_visit(lane, at="released")
    paper = a_visit(lane, at="inspecting")
    does(lane, "document.refuse", {"kind": "pre_inspection", "revision": 1, "reason": "paper"}, paper)
    phone_of("E001").does("visit.hold", {"reason": "保险公司在查"}, held)
    went: list[tuple[int, str]] = []
    for day in (29, 31, 1124, 1126):
        clock.now = clock.now.replace(year=2026, month=11, day=23)
        clock.forward(days=day)
        listed = run_retention(house, clock, dry=True)
        report = run_retention(house, clock)
        assert [one.visit for one in listed.due] == [one.visit for one in report.due]
        assert report.erased == len(report.due)
        went += [(day, one.visit) for one in report.due]

    assert went == [(31, draft), (1126, signed)]
    assert report.held == 1
    with house.database.read() as db:
        assert {v.id for v in db.query(Visit).filter(Visit.erased_at.is_(None))} == {here, held, paper}
        act = db.query(KeptAct).filter_by(command="visit.erase", visit_id=signed).one()
        assert (act.actor, read_act(act.body or b"").args["rule"]) == ("server", "retention")
        assert verify_chain(db, "YF01").sound


def test_a_dry_run_changes_nothing(house: House, lane: Phone, clock: Clock) -> None:
    a_full_visit(house, lane)
    before = _numbers(house)
    clock.forward(days=1200)

    report = run_retention(house, clock, dry=True)

    assert (len(report.due), report.erased, _numbers(house)) == (1, 0, before)
    run_retention(house, clock)
    assert _numbers(house) != before  # the control
    assert hits(house) == {}


@pytest.mark.parametrize(("own", "days"), [
    ({}, 1125), ({"visit_days": 2000}, 2000), ({"visit_days": 10}, 730), ({"visit_days": "all"}, 1125),
    ({"visit_days": True}, 1125),
    ({"visit_days": -4}, 1125)])
def test_a_store_may_keep_longer_never_shorter_than_the_floor(own: dict[str, Any], days: int) -> None:
    assert kept_for({"retention": own}, "visit_days").days == days
    assert kept_for({"retention": {"backup_days": 400}}, "backup_days").days == 35


def test_a_store_that_keeps_longer_does(house: House, lane: Phone, clock: Clock) -> None:
    a_visit(lane, at="released")
    sets(house, visit_days=2000)
    clock.forward(days=1999)
    assert run_retention(house, clock).due == ()
    clock.forward(days=2)
    assert run_retention(house, clock).erased == 1


def test_old_incidents_go_and_new_ones_stay(house: House, lane: Phone, clock: Clock) -> None:
    lane.does("no.such", {})
    clock.forward(days=300)
    lane.does("no.such", {})
    clock.forward(days=100)

    assert run_retention(house, clock).logs == 1

    with house.database.read() as db:
        assert db.query(Incident).count() == 1


def test_what_a_restore_put_aside_goes_as_backups_do(house: House, clock: Clock) -> None:
    aside = house.settings.home / "before-restore-20261123"
    aside.mkdir()
    os.utime(aside, (clock().timestamp(), clock().timestamp()))
    clock.forward(days=34)
    run_retention(house, clock)
    assert aside.exists()
    clock.forward(days=2)
    run_retention(house, clock)
    assert not aside.exists()


def test_it_is_due_once_a_day(house: House, clock: Clock) -> None:
    home = house.settings.home
    assert is_due(home, clock())
    run_retention(house, clock)
    assert not is_due(home, clock())
    clock.forward(hours=21)
    assert is_due(home, clock())


def test_an_export_holds_everything_and_checks_itself(house: House, lane: Phone) -> None:
    visit = a_full_visit(house, lane)
    with house.database.write() as db:
        db.execute(Visit.metadata.tables["photo"].update().values(state="present"))
        db.commit()

    note_export(house, server_actor(house, "YF01"), visit, "客户要")
    pieces = list(export_visit(house, "YF01", visit))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert len(pieces) > 5 and archive.testzip() is None
    names = archive.namelist()
    sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(names) - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == sha for name, sha in sums.items())
    told = json.loads(archive.read("visit.json"))
    assert told["visit"]["data"]["customer_name"] == NAME
    for entry, act in zip(told["entries"], told["acts"], strict=True):
        assert digest({k: v for k, v in entry.items() if k != "hash"}, nulls=True) == entry["hash"]
        assert read_act(act["body"].encode()).sha256 == entry["act_sha256"]
    assert told["acts"][-1]["command"] == "visit.export"
    assert [archive.read(n) for n in names if n.startswith("photos/")] == [PICTURE.encode() * 40]
    bundles = [json.loads(archive.read(n)) for n in names if n.startswith("bundles/")]
    assert sorted(b["document"]["kind"] for b in bundles) == ["handover", "pre_inspection", "work_order"]
    assert "sha256sum -c" in archive.read("VERIFY.txt").decode()


def test_a_whole_store_leaves_with_keys_and_without_secrets(house: House, lane: Phone, app: Flask, tmp_path: Path) -> None:
    a_full_visit(house, lane)
    a_visit(Phone(house.database, house.door, store="YF02"), at="arrived", customer_name="别家样例")
    goal = tmp_path / "whole"

    done = app.test_cli_runner().invoke(args=["export-store", str(goal), "--store", "YF01"])

    assert done.exit_code == 0, done.output
    text = "".join(path.read_text() for path in sorted(goal.rglob("*.jsonl")))
    assert NAME in text and "别家样例" not in text
    for secret in ("password_hash", "token_sha256", "PRIVATE KEY", "csrf"):
        assert secret not in text + "".join(p.read_text() for p in (goal / "keys").iterdir())
    for line in (goal / "SHA256SUMS").read_text().splitlines():
        sha256, _, name = line.partition("  ")
        assert hashlib.sha256((goal / name).read_bytes()).hexdigest() == sha256
    assert {p.name for p in (goal / "keys").iterdir()} == {"root.pem", "head.pem", "seal-chain.pem"}
    again = app.test_cli_runner().invoke(args=["export-store", str(goal), "--store", "YF01"])
    assert again.exit_code == 1 and "空文件夹" in again.output


def test_the_commands_say_what_they_did(house: House, lane: Phone, app: Flask, tmp_path: Path) -> None:
    visit = a_full_visit(house, lane)
    with house.database.read() as db:
        number = db.get_one(Visit, visit).number
    run = app.test_cli_runner()

    assert "没有删除任何东西" in run.invoke(args=["retention", "--dry-run"]).output
    assert "已删除 0 次" in run.invoke(args=["retention"]).output
    assert run.invoke(args=["export", number, "--to", str(tmp_path)]).exit_code == 0
    assert zipfile.is_zipfile(tmp_path / f"{number}.zip")
    missing = run.invoke(args=["export", "JC-1", "--to", str(tmp_path)])
    assert missing.exit_code == 1 and "没有这次来店" in missing.output


def _numbers(house: House) -> list[Any]:
    with house.database.read() as db:
        return [db.query(KeptAct).count(), db.query(Visit).filter(Visit.erased_at.is_(None)).count()]
