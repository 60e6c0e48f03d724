"""A backup holds one moment of everything, comes back as it was, and is believed only when every byte of it is right."""

import base64
import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import OperationalError

from tests.commands.backed_up import PASSPHRASE, Shop, a_shop, another_key, spoilt, takes
from tests.conftest import Phone
from tests.visits import a_visit, arrival
from webapp.adapters.backup_key import load_key
from webapp.commands import backup, backup_set, move_in, restore
from webapp.commands.backup import make_backup
from webapp.commands.backup_runs import run_backup
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import utc_now
from webapp.foundation.db import Database
from webapp.foundation.ids import new_id
from webapp.foundation.lock import held
from webapp.models import BackupRun, KeptAct, Photo, StoreCounter


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The address of an empty database; None for SQLite in the home."""
    if request.param == "sqlite":
        yield None
        return
    url = request.getfixturevalue("postgres_url")
    _empty(url)
    yield url
    _empty(url)


def _empty(url: str) -> None:
    with Database(url).engine.begin() as connection:
        for name in connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%restore_%'")).all():
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture
def shop(database: str | None, tmp_path: Path) -> Iterator[Shop]:
    shop = a_shop(tmp_path, database)
    yield shop
    shop.house.database.engine.dispose()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Shop]:
    """The same on SQLite alone, for what no database can change, with one backup made."""
    shop = a_shop(tmp_path)
    shop.backs_up()
    yield shop
    shop.house.database.engine.dispose()


def test_everything_comes_back_on_an_empty_machine(shop: Shop) -> None:
    shop.backs_up()
    rows, files = shop.rows(), shop.files()
    shop.burns_down()
    assert shop.files() != files, "control: it is gone"

    done = shop.restores()

    assert done.exit_code == 0, done.output
    assert shop.rows() == rows
    assert {name: sha for name, sha in shop.files().items() if not name.endswith(".lock")} == files


def test_a_backup_moves_from_one_kind_of_database_to_the_other(shop: Shop, tmp_path: Path) -> None:
    shop.backs_up()
    other = Shop(tmp_path / "other", disk=shop.folder)

    done = other.restores()

    assert done.exit_code == 0, done.output
    assert other.rows() == shop.rows()
    other.backs_up()
    shop.burns_down()
    assert shop.restores().exit_code == 0
    assert other.rows() == shop.rows()


def test_writers_go_on_while_a_backup_reads(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts that come in between two pieces of the dump are taken at once; the backup shows the moment it began at."""
    shop.backs_up()
    phone, before = Phone(shop.house.database, shop.house.door), _acts(shop)
    dump = backup.dump

    def meanwhile(moment, **other):  # type: ignore[no-untyped-def]
        for piece in dump(moment, **other):
            assert phone.does("visit.open", arrival(), new_id()).verdict == "applied"
            yield piece

    monkeypatch.setattr(backup, "dump", meanwhile)
    shop.backs_up()
    after = _acts(shop)
    assert after > before + 1
    shop.burns_down()

    assert shop.restores().exit_code == 0, "its chain is whole"
    assert _acts(shop) == before


