"""单据: what a customer signs, as one canonical object; its shape per kind, and the blocks it is drawn from.

A document carries the words that were shown (item, answer, damage, terms), so that it can be read without the
catalogue of its day. Shapes are the JSON Schemas beside this file; phones get them in the catalogue. Moments are UTC
on the wire and drawn in the document's own time zone.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from webapp.domain.documents.blocks import doc_to_blocks
from webapp.foundation.clock import from_wire

KINDS = ("pre_inspection", "work_order", "refusal_statement", "handover")
_MOMENTS = ("prepared_at", "arrived_at", "promised_at")
_HERE = Path(__file__).parent


def schema_problem(kind: str, doc: Any) -> str | None:
    """Where the document leaves its kind's shape, as `$.path: why` in at most 200 characters; None when it is sound."""
    if kind not in KINDS:
        return f"$.kind: no shape for {kind[:40]}"
    # best_match would look at every error; the first one is enough to name the place and costs less on hostile input.
    problem = next(_validator(kind).iter_errors(doc), None)
    if problem is not None:
        return f"{problem.json_path}: {problem.message}"[:200]
    return next((f"$.{key}: no such moment" for key in _MOMENTS if key in doc and not _exists(doc[key])), None)


@cache
def schemas() -> dict[str, Any]:
    """All shapes by name, as the catalogue serves them."""
    return {name: json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8")) for name in ("common", *KINDS)}


def _exists(moment: str) -> bool:
    try:
        return bool(from_wire(moment))
    except ValueError:
        return False


@cache
def _validator(kind: str) -> Draft202012Validator:
    known = [(schema["$id"], Resource.from_contents(schema)) for schema in schemas().values()]
    return Draft202012Validator(schemas()[kind], registry=Registry().with_resources(known))


__all__ = ["KINDS", "doc_to_blocks", "schema_problem", "schemas"]
