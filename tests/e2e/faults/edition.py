"""Another edition of the app: the same tree with some lines changed, built and served from a folder of its own.

For what only two versions can show (updates, upgrades of the database), and for controls, which take a safeguard out.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.e2e.conftest import ROOT, HouseAtWork

PARTS = ("webapp", "templates", "migrations", "static", "bin")
LENT = (".venv", "node_modules")
Changes = dict[str, tuple[str, str]]  # path: (what stands there, once; what shall stand there)


def edition(folder: Path, changes: Changes) -> Path:
    """A tree with these changes, built. Old files of the build do not stay, as on a server that was set up anew."""
    folder.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    for part in LENT:
        (folder / part).symlink_to(ROOT / part)
    for name in ("package.json", "pyproject.toml", "wsgi.py"):
        shutil.copy(ROOT / name, folder)
    for path, (before, after) in changes.items():
        text = (folder / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{path} has {text.count(before)} of {before!r}"
        (folder / path).write_text(text.replace(before, after), encoding="utf-8")
    (folder / "static/dist").mkdir()
    shutil.copy(ROOT / "static/dist/english.json", folder / "static/dist")
    subprocess.run(["node", "bin/build.mjs"], cwd=folder, check=True, capture_output=True,
                   env=os.environ | {"CLOCKWISE_QUICK_BUILD": "1"})
    return folder


def deploy(house: HouseAtWork, tree: Path) -> None:
    """The house goes on with this edition, at the same address and with the same data."""
    house.stop()
    house.tree = tree
    house.start()
