"""A house with sealed papers of a phone that signs, and without."""

from pathlib import Path

import pytest

from tests.conftest import Clock, Phone
from tests.sealing import a_house, a_sealing, files_of, signed_sheet
from webapp.commands.house import House
from webapp.foundation.db import Database


@pytest.fixture
def house(database: Database, clock: Clock, tmp_path: Path) -> House:
    return a_house(database, clock, tmp_path / "home")


@pytest.fixture
def signing_phone(house: House, database: Database) -> Phone:
    return Phone(database, house.door, signs=True)


def a_paper(house: House, phone: Phone, clock: Clock, photos: int = 1, late: int = 0) -> tuple[str, bytes]:
    """A sealed pre-inspection sheet: the document's id and the file."""
    document, _ = signed_sheet(house, phone, photos=photos, late=late)
    if late:
        clock.forward(hours=25)
    seal(house, clock)
    data = house.sealed.read(files_of(house, document)[0].sha256)
    assert data is not None
    return document, data


def seal(house: House, clock: Clock) -> None:
    with house.sealed.alone():
        a_sealing(house, clock).round()
