"""A server at work has no faults to inject: nothing in the house arms them, and no setting can."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START = """
import sys
sys.path.insert(0, {root!r})
from webapp.app import create_app
from webapp.foundation import faults
from webapp.foundation.config import read_settings
create_app(read_settings())
{more}
print(faults.armed(), faults.hit("push.after_commit"))
"""


def start(tmp_path: Path, testing: str, more: str = "") -> tuple[int, str]:
    """A start as bin/run makes it; more: what somebody might do besides."""
    env = {**os.environ, "CLOCKWISE_HOME": str(tmp_path), "CLOCKWISE_TESTING": testing}
    code = START.format(root=str(ROOT), more=more)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def test_no_start_arms_them_whatever_the_environment_says(tmp_path: Path) -> None:
    assert start(tmp_path, "") == (0, "False None")
    assert start(tmp_path, "1") == (0, "False None")


def test_arming_them_in_a_server_at_work_stops_it(tmp_path: Path) -> None:
    arm = "faults.arm(lambda point, what: exit(7))"

    assert start(tmp_path, "", arm)[0] == 1
    assert start(tmp_path, "1", arm)[0] == 7, "control: in a test's process the plan runs"


def test_nothing_in_the_house_arms_them() -> None:
    folders = (ROOT / "webapp", ROOT / "bin", ROOT / "migrations")
    files = [ROOT / "wsgi.py", *(file for folder in folders for file in folder.rglob("*.py"))]

    speaking = {file.name for file in files if ".arm(" in file.read_text() or "import arm" in file.read_text()}

    assert speaking == set()
    assert any("faults.hit(" in file.read_text() for file in files), "control: the points are there"
