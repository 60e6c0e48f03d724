"""documents.md 1.1 and 1.2: which plates and VINs there are."""

import pytest

from webapp.domain.plate import read_plate, shown
from webapp.domain.vin import blocks, check_digit, vin_problem


@pytest.mark.parametrize(("written", "text", "kind"), [
    ("浙Z·A1B23", "浙ZA1B23", "ordinary"), ("沪 a12345", "沪A12345", "ordinary"), ("浙ZD12345", "浙ZD12345", "nev_small"),
    ("浙Z12345F", "浙Z12345F", "nev_large"), ("浙A1234警", "浙A1234警", "police"), ("浙A1234学", "浙A1234学", "trainer"),
    ("浙A1234挂", "浙A1234挂", "trailer"), ("浙A1234领", "浙A1234领", "consulate"), ("粤Z1234港", "粤Z1234港", "hk_macau"),
    ("123456使", "123456使", "embassy"), ("", "", "unplated"), ("WJ12345", "WJ12345", "other"), ("浙ZI1234", "浙ZI1234", "other"),
    ("浙Z#1", "浙Z#1", None),
])
def test_a_plate_is_read_as_people_write_it(written: str, text: str, kind: str | None) -> None:
    plate = read_plate(written)

    assert (plate.text, plate.kind) == (text, kind)


@pytest.mark.parametrize(("written", "powertrain", "warnings"), [
    ("浙ZD12345", "bev", ()), ("浙ZD12345", "phev", ("plate.powertrain",)), ("浙ZF12345", "phev", ()),
    ("浙ZF12345", "fuel", ("plate.powertrain",)), ("浙Z12345D", "fuel", ("plate.powertrain",)), ("浙Z12345F", "bev", ()),
    ("浙ZABC12", "fuel", ("plate.many_letters",)), ("浙ZAB123", "fuel", ()),
])
def test_what_is_odd_about_a_plate(written: str, powertrain: str, warnings: tuple[str, ...]) -> None:
    assert read_plate(written, powertrain).warnings == warnings


def test_a_plate_is_shown_with_its_dot() -> None:
    assert (shown("浙ZA1B23"), shown("123456使")) == ("浙Z·A1B23", "123456使")


@pytest.mark.parametrize(("vin", "problem", "stops"), [
    ("1M8GDM9AXKP042788", None, False), ("L00SA15B3PA100231", None, False), ("11111111111111111", "placeholder", True),
    ("1M8GDM9A1KP042788", "check_digit", False), ("L00SA15B4PA100231", "check_digit", True), ("LOZSA15B3PA100231", "shape", True),
    ("1M8GDM9AXKP04278", "shape", True),
])
def test_a_vin_is_checked_and_only_some_mistakes_stop(vin: str, problem: str | None, stops: bool) -> None:
    assert (vin_problem(vin), blocks(vin, vin_problem(vin))) == (problem, stops)


def test_the_check_digit_does_not_depend_on_itself() -> None:
    assert {check_digit("1M8GDM9A" + c + "KP042788") for c in "0123456789X"} == {"X"}
