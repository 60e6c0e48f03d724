"""Killed at random moments: what was called saved is there, a signature is whole or not at all, the same screen comes up."""

from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import HouseAtWork
from tests.e2e.faults.edition import deploy, edition
from tests.e2e.faults.siege import KINDS, Siege
from tests.e2e.handset import Handset
from tests.e2e.link import Link
from tests.e2e.people.journey import a_picture

SEED, KILLS = 20, 12


def test_killed_while_walking_photographing_signing_and_sending(phone: Callable[..., Handset], house: HouseAtWork, road: Link,
                                                                tmp_path: Path) -> None:
    siege = Siege(phone(), house, road, a_picture(tmp_path / "photo.jpg"), SEED)
    siege.begin()
    for n in range(KILLS):
        siege.round(KINDS[n % len(KINDS)])
    siege.ends()
    print(f"seed {SEED}", dict(siege.found))  # noqa: T201 - said for whoever runs with -s
    assert siege.faults == []
    assert siege.found["acts called saved, in all"] > KILLS / 2


def test_control_an_app_that_says_saved_too_early_is_caught(phone: Callable[..., Handset], house: HouseAtWork, road: Link,
                                                            tmp_path: Path) -> None:
    deploy(house, edition(tmp_path / "hasty", {"static/pwa/commands/here.js": (
        "const act = await keepAct(here(), { command, args: withoutEmpty(args), visit }, extras);",
        """const act = { id: crypto.randomUUID(), command, args: withoutEmpty(args) };
  setTimeout(() => keepAct(here(), { command, args: withoutEmpty(args), visit }, extras), 3000);""")}))
    siege = Siege(phone(), house, road, a_picture(tmp_path / "photo.jpg"), SEED)
    siege.begin()
    siege.round("photo")
    siege.round("walk")
    assert any("lost" in fault for fault in siege.faults)
