"""Runs the measurements: all of them, or those named."""

import importlib
import sys

NAMES = ("acts", "lists", "pages", "sizes", "taps", "lane", "sync", "backup", "rebuilt", "seal")
ALONE = ("audit", "faults", "kills", "power", "kills_browser")  # take as long as one likes, and have words of their own


def main() -> None:
    wanted = sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in ALONE else sys.argv[1:] or NAMES
    for name in wanted:
        if name not in (*NAMES, *ALONE):
            raise SystemExit(f"{name}? known: {', '.join((*NAMES, *ALONE))}")
        importlib.import_module(f"bench.{name}").run()


if __name__ == "__main__":
    main()
