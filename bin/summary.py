"""One table for the whole run of bin/test, and the line `N passed, N failed`. Exits 1 when anything failed or nothing ran."""

import sys
import xml.etree.ElementTree as ET  # noqa: S405 - reads reports that our own runners have just written
from pathlib import Path


def main(folder: Path) -> int:
    rows = [_row(folder, *line.split()) for line in (folder / "steps").read_text(encoding="utf-8").splitlines()]
    print(f"\n{'part':<10}{'passed':>8}{'failed':>8}{'seconds':>9}")
    for name, passed, failed, seconds in rows:
        print(f"{name:<10}{passed:>8}{failed:>8}{seconds:>9}")
    passed, failed = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _row(folder: Path, name: str, code: str, seconds: str) -> tuple[str, int, int, str]:
    """A part that ended badly without naming a test counts as one failure."""
    report = folder / f"{name}.xml"
    cases = list(ET.parse(report).iter("testcase")) if report.is_file() else []  # noqa: S314
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return name, len(cases) - failed - skipped, max(failed, int(code != "0")), seconds


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
