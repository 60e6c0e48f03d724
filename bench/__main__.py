"""Runs the measurements: all of them, or those named."""

import importlib
import sys

NAMES = ("acts", "lists", "pages", "sizes", "taps", "lane", "sync", "backup", "rebuilt", "seal")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES:
            raise SystemExit(f"{name}? known: {', '.join(NAMES)}")
        importlib.import_module(f"bench.{name}").run()


main()
