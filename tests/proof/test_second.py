"""T19: two verifiers that share no code agree on every bundle and PDF, tampered or not, on the word and on what is wrong."""

import random
import time
from typing import Any

from tests.conftest import Clock, Phone
from tests.proof.conftest import a_paper
from tests.proof.second import Second, second_verifier
from tests.proof.spoil import flipped, spoiled_bundle
from tests.sealing import bundle_in
from webapp.commands.house import House
from webapp.commands.proof.file import Checker
from webapp.commands.proof.report import Word
from webapp.foundation.canon import canonical

SECONDS = 12
SEED = 20261125


def both(second: Second, pinned: set[str], data: bytes) -> tuple[list[Any], list[Any]]:
    ours = [{"word": int(report.word), "kinds": report.kinds} for report in Checker(frozenset(pinned)).check(data, "x")]
    return ours, second.check(data, pinned)


def test_both_verifiers_agree_on_bundles_half_of_them_tampered(house: House, signing_phone: Phone, phone: Phone,
                                                               clock: Clock) -> None:
    """In the time there is; `python -m bench audit` does 2,000. The seed is printed by the failing line."""
    bundles = [bundle_in(a_paper(house, one, clock, photos=n)[1]) for n, one in enumerate((signing_phone, phone))]
    pinned, chance, found = {house.keys.root_fingerprint}, random.Random(SEED), dict[int, int]()
    until, n = time.monotonic() + SECONDS, 0
    with second_verifier() as second:
        while time.monotonic() < until or n < 200:
            n += 1
            bundle = chance.choice(bundles)
            what, data = spoiled_bundle(bundle, chance) if n % 2 else ("nothing", canonical(bundle, nulls=True))
            known = pinned if chance.random() < 0.9 else set[str]()
            ours, theirs = both(second, known, data)
            assert ours == theirs, (SEED, n, what)
            assert what != "nothing" or ours[0]["word"] == (Word.OK if known else Word.UNKNOWN_KEY), (SEED, n)
            found[ours[0]["word"]] = found.get(ours[0]["word"], 0) + 1
    assert found[Word.TAMPERED] > n // 3


def test_both_verifiers_agree_on_papers(house: House, signing_phone: Phone, clock: Clock) -> None:
    _, pdf = a_paper(house, signing_phone, clock, photos=1)
    pinned, chance = {house.keys.root_fingerprint}, random.Random(SEED)
    cases = [pdf, pdf + b"\n", pdf[:-1], pdf.replace(b"/P 1", b"/P 2")]
    cases += [flipped(pdf, chance.randrange(len(pdf)), chance.randrange(8)) for _ in range(40)]

    with second_verifier() as second:
        for n, data in enumerate(cases):
            ours, theirs = both(second, pinned, data)
            assert ours[0]["word"] == theirs[0]["word"] == (Word.TAMPERED if n else Word.OK), (SEED, n, ours, theirs)
