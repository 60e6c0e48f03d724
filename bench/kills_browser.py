"""200 kills of a browser in the middle of work: `python -m bench kills_browser [--kills 200] [--seed 1]`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.progress import track

from bench.lane_house import at_work
from bench.table import show
from tests.e2e.faults.siege import KINDS, Siege
from tests.e2e.people.journey import a_picture


def run() -> None:
    """Run by bench/__main__; takes its own words from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench kills_browser")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(sys.argv[2:] if sys.argv[1:2] == ["kills_browser"] else [])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, at_work(Path(folder)) as (house, road, handset):
        siege = Siege(handset, house, road, a_picture(Path(folder) / "photo.jpg"), asked.seed)
        siege.begin()
        for n in track(range(asked.kills), "kills"):
            siege.round(KINDS[n % len(KINDS)])
        siege.ends()
    faults = len(siege.faults)
    show(f"{asked.kills} kills of the browser, seed {asked.seed}, in {time.monotonic() - began:.0f} s", [
        ("called saved and lost, halved, doubled, or another screen", str(faults), "0", not faults),
        *((what, str(count), "", None) for what, count in sorted(siege.found.items())),
    ])
    for fault in siege.faults:
        print(fault)
