"""The power goes at 2,000 moments of a server's work: `python -m bench power`, once as it is and once with synchronous=NORMAL."""

import tempfile
from pathlib import Path

from bench.table import show

POINTS, SEED = 2000, 1


def run() -> None:
    """Run by bench/__main__."""
    from tests.faults.power_cut import cut_at, traced

    rows = list[tuple[str, str, str, bool | None]]()
    for mode in ("FULL", "NORMAL"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            before, events = traced(folder, mode)
            wrong = cut_at(before, events, POINTS, SEED, folder / "left")
        points, losses = min(POINTS, len(events)), len(wrong)
        rows.append((f"synchronous={mode}: moments with a loss", f"{losses} of {points}", "0" if mode == "FULL" else "some",
                     (losses == 0) == (mode == "FULL")))
    show(f"power cuts, seed {SEED}", rows)
