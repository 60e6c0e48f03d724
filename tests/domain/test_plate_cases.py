"""Plates and VINs in one table of cases; static/pwa runs the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.domain.plate import read_plate
from webapp.domain.vin import blocks, read_vin, vin_problem

CASES = json.loads((Path(__file__).parent / "plate_cases.json").read_text())


@pytest.mark.parametrize("case", CASES["plates"], ids=lambda case: f"{case['written']}-{case.get('powertrain')}")
def test_the_table_of_plates_holds(case: dict[str, Any]) -> None:
    plate = read_plate(case["written"], case.get("powertrain"))

    assert (plate.text, plate.kind, list(plate.warnings)) == (case["text"], case["kind"], case["warnings"])


@pytest.mark.parametrize("case", CASES["vins"], ids=lambda case: case["written"] or "empty")
def test_the_table_of_vins_holds(case: dict[str, Any]) -> None:
    vin = read_vin(case["written"])
    problem = vin_problem(vin)

    assert (problem, blocks(vin, problem)) == (case["problem"], case["blocks"])
