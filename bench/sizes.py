"""What the lane makes a phone fetch, as the build lists it: JavaScript first and in all, style sheet, words per language."""

import json
from pathlib import Path

from bench.table import show

MANIFEST = Path(__file__).parents[1] / "static/dist/manifest.json"
KB = 1024


def run() -> None:
    files = {name: entry for name, entry in json.loads(MANIFEST.read_text(encoding="utf-8")).items() if name.startswith("lane/")}
    beside = ("lane/sw.js", "lane/rescue.js", "lane/css/rescue.css")
    app = {name: entry for name, entry in files.items() if name not in beside}
    first = {name: entry for name, entry in app.items() if entry["first"]}
    show("What the lane fetches, gzip", [
        _row("JavaScript, first load", first, ".js", 45),
        _row("JavaScript, all", app, ".js", 90),
        _row("style sheet", app, ".css", 20),
        _row("words, Chinese", app, "words-zh.json", None),
        _row("words, English (read in English only)", app, "words-en.json", None),
        _row("beside the app: worker, rescue page", {name: files[name] for name in beside if name in files}, "", None),
        _row("drawings and icons", app, (".svg", ".png"), None),
    ])


def _row(what: str, files: dict[str, dict[str, int]], ending: str | tuple[str, ...],
         most: int | None) -> tuple[str, str, str, bool | None]:
    sizes = [entry["gzip"] for name, entry in files.items() if name.endswith(ending)]
    total = sum(sizes) / KB
    return what, f"{total:.1f} KB in {len(sizes)}", f"≤ {most} KB" if most else "", total <= most if most else None
