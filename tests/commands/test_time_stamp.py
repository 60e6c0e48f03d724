"""T22: an authority that is away, slow or lies leaves `absent` with its reason, never a time of our own in its place."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.sign.timestamps import TimeStamper

from tests.conftest import NOON, Clock, Phone
from tests.false_authority import LIES, TROUBLE, Engine, an_authority
from tests.sealing import a_house, a_sealing, bundle_in, files_of, seal_of, signed_sheet
from webapp.adapters.keys import Keys, open_keys
from webapp.adapters.pdf import _compile
from webapp.adapters.sealer import Sealer, authority
from webapp.adapters.time_stamp import Authority, NoStamp
from webapp.commands.house import House
from webapp.foundation.canon import canonical
from webapp.foundation.config import WrongSetting, read_settings

CASES = 100


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return open_keys(tmp_path_factory.mktemp("house") / "keys", NOON)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    made: bytes = _compile(b"a paper", timestamp=0)
    return made


def sealed_by(keys: Keys, pdf: bytes, url: str, trusted: Any = ()) -> tuple[bytes, str]:
    return Sealer(keys, Authority(url, tuple(trusted), seconds=0.3)).seal(
        pdf, lambda told: canonical({"tsa": told}), "a reason")


def test_a_good_authority_stamps_the_seal(keys: Keys, pdf: bytes) -> None:
    with an_authority() as (url, server):
        file, told = sealed_by(keys, pdf, url, [server.certificate])

        found = seal_of(file, keys, [server.certificate])
    assert (told, bundle_in(file)) == ("127.0.0.1", {"tsa": "127.0.0.1"})
    assert found.bottom_line
    stamp = found.timestamp_validity
    assert stamp.intact and stamp.valid and stamp.trusted
    assert abs(stamp.timestamp - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_hundred_times_nothing_is_believed(keys: Keys) -> None:
    dice = random.Random(22)
    with an_authority() as (url, server):
        asked = Authority(url, (server.certificate,), seconds=0.3)
        for _ in range(CASES):
            server.manner = dice.choice((*LIES, *LIES, *TROUBLE))
            with pytest.raises(NoStamp):
                asyncio.run(asked.async_timestamp(dice.randbytes(32), "sha256"))


def test_trouble_and_lies_are_written_into_the_file_and_no_time_of_ours(keys: Keys, pdf: bytes) -> None:
    with an_authority() as (url, server):
        for manner in (*LIES, *TROUBLE):
            server.manner = manner

            file, told = sealed_by(keys, pdf, url, [server.certificate])

            assert told.startswith("absent: "), server.manner
            assert bundle_in(file) == {"tsa": told}
            found = seal_of(file, keys)
            assert found.bottom_line
            assert found.timestamp_validity is None, server.manner


def test_an_authority_that_is_away_or_unknown_to_the_trusted_list_is_absent(keys: Keys, pdf: bytes) -> None:
    with an_authority() as (url, _):
        assert sealed_by(keys, pdf, url, [Engine().certificate])[1] == "absent: signer is not trusted"
    assert sealed_by(keys, pdf, url)[1].startswith("absent: cannot be reached")


@pytest.mark.parametrize("lie", ["other_bytes", "past", "future", "tampered", "no_purpose"])
def test_without_our_look_the_lie_would_have_been_sealed(lie: str) -> None:
    """The control: pyHanko's own stamper, which we ask to look at nothing, takes what we refuse."""
    with an_authority(lie) as (url, _):
        class Trusting(TimeStamper):
            async def async_request_tsa_response(self, req: Any) -> Any:
                from asn1crypto import tsp

                from webapp.adapters.time_stamp import _ask
                return tsp.TimeStampResp.load(_ask(url, req.dump(), 2))

        assert asyncio.run(Trusting().async_timestamp(b"\1" * 32, "sha256"))
        with pytest.raises(NoStamp):
            asyncio.run(Authority(url).async_timestamp(b"\1" * 32, "sha256"))


def test_document_and_ledger_say_what_became_of_it(database: Any, phone: Phone, clock: Clock, tmp_path: Path) -> None:
    house: House = a_house(database, clock, tmp_path / "home")
    first, _ = signed_sheet(house, phone)
    with an_authority() as (url, server), house.sealed.alone():
        work = a_sealing(house, clock, Authority(url))
        assert work.step(first) == "sealed"
        second, _ = signed_sheet(house, phone)
        server.manner = "fault"
        assert work.step(second) == "sealed"

    told = [files_of(house, document)[0] for document in (first, second)]
    assert [row.tsa for row in told] == ["127.0.0.1", "absent: answered 500 application/timestamp-reply"]
    for row in told:
        assert bundle_in(house.sealed.read(row.sha256) or b"")["tsa"] == row.tsa


def test_the_settings_name_the_authority(tmp_path: Path) -> None:
    assert authority(None, None) is None
    settings = read_settings({"SEAL_TSA_URL": "https://tsa.example.cn/tsr"})
    assert settings.seal_tsa_url
    known = authority(settings.seal_tsa_url, settings.seal_tsa_roots)
    assert known and known.name == "tsa.example.cn"
    for wrong in ({"SEAL_TSA_URL": "tsa.example.cn"}, {"SEAL_TSA_URL": "ftp://x/"}, {"SEAL_TSA_URL": "http://x:99999/"},
                  {"SEAL_TSA_ROOTS": str(tmp_path / "none.pem")}):
        with pytest.raises(WrongSetting):
            read_settings(wrong)
