"""What phones get of the lists: whole numbers, quick lists expanded, hashes over what is served."""

import pytest

from webapp.domain import catalogue
from webapp.foundation.canon import digest

LISTS = {made["id"]: made for made in catalogue.checklists()}


@pytest.mark.parametrize("made", catalogue.checklists(), ids=lambda made: made["id"])
def test_the_hash_is_over_the_served_list_without_itself(made: dict) -> None:  # type: ignore[type-arg]
    assert made["sha256"] == digest({key: value for key, value in made.items() if key != "sha256"})
    assert {item["zone"] for item in made["items"]} == {zone["id"] for zone in made["zones"]}


def test_the_lists_have_the_items_they_promise() -> None:
    promised = {made["id"]: made["item_count"] for made in catalogue.data_file("checklists")["checklists"]}

    assert {name: len(made["items"]) for name, made in LISTS.items()} == promised


def test_limits_are_whole_numbers_with_their_decimals() -> None:
    tread, pressure = (item(name)["answer"] for name in ("WA-E1-05", "WA-E1-06"))

    assert (tread["decimals"], tread["min"], tread["max"], tread["attention_lt"], tread["fail_lt"]) == (1, 0, 120, 30, 16)
    assert (pressure["decimals"], pressure["attention_dev"], pressure["fail_dev"]) == (0, 20, 50)


def test_the_quick_list_asks_as_the_full_one_does() -> None:
    full = {each["id"]: each for each in LISTS["walkaround_full"]["items"]}

    for each in LISTS["walkaround_quick"]["items"]:
        assert {**each, "seq": 0} == {**full[each["id"]], "seq": 0}


def test_choices_that_say_something_bad_carry_it() -> None:
    said = {(name, option["value"]): option.get("severity")
            for name, options in catalogue.option_sets().items() for option in options}

    assert said["recall", "open"] == "attention"
    assert said["fluid", "leak"] == "fail"
    assert said["warning_lamp", "brake"] == "fail"
    assert said["warning_lamp", "service"] == "attention"
    assert said["warning_lamp", "none"] is said["sender", "family"] is said["fuel_eighth", "0_8"] is None
    assert {(name, value) for name, options in catalogue.SEVERITY.items() for value in options} <= said.keys()


def test_each_region_of_the_drawing_belongs_to_a_zone() -> None:
    zones = {zone["id"] for zone in LISTS["walkaround_full"]["zones"]}

    assert len(catalogue.damage()["regions"]) == 34
    assert {region["zone"] for region in catalogue.damage()["regions"]} <= zones


def test_terms_fit_and_point_out_what_matters() -> None:
    for made in catalogue.legal_texts():
        assert len(made["text"]) <= 4000
        assert any(line.startswith("※") for line in made["text"].splitlines()), made["id"]


def item(name: str) -> dict:  # type: ignore[type-arg]
    return next(each for each in LISTS["walkaround_full"]["items"] if each["id"] == name)
