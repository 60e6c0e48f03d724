"""What the sealed PDF shows of a signed document: its blocks, its photos, and what stands outside the signed text."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.domain.documents.blocks import doc_to_blocks
from webapp.domain.documents.pen import Pen

Doc = dict[str, Any]
WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "seal_words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Outside:
    """What the server adds to the signed text. strokes: as kept. skew_ms: what the phone told of its own clock. verify: where
    anybody checks the file, if the house has an address."""

    id: str
    sha256: str
    number: str
    signer: str
    void: str
    strokes: dict[str, Any]
    opened_at: datetime
    signed_at: datetime
    received_at: datetime
    skew_ms: int
    sealed_at: datetime
    store: str
    entry: int
    entry_hash: str
    root: str
    earlier: str
    verify: str = ""


def photos_of(doc: Doc) -> list[Doc]:
    """The photos that the document speaks of, each once: its own list first, then those of its marks."""
    named = [*doc.get("photos", ()), *(photo for mark in doc.get("marks", ()) for photo in mark["photos"])]
    first: dict[str, Doc] = {}
    for photo in named:
        first.setdefault(photo["photo"], photo)
    return list(first.values())


def paper_facts(doc: Doc, outside: Outside, missing: Iterable[str]) -> dict[str, Any]:
    """Plain text and numbers for the sheet. Words are in the document's own language, moments in its own time zone."""
    pen, absent, photos = SealPen(doc), set(missing), photos_of(doc)
    numbers = {photo["photo"]: n for n, photo in enumerate(photos, 1)}
    blocks = [_numbered(block, numbers) for block in doc_to_blocks(doc) if block["kind"] != "photos"]
    words = {key: pen.told(key) for key in WORDS} | {"photos": pen.say("photos", n=len(photos))}
    return {
        "blocks": blocks, "title": pen.say(doc["kind"]), "body": "", "words": words, "number": outside.number,
        "code": code_of(outside.sha256), "id": outside.id, "sha256": outside.sha256, "signer": outside.signer,
        "void": outside.void, "strokes": _lines(outside.strokes), "root": _fours(outside.root), "earlier": outside.earlier,
        "photos": [{"photo": p["photo"], "n": n, "text": p.get("text", ""), "sha256": p["sha256"],
                    "here": p["photo"] not in absent} for n, p in enumerate(photos, 1)],
        "late": pen.told("late", n=len(absent)) if absent else "",
        "times": [[pen.told("opened"), pen.exact(outside.opened_at), pen.told("by_phone")],
                  [pen.told("signed"), pen.exact(outside.signed_at), pen.told("by_phone")],
                  [pen.told("received"), pen.exact(outside.received_at), f"{pen.told('skew')} {outside.skew_ms / 1000:+.1f} s"]],
        "seal": [[pen.told("store"), outside.store], [pen.told("sealed"), pen.exact(outside.sealed_at)],
                 [pen.told("entry"), f"{pen.told('entry_text', n=outside.entry)} · {outside.entry_hash}"],
                 [pen.told("root"), _fours(outside.root)],
                 *([[pen.told("verify"), outside.verify]] if outside.verify else [])],
    }


def seal_reason(doc: Doc, sha256: str) -> str:
    """What a PDF reader shows as the reason of the seal."""
    return SealPen(doc).told("reason", code=code_of(sha256))


def code_of(sha256: str) -> str:
    """`1A2B 3C4D`: the code that the phone showed at the signature."""
    return f"{sha256[:4]} {sha256[4:8]}".upper()


class SealPen(Pen):
    """The pen of the document, with the words that stand outside it."""

    def told(self, key: str, **facts: object) -> str:
        text = WORDS[key][self._at]
        for name, value in facts.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def exact(self, moment: datetime) -> str:
        """To the second, with its distance from UTC: two clocks are compared here."""
        local = moment.astimezone(self._zone)
        return f"{local:%Y-%m-%d %H:%M:%S} {local:%z}"


def _numbered(block: Doc, numbers: dict[str, int]) -> Doc:
    """Marks say which photos show them."""
    if block["kind"] != "marks":
        return block
    return {**block, "rows": [{**row, "photos": [numbers[p["photo"]] for p in row["photos"]]} for row in block["rows"]]}


def _lines(signature: dict[str, Any]) -> dict[str, Any]:
    """The strokes on their own pad: points as they were drawn, nothing smoothed."""
    return {"width": max(int(signature.get("width") or 1), 1), "height": max(int(signature.get("height") or 1), 1),
            "lines": [[[p[0], p[1]] for p in stroke] for stroke in signature.get("strokes", []) if stroke]}


def _fours(hash: str) -> str:
    return " ".join(hash[n:n + 4] for n in range(0, len(hash), 4))
