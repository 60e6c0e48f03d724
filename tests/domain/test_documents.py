"""Documents: their shape is enforced, and phone and server draw the same blocks from them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.domain.documents_made import BODIES, a_document
from webapp.domain.documents import KINDS, doc_to_blocks, schema_problem, schemas
from webapp.foundation.canon import canonical, digest

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "documents.json"
MADE = 500


def test_phone_and_server_draw_the_same_blocks_from_500_documents() -> None:
    documents = [a_document(seed) for seed in range(MADE)]

    assert [schema_problem(doc["kind"], doc) for doc in documents] == [None] * MADE
    on_phone = _node("tests/pwa/block_digests.mjs", "\n".join(canonical(doc).decode() for doc in documents))

    assert {doc["kind"] for doc in documents} == set(KINDS) == set(BODIES)
    assert on_phone == [digest(doc_to_blocks(doc)) for doc in documents]


def test_the_comparison_would_notice_one_other_word() -> None:
    doc = a_document(1)

    on_phone = _node("tests/pwa/block_digests.mjs", canonical(doc | {"revision": doc["revision"] + 1}).decode())

    assert on_phone != [digest(doc_to_blocks(doc))]


def test_golden_documents_are_drawn_as_they_always_were() -> None:
    """A change here changes how documents already signed are drawn: add words, do not change them."""
    for case in json.loads(GOLDEN.read_text(encoding="utf-8")):
        assert doc_to_blocks(case["doc"]) == case["blocks"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_signed_word_is_drawn(kind: str) -> None:
    doc = a_document(7, kind) | {"legal": {"id": "t", "version": "1", "sha256": "0" * 64, "text": "约定全文"}}
    shown = json.dumps(doc_to_blocks(doc), ensure_ascii=False)

    for text in (doc["customer"]["name"], doc["prepared_by"]["name"], "约定全文", doc["store"]["name"]):
        assert json.dumps(text, ensure_ascii=False)[1:-1] in shown


@pytest.mark.parametrize(("change", "place"), [
    ({"extra": 1}, "$"), ({"revision": 0}, "$.revision"), ({"revision": True}, "$.revision"), ({"salt": "short"}, "$.salt"),
    ({"document": "no-uuid"}, "$.document"), ({"prepared_at": "2026-19-39T00:00:00.000Z"}, "$.prepared_at"),
    ({"lines": []}, "$.lines"), ({"kind": "handover"}, "$.kind"), ({"totals": {}}, "$.totals"), ({"locale": "fr"}, "$.locale"),
    ({"legal": {"id": "t", "version": "1", "sha256": "0" * 64, "text": "x" * 4001}}, "$.legal.text"),
])
def test_a_document_out_of_shape_is_named_by_its_place(change: dict[str, Any], place: str) -> None:
    problem = schema_problem("work_order", a_document(3, "work_order") | change)

    assert problem is not None and problem.startswith(f"{place}: ")


def test_what_is_no_document_at_all_is_a_problem_too() -> None:
    nothing: tuple[Any, ...] = (None, [], "x", 1, {})

    assert all(schema_problem(kind, doc) for kind in (*KINDS, "settlement", "") for doc in nothing)


def test_the_customers_link_can_leave_out_what_is_private() -> None:
    doc = a_document(11, "work_order")
    doc["vehicle"] |= {"plate": "浙Z8K520", "vin": "L00VB20C6NA204418"}

    fields = [row for block in doc_to_blocks(doc) if block["kind"] == "fields" for row in block["rows"]]
    private = [row["text"] for row in fields if row.get("private")]

    assert private == ["164****2002", "浙Z·8K520", "L00VB20C6NA204418"]


def test_shapes_are_served_by_name() -> None:
    assert set(schemas()) == {"common", *KINDS}

def test_what_the_phone_builds_is_sound() -> None:
    """The phone has no schema checker of its own; what it builds of a full and of a bare visit passes the server's."""
    built = [json.loads(line) for line in _node("tests/pwa/papers_built.mjs")]

    assert [(doc["kind"], schema_problem(doc["kind"], doc)) for doc in built] == [(doc["kind"], None) for doc in built]
    assert {doc["kind"] for doc in built} == set(KINDS)


def _node(script: str, text: str = "") -> list[str]:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "node is needed: bin/test installs it"
    done = subprocess.run([node, "--no-warnings", script], input=text, capture_output=True, text=True, cwd=ROOT, timeout=60,
                          env={**os.environ, "TZ": "America/New_York"})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
