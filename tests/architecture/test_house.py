"""The house keeps its own rules: floors, signposts at each door, generated pages that tell the truth."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.commands import reference
from webapp.commands.registry import COMMANDS

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for folder in ("webapp", "migrations", "bin") for path in (ROOT / folder).rglob("*.py"))
READ_BY_PEOPLE = [path for path in MODULES if path.parent.name != "versions"]  # steps are a list of columns
SCRIPTS = sorted((ROOT / "static/pwa").rglob("*.js"))
LONGEST = 300
# Why each of these is still one thing.
LONG_FOR_A_REASON = {
    "static/pwa/commands/catalog.js": "written by `flask docs`: one line a command",
    "webapp/queries/sentences.py": "one short function per command, and the table that names them",
}
JS_FLOORS = {"lib": 0, "store": 1, "outbox": 2, "commands": 3, "widgets": 3, "screens": 4, "loads": 5}


def test_floors_are_kept() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True,
                          check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text)), "begins without a docstring"


def test_modules_are_short_enough_to_read() -> None:
    """Past 300 lines a file must say why it is still one thing."""
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
             for path in [*READ_BY_PEOPLE, *SCRIPTS]}

    assert {name: n for name, n in lines.items() if n > LONGEST and name not in LONG_FOR_A_REASON} == {}


def test_generated_pages_are_fresh() -> None:
    assert reference.stale(ROOT) == []


def test_a_stale_page_would_be_noticed(tmp_path: Path) -> None:
    reference.write(tmp_path)
    assert reference.stale(tmp_path) == []

    (tmp_path / "docs/commands.md").write_text("old")

    assert reference.stale(tmp_path) == ["docs/commands.md"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_name_for_programs_and_one_for_people(name: str) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    assert re.search("[\u3400-\u9fff]", COMMANDS[name].zh)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_phone_code_imports_downwards(path: Path) -> None:
    """app > screens > widgets | commands > outbox > store > lib (house.md 7)."""
    assert upward(path.relative_to(ROOT / "static/pwa").as_posix(), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_outbox_speaks_to_the_network(path: Path) -> None:
    name = path.relative_to(ROOT / "static/pwa").as_posix()
    allowed = name.startswith("outbox/") or name in ("lib/http.js", "sw.js", "rescue.js")

    assert allowed or not re.search(r"(?<![.\w])fetch\(", path.read_text(encoding="utf-8"))


def test_these_looks_do_bite() -> None:
    assert upward("lib/a.js", 'import { x } from "../store/b.js";') == ["../store/b.js"]
    assert upward("commands/a.js", 'import { x } from "../widgets/b.js";') == ["../widgets/b.js"]
    assert upward("screens/a.js", 'import { x } from "../store/b.js"; const y = await import("./c.js");') == []


def upward(name: str, text: str) -> list[str]:
    """Imports of a higher floor, or of the other wing of the same one."""
    folder = name.split("/")[0] if "/" in name else "app"
    here = JS_FLOORS.get(folder, 9)
    wrong = []
    for target in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", text):
        parts = (Path(name).parent / target).as_posix().split("/")
        there = _folder(parts)
        if there != folder and JS_FLOORS.get(there, 9) >= here and there != "lib":
            wrong.append(target)
    return wrong


def _folder(parts: list[str]) -> str:
    path: list[str] = []
    for part in parts:
        if part == ".." and not path:
            return "lib"  # data that Python and phones share, outside static/pwa: below every floor
        if part == "..":
            path.pop()
        elif part != ".":
            path.append(part)
    return path[0] if len(path) > 1 else "app"
