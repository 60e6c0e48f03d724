"""A backup that is older than an erasure: restored, it holds the words again, and the house erases them before it opens (T21)."""

from pathlib import Path

import pytest

from tests.commands.backed_up import Shop, a_shop
from tests.conftest import Phone
from tests.erasing import NAME, a_full_visit, hits
from webapp.commands import erase
from webapp.commands.arrival import server_actor
from webapp.commands.chain import verify_chain
from webapp.domain.erasing import FLOORS
from webapp.foundation.ids import new_id


def test_the_machine_burns_down_after_an_erasure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _erased_after_its_backup(tmp_path, monkeypatch)
    shop.burns_down()

    assert shop.restores().exit_code == 0
    shop.reopens()

    assert NAME in hits(shop.house)  # the backup holds it: the control
    assert len(erase.unerased(shop.home, shop.house.database)) == 1
    assert erase.erase_again(shop.house) == 1
    assert hits(shop.house) == {}
    with shop.house.database.read() as db:
        assert verify_chain(db, "YF01").sound


def test_without_the_journal_it_would_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = _erased_after_its_backup(tmp_path, monkeypatch)
    (shop.folder / "erased.jsonl").unlink()
    shop.burns_down()
    shop.restores()
    shop.reopens()

    assert erase.erase_again(shop.house) == 0
    assert NAME in hits(shop.house)


def _erased_after_its_backup(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = a_shop(folder, visits=0)
    visit = a_full_visit(shop.house, Phone(shop.house.database, shop.house.door))
    shop.backs_up()
    monkeypatch.setitem(FLOORS, "visit_days", FLOORS["visit_days"] * 0)  # three years have passed
    receipt = erase.erase_visit(shop.house, server_actor(shop.house, "YF01"), visit, "retention", "保存期满", new_id())
    assert receipt.verdict == "applied", receipt
    assert hits(shop.house) == {}
    return shop