def test_a_backup_that_held_writers_up_would_be_noticed(lite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read as a writer reads, and the first act finds the database locked."""
    database = lite.house.database
    phone = Phone(database, lite.house.door)
    database.engine.dispose()
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=20"))

    with database.write() as db:
        db.execute(text("SELECT 1"))
        with pytest.raises(OperationalError):
            phone.does("visit.open", arrival(), new_id())


def test_the_next_backup_copies_only_what_is_new(lite: Shop) -> None:
    phone = Phone(lite.house.database, lite.house.door)
    assert "这次新拷 0 份" in lite.backs_up().output
    takes(lite, phone, a_visit(phone, at="inspecting"))
    assert "这次新拷 1 份" in lite.backs_up().output

    some = next((lite.folder / "pool").rglob("*.age"))
    some.write_bytes(some.read_bytes()[:-1])

    assert "这次新拷 1 份" in lite.backs_up().output, "what was cut short on the disk is copied again"
    assert lite.flask("check-backup").exit_code == 0


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(lite: Shop) -> None:
    before = lite.files()

    done = lite.restores("--over", passphrase=PASSPHRASE + "。")

    assert (done.exit_code, lite.files()) == (1, before)
    assert "口令不对" in done.output


def test_nothing_spoilt_is_restored(lite: Shop) -> None:
    """Each file of a backup in turn: gone, empty, cut in half, one byte short, one bit flipped at three places."""
    before, tried = lite.files(), 0
    pooled = sorted((lite.folder / "pool").rglob("*.age"))[0]
    for path in [lite.folder / "backup-key.json", *sorted(lite.set().iterdir()), pooled]:
        whole = path.read_bytes()
        flips = [bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1:]]) for at in (0, len(whole) // 2, len(whole) - 1)]
        for bad in (None, b"", whole[:len(whole) // 2], whole[:-1], *flips):
            with spoilt(path, bad):
                done = lite.restores("--over")
            assert (done.exit_code, lite.files()) == (1, before), (path.name, done.output)
            assert any("一" <= c <= "鿿" for c in done.output) and "Traceback" not in done.output
            tried += 1
    assert tried == 42

    assert lite.restores("--over").exit_code == 0, "control: whole again, it comes back"


def test_files_that_change_places_are_noticed(lite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are encrypted rightly; only the hashes of what they hold tell. Without comparing, nobody would know: the control."""
    one, two, *_ = sorted((lite.folder / "pool").rglob("*.age"))
    a, b = one.read_bytes(), two.read_bytes()
    one.write_bytes(b)
    two.write_bytes(a)
    assert "已损坏" in lite.flask("check-backup").output

    monkeypatch.setattr(restore, "sha256_hex", lambda data: sha256_hex(data) if data is None else _name_of(lite, data))

    assert lite.flask("check-backup").exit_code == 0


def _name_of(shop: Shop, data: bytes) -> str:
    """The other photo's hash: what a check that compares nothing would have said."""
    one, two, *_ = sorted((shop.folder / "pool").rglob("*.age"))
    return one.stem if sha256_hex(data) == two.stem else two.stem if sha256_hex(data) == one.stem else sha256_hex(data)


def test_an_older_database_in_a_newer_set_is_noticed(lite: Shop) -> None:
    old = (lite.set() / "database.age").read_bytes()
    Phone(lite.house.database, lite.house.door).does("visit.open", arrival(), new_id())
    lite.backs_up()

    with spoilt(lite.set() / "database.age", old):
        assert lite.restores("--over").exit_code == 1
    assert lite.restores("--over").exit_code == 0


def test_a_rewritten_ledger_is_not_restored(shop: Shop) -> None:
    """Rows changed behind the ledger's back were backed up faithfully; the chain says so before they come back."""
    shop.backs_up()
    assert shop.flask("check-backup").exit_code == 0, "control"
    with shop.house.database.write() as db:
        for guard in _guards(shop):
            db.execute(text(guard))
        db.execute(text("UPDATE ledger_entry SET code = 'other' WHERE idx = 3"))
        db.commit()
    shop.backs_up()

    done = shop.restores("--over")

    assert done.exit_code == 1 and "第 3 条" in done.output


def _guards(shop: Shop) -> list[str]:
    """Statements that take the tables' own guards away, as somebody with the database's password could."""
    if not shop.house.database.is_sqlite:
        return ["SET session_replication_role = replica"]
    with shop.house.database.read() as db:
        names = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")).all()
    return [f"DROP TRIGGER {name}" for name in names]


def test_another_house_and_a_newer_version_are_refused(lite: Shop, tmp_path: Path) -> None:
    other = a_shop(tmp_path / "other", photos=1)
    other.sets_up(another_key())
    other.backs_up()
    foreign = lite.folder / "sets" / "20991231T000000000Z"
    shutil.copytree(other.set(), foreign)
    assert "别家的备份" in lite.restores("--over").output
    shutil.rmtree(foreign)

    backup_set.VERSION = 2
    lite.backs_up()
    backup_set.VERSION = 1

    assert "请先升级" in lite.restores("--over").output
    shutil.rmtree(lite.set())
    assert lite.restores("--over").exit_code == 0


def test_a_schema_of_the_future_is_refused(lite: Shop) -> None:
    with lite.house.database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.commit()
    lite.backs_up()

    assert "请先升级" in lite.restores("--over").output


def test_a_killed_backup_leaves_no_half_one(lite: Shop) -> None:
    """Killed at six moments: what has a name is whole, and the next backup clears up and works."""
    phone = Phone(lite.house.database, lite.house.door)
    visit, key = a_visit(phone, at="inspecting"), load_key(lite.home / "keys")
    whole = lite.set().name
    for n in range(6):
        for _ in range(4):
            takes(lite, phone, visit)
        lite.house.database.engine.dispose()
        child = os.fork()
        if child == 0:
            assert key
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            make_backup(lite.house.settings, Database(lite.house.settings.database_url), lite.folder, key, utc_now())
            os._exit(0)
        time.sleep(0.006 * n * n)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert lite.flask("check-backup").exit_code == 0
    lite.backs_up()

    assert not list((lite.folder / "sets").glob(".*")) and lite.set().name > whole
    assert lite.restores("--over").exit_code == 0


def test_half_a_set_under_a_whole_name_would_be_noticed(lite: Shop) -> None:
    """The control of the one above: what it must never leave behind."""
    half = lite.folder / "sets" / "20991231T000000000Z"
    half.mkdir()
    shutil.copy(lite.set().parent / sorted(p.name for p in half.parent.iterdir())[0] / "database.age", half)

    assert "不完整" in lite.flask("check-backup").output


def test_a_store_at_work_is_not_overwritten(shop: Shop) -> None:
    shop.backs_up()
    Phone(shop.house.database, shop.house.door).does("visit.open", arrival(), new_id())
    rows, files = shop.rows(), shop.files()

    refused = shop.restores()
    assert refused.exit_code == 1 and "--over" in refused.output and (shop.rows(), shop.files()) == (rows, files)

    assert shop.restores("--over").exit_code == 0
    assert shop.rows() != rows, "control: it went back"
    aside = next(shop.home.glob("before-restore-*"))
    assert sorted(p.name for p in (aside / "photos").glob("??/*")) == sorted(Path(n).name for n in files if "photos/" in n)
    if shop.house.database.is_sqlite:
        assert (aside / "clockwise.sqlite").is_file()
    else:
        with shop.house.database.read() as db:
            assert db.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")) == 1


def test_a_restore_broken_off_while_things_change_places_is_ended_by_another(lite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, photos = lite.rows(), sorted(p.name for p in (lite.home / "photos").glob("??/*"))

    def breaks(*_: object) -> None:
        raise OSError(5, "power cut")

    with monkeypatch.context() as broken:
        broken.setattr(move_in.shutil, "move", breaks)
        assert lite.restores("--over").exit_code == 1
    assert (lite.home / move_in.UNFINISHED).exists(), "no server starts on this"
    assert sorted(p.name for p in lite.home.glob("before-restore-*/photos/??/*")) == photos, "and nothing is lost"

    lite.reopens()
    assert lite.restores("--over").exit_code == 0
    assert not (lite.home / move_in.UNFINISHED).exists() and lite.rows() == rows


def test_nothing_is_restored_under_a_running_server(lite: Shop) -> None:
    with held(lite.home / "serving.lock"):
        assert "还在运行" in lite.restores("--over").output
    assert lite.restores("--over").exit_code == 0


def test_every_restore_is_a_new_epoch(shop: Shop) -> None:
    shop.backs_up()
    seen = {_counter(shop).epoch}
    for _ in range(2):
        with shop.house.database.write() as db:
            db.execute(update(StoreCounter).values(epoch=StoreCounter.epoch + 0))
        assert shop.restores("--over").exit_code == 0
        seen.add(_counter(shop).epoch)

    assert len(seen) >= 2 and _counter(shop).backed_up == 0


def test_what_must_be_done_after_a_restore_is_done_before_anybody_sees_it(lite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(db, _folder) -> None:  # type: ignore[no-untyped-def]
        db.execute(update(Photo).values(retracted=True))

    monkeypatch.setattr(restore, "AFTER_RESTORE", [forget])
    assert lite.restores("--over").exit_code == 0

    with lite.house.database.read() as db:
        assert {*db.scalars(select(Photo.retracted))} == {True}


def test_the_mark_says_how_far_the_backup_goes(shop: Shop) -> None:
    assert _counter(shop).backed_up == 0
    shop.backs_up()
    assert _counter(shop).backed_up == _counter(shop).n > 0
    phone = Phone(shop.house.database, shop.house.door)
    sha256 = takes(shop, phone, a_visit(phone, at="inspecting"))
    assert _counter(shop).backed_up < _counter(shop).n

    shop.house.photos.path(sha256).write_bytes(b"rotten")
    shop.backs_up()
    with shop.house.database.read() as db:
        number = db.scalars(select(Photo.change_no).where(Photo.sha256 == sha256)).one()
    assert _counter(shop).backed_up == number - 1, "its phone keeps what the backup could not take"


def test_a_folder_that_is_gone_and_a_full_disk_are_said(lite: Shop) -> None:
    away = lite.folder.rename(lite.folder.with_name("unplugged"))
    gone = lite.flask("backup")
    assert gone.exit_code == 1 and "移动硬盘" in gone.output and not lite.folder.exists()
    away.rename(lite.folder)

    takes(lite, phone := Phone(lite.house.database, lite.house.door), a_visit(phone, at="inspecting"), os.urandom(300_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    lite.house.database.engine.dispose()
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        full = lite.flask("backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert full.exit_code == 1 and "磁盘满了" in full.output
    assert lite.flask("check-backup").exit_code == 0, "the one before is as it was"

    with lite.house.database.read() as db:
        runs = db.scalars(select(BackupRun.sentence).where(BackupRun.kind == "backup").order_by(BackupRun.began_at)).all()
    assert [bool(sentence) for sentence in runs] == [False, True, True]


def test_without_a_passphrase_nothing_is_backed_up_and_the_command_says_why(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, photos=0)
    assert "还没有设置备份" in shop.flask("backup").output
    assert "口令太短" in shop.flask("backup", "--setup", passphrase="short").output
    assert not (shop.home / "keys/backup.json").exists()


def test_a_new_passphrase_opens_what_was_backed_up_before(lite: Shop) -> None:
    """And it takes whoever guesses a second a try; the key that the other tests use is quick to try."""
    first = lite.set().name
    assert lite.flask("backup", "--setup", passphrase="another four words").exit_code == 0

    age = json.loads((lite.folder / "backup-key.json").read_text())["age"]
    header = base64.b64decode("".join(age.split("\n")[1:3])).split(b"\n")[1].split()
    assert header[1] == b"scrypt" and int(header[-1]) >= 15, "log2 of scrypt's N"
    assert lite.restores("--over", "--set", first, passphrase="another four words").exit_code == 0


def test_a_set_nobody_wrote_here_is_not_believed(lite: Shop) -> None:
    """Anybody who knows the public key can encrypt for us; the seal they cannot make. Its control: ours with our own seal."""
    key = load_key(lite.home / "keys")
    assert key
    text_ = json.loads(key.decrypt((lite.set() / "manifest.age").read_bytes()))
    text_["missing"] = []
    forged = key.encrypt(json.dumps(text_).encode())
    seal = (lite.set() / "seal").read_bytes()
    (lite.set() / "manifest.age").write_bytes(forged)
    (lite.set() / "seal").write_text(another_key().mark(forged))
    assert "别家的备份" in lite.flask("check-backup").output

    (lite.set() / "seal").write_text(key.mark(forged))
    assert lite.flask("check-backup").exit_code == 0 and seal


def test_what_went_wrong_by_our_own_mistake_is_kept_too(lite: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "write_manifest", lambda *_: 1 / 0)

    with pytest.raises(Exception, match="ZeroDivisionError"):
        run_backup(lite.house, lite.folder)


def _acts(shop: Shop) -> int:
    with shop.house.database.read() as db:
        return len(db.scalars(select(KeptAct.idx)).all())


def _counter(shop: Shop) -> StoreCounter:
    with shop.house.database.read() as db:
        return db.get_one(StoreCounter, "YF01")
