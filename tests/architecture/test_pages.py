"""What docs say is held by a test is held by one that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRUSTING = re.compile(r"\|\s*safe\b|autoescape\s+false")
NAMED = re.compile(r"`(?:tests|webapp|docs|bin)/[^` ]+`")


@pytest.mark.parametrize("page", ["promises.md", "security.md"])
def test_every_named_file_is_there(page: str) -> None:
    assert missing((ROOT / "docs" / page).read_text(encoding="utf-8")) == []


def test_a_name_that_leads_nowhere_is_found() -> None:
    assert missing("held by `tests/web/test_nowhere.py`") == ["tests/web/test_nowhere.py"]


def test_no_template_trusts_what_people_wrote() -> None:
    assert TRUSTING.search("{{ note|safe }}")  # the control
    assert [str(page) for page in (ROOT / "templates").rglob("*.html") if TRUSTING.search(page.read_text(encoding="utf-8"))] == []


def missing(text: str) -> list[str]:
    names = [found.strip("`") for found in NAMED.findall(text)]
    return [name for name in names if not list(ROOT.glob(name.rstrip("/")))]
