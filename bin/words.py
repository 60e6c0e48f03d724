"""Makes what machines read from the .po file: messages.mo for the server, english.json for the build.

The build makes the phone's files of it (bin/lane_words.mjs), so it has what their code says (references under static/pwa/).
"""

import json
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "webapp/translations/en/LC_MESSAGES/messages.po"
ENGLISH = ROOT / "static/dist/english.json"


def main() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    words = {m.id: m.string for m in catalogue if m.id and m.string and any("static/pwa/" in at for at, _ in m.locations)}
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_text(json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
