"""When backups are made, how long they are kept, and what the server does by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.backed_up import Shop, a_shop, another_key
from webapp.adapters.backup_folder import BackupFolder, moment_of, name_of, surplus
from webapp.cli.backup import chores
from webapp.commands import backup
from webapp.commands.maintenance import Chore, Maintenance
from webapp.foundation.lock import held
from webapp.queries.backups import Backups, Run, backups

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def test_24_hours_14_days_and_8_weeks_are_kept() -> None:
    kept: set[str] = set()
    for hour in range(24 * 120):  # hourly for four months, thinned out as it goes
        kept.add(name_of(NOW + timedelta(hours=hour)))
        kept -= {*surplus(kept, NOW + timedelta(hours=hour))}
    end = NOW + timedelta(hours=24 * 120 - 1)
    ages = sorted((end - moment_of(name)) / timedelta(hours=1) for name in kept)

    assert ages[:24] == [float(n) for n in range(24)]
    assert len({moment_of(name).date() for name in kept if end - moment_of(name) < timedelta(days=14)}) >= 14
    weeks = {moment_of(name).isocalendar()[:2] for name in kept}
    assert 8 <= len(weeks) <= 9 and len(kept) <= 24 + 14 + 8 + 1


def test_a_store_that_backed_up_long_ago_keeps_its_last_ones() -> None:
    old = [name_of(NOW - timedelta(days=400, hours=n)) for n in range(5)]

    assert surplus(old, NOW) == []


def test_what_no_set_names_any_more_goes_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erased photo leaves the pool once the last set that named it has gone; never while a set cannot be read."""
    shop = a_shop(tmp_path, photos=2)
    shop.backs_up()
    first, (gone, stays) = shop.set().name, sorted((shop.home / "photos").glob("??/*"))
    gone.unlink()
    _yesterday(shop, first)
    shop.backs_up()
    pool = BackupFolder(shop.folder)
    assert pool.stored("photos", gone.name) > 0, "yesterday's set names it"

    seal = (shop.set() / "seal").read_text()
    (shop.set() / "seal").write_text("spoilt")
    monkeypatch.setattr(backup, "surplus", lambda names, now: [min(names)])
    _yesterday(shop, shop.set().name)
    shop.backs_up()
    assert pool.stored("photos", gone.name) > 0, "one set cannot be read: nothing is swept"

    spoilt = sorted((shop.folder / "sets").iterdir())[0]
    (spoilt / "seal").write_text(seal)
    _yesterday(shop, shop.set().name)
    shop.backs_up()
    assert (pool.stored("photos", gone.name), pool.stored("photos", stays.name) > 0) == (-1, True)
    assert shop.flask("check-backup").exit_code == 0


def _yesterday(shop: Shop, name: str) -> None:
    place = shop.folder / "sets" / name
    place.rename(place.with_name(name_of(moment_of(name) - timedelta(days=1))))


def test_hourly_weekly_and_ten_minutes_after_a_failure() -> None:
    def run(kind: str, ago: timedelta, sentence: str = "") -> Run:
        return Run(kind, NOW - ago, NOW - ago, sentence, {})

    good, bad = run("backup", timedelta(minutes=61)), run("backup", timedelta(minutes=5), "full")
    assert Backups(None, None, None, None, []).backup_due(NOW)
    assert Backups(good, good, None, None, []).backup_due(NOW)
    assert not Backups(bad, good, None, None, []).backup_due(NOW)
    assert Backups(run("backup", timedelta(minutes=11), "full"), good, None, None, []).backup_due(NOW)
    fresh = run("backup", timedelta(minutes=59))
    assert not Backups(fresh, fresh, None, None, []).backup_due(NOW)
    assert Backups(fresh, fresh, None, None, []).check_due(NOW)
    check = run("check", timedelta(days=6, hours=23))
    assert not Backups(fresh, fresh, check, check, []).check_due(NOW)
    assert not Backups(None, None, None, None, []).check_due(NOW), "nothing to test yet"
    ahead = run("backup", timedelta(days=-3))
    assert Backups(ahead, ahead, None, None, []).backup_due(NOW), "a clock that was wrong stops nothing"


def test_the_server_backs_up_and_tests_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop(tmp_path, photos=1)
    for name, value in (("CLOCKWISE_HOME", shop.home), ("BACKUP_FOLDER", shop.folder)):
        monkeypatch.setenv(name, str(value))
    look = Maintenance(chores(shop.house.settings), Path(__file__).parents[2], lambda: datetime.now(UTC))
    look.look()
    assert not shop.folder.exists(), "control: nobody has set a passphrase"
    shop.sets_up()

    look.look()
    look.look()

    with shop.house.database.read() as db:
        told = backups(db)
    assert len(list((shop.folder / "sets").iterdir())) == 1, "the second look found nothing due"
    assert told.check_good and told.check_good.facts["files"] == 1 and not told.trouble(datetime.now(UTC))


def test_a_chore_that_fails_or_cannot_be_asked_stops_no_other() -> None:
    done: list[str] = []

    def broken(_now: datetime) -> bool:
        raise RuntimeError("no database")

    def asked(_now: datetime) -> bool:
        done.append("asked")
        return False

    Maintenance([Chore(("none",), broken), Chore(("none",), asked)], Path(), lambda: NOW).look()

    assert done == ["asked"]


def test_only_one_backup_at_a_time(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, photos=0)
    shop.sets_up(another_key())
    with held(shop.home / "backup.lock"):
        assert "另一次备份正在进行" in shop.flask("backup").output
    assert shop.flask("backup").exit_code == 0
