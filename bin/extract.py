"""Gathers every sentence people see into webapp/translations/en/LC_MESSAGES/messages.po, keeping the English that is there.

Python: _, gettext, ngettext, N_. Templates: _ and gettext. Phone code: t("…"). With --check it only says which sentences
have no English, and exits 1 if there are any.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
HEADER = "# English for Clockwise. Written by bin/extract.py, which keeps the English that is here."
MADE_ON = datetime(2026, 11, 23, tzinfo=UTC)  # a date of today's run would change the file each time
ENGLISH = ROOT / "webapp/translations/en/LC_MESSAGES/messages.po"
PYTHON_WORDS = {"_": None, "gettext": None, "lazy_gettext": None, "L_": None, "N_": None, "ngettext": (1, 2)}
# Templates inside templates are beyond a tokenizer made for JSON-like code; a call of t with a plain string is not.
JS_CALL = re.compile(r"""(?<![\w.$])t\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)\s*[,)]""")


def gather() -> Catalog:
    """All sentences with the files they stand in; lines would change with every edit."""
    catalogue = Catalog(locale="en", project="Clockwise", charset="utf-8", fuzzy=False, header_comment=HEADER, version="1",
                        creation_date=MADE_ON, revision_date=MADE_ON, last_translator="", language_team="English",
                        msgid_bugs_address="")
    for sentence, path in [*_python(), *_templates(), *_phone()]:
        catalogue.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return catalogue


def merged() -> Catalog:
    """Today's sentences with the English that the file has; sentences nobody says any more are gone."""
    catalogue = gather()
    if ENGLISH.is_file():
        with ENGLISH.open("rb") as file:
            known = read_po(file, locale="en")
        for message in catalogue:
            if message.id and message.id in known:
                message.string = known[message.id].string
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without English, and those whose English names other facts than the Chinese."""
    return [str(m.id) for m in catalogue if m.id and (not m.string or _facts(m.id) != _facts(m.string))]


def main(check: bool) -> int:
    catalogue = merged()
    if not check:
        ENGLISH.parent.mkdir(parents=True, exist_ok=True)
        with ENGLISH.open("wb") as file:
            write_po(file, catalogue, include_lineno=False, sort_output=True, width=0, omit_header=False)
    missing = untranslated(catalogue)
    for sentence in missing:
        print(sentence)
    return 1 if missing and check else 0


def _facts(text: object) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", str(text)))


def _python() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        yield from _babel("python", path, PYTHON_WORDS)


def _templates() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".typ", ".j2"):
            yield from _babel("jinja2.ext:babel_extract", path, PYTHON_WORDS)


def _babel(method: str, path: Path, words: dict[str, object]) -> Iterator[tuple[str, Path]]:
    with path.open("rb") as file:
        for _line, message, _comments, _context in extract(method, file, words, options={"encoding": "utf-8", "silent": "false"}):
            yield message, path


def _phone() -> Iterator[tuple[str, Path]]:
    for folder in ("static/pwa", "static/desk"):
        for path in sorted((ROOT / folder).rglob("*.js")):
            for literal in JS_CALL.findall(path.read_text(encoding="utf-8")):
                yield ast.literal_eval('"' + literal[1:-1].replace('"', '\\"') + '"' if literal[0] != '"' else literal), path


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
