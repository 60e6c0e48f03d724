"""offline.md 3.7 as one table of cases; static/pwa runs the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.domain.conflict import KINDS, judge

CASES = json.loads((Path(__file__).parent / "conflict_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_the_table_of_cases_holds(case: dict[str, Any]) -> None:
    judged = judge(case["kind"], case["existing"], case["incoming"], case.get("answer"), case.get("placard"))

    assert judged._asdict() == case["expect"]


def test_every_kind_has_a_case() -> None:
    assert {c["kind"] for c in CASES} == set(KINDS)
