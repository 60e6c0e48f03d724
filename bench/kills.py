"""The server killed 200 times during 1,000 photos: `python -m bench kills [--kills 200] [--photos 1000] [--seed 1]`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.table import percentile, show


def run() -> None:
    """Run by bench/__main__; takes its own words from the command line."""
    from tests.faults.killed_server import storm

    parser = argparse.ArgumentParser(prog="python -m bench kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(sys.argv[2:])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server, wrong = storm(Path(folder) / "home", asked.seed, asked.kills, asked.photos)
    again = server.seconds[1:] or [0.0]
    show(f"{asked.kills} kills during {asked.photos} photos, seed {asked.seed}, {time.monotonic() - began:.0f} s", [
        ("lost, doubled, or a row without its bytes", str(len(wrong)), "0", not wrong),
        ("serving again after a kill, p50 / worst", f"{percentile(again, 0.5):.1f} / {max(again):.1f} s", "3 s", max(again) <= 3),
    ])
    for what in wrong:
        print(what)
