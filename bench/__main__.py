"""Runs the measurements: all of them, or those named."""

import importlib
import sys

NAMES = ("acts", "lists", "pages", "sizes", "taps", "lane", "sync", "backup", "rebuilt", "seal")
ALONE = "faults"  # takes as long as one likes, and has words of its own


def main() -> None:
    wanted = [ALONE] if sys.argv[1:2] == [ALONE] else sys.argv[1:] or NAMES
    for name in wanted:
        if name not in (*NAMES, ALONE):
            raise SystemExit(f"{name}? known: {', '.join(NAMES)}, {ALONE}")
        importlib.import_module(f"bench.{name}").run()


if __name__ == "__main__":
    main()
