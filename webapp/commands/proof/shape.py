"""The bundle's shape (docs/evidence.md), strictly: once read, every field is there, of its type, and nothing else is."""

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from webapp.foundation.canon import NotCanonical, canonical
from webapp.foundation.es256 import base64url, from_base64url

Whole = Annotated[int, Meta(ge=-(2**53 - 1), le=2**53 - 1)]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Unknown fields are refused: nobody could say what they mean."""


class StoreName(Part, frozen=True):
    id: str
    name: str


class Signed(Part, frozen=True):
    signer: str
    relation: str
    consent_sha256: str
    strokes: list[list[list[Whole]]]
    width: Whole
    height: Whole
    opened_at: str
    signed_at: str
    doc_sha256: str
    device: str
    seq: Whole
    actor: str


class Paper(Part, frozen=True):
    id: str
    kind: str
    revision: Whole
    doc_sha256: str
    body: str
    signature: Signed


class ActBody(Part, frozen=True):
    id: str
    body: str | None
    erased: Literal[True] | msgspec.UnsetType = msgspec.UNSET


class Entry(Part, frozen=True):
    store: str
    index: Whole
    store_prev: str
    visit: str | None
    visit_prev: str | None
    act_id: str
    act_sha256: str
    sig_sha256: str | None
    key_id: str | None
    actor: str
    device: str
    verdict: str
    code: str
    received_at: str
    skew_ms: Whole
    epoch: Whole
    hash: str


class Picture(Part, frozen=True):
    photo: str
    sha256: str
    bytes: Whole
    state: Literal["present", "missing"]


class PublicKey(Part, frozen=True):
    kty: str
    crv: str
    x: str
    y: str


class Phone(Part, frozen=True):
    device: str
    key_id: str
    public_key: PublicKey


class Head(Part, frozen=True):
    store: str
    index: Whole
    hash: str
    key_id: str
    sig: str


class Roots(Part, frozen=True):
    root: str
    head: str


class Bundle(Part, frozen=True):
    typ: Literal["clockwise-bundle/1"]
    store: StoreName
    visit: str
    document: Paper
    acts: Annotated[list[ActBody], Meta(min_length=1)]
    entries: list[Entry]
    photos: list[Picture]
    devices: list[Phone]
    head: Head
    keys: Roots
    tsa: str
    earlier: str | msgspec.UnsetType = msgspec.UNSET


class BadBundle(ValueError):
    """kind: bundle.unreadable, bundle.not_canonical or bundle.shape."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


def read_bundle(data: bytes) -> Bundle:
    """Raises BadBundle."""
    found = read_json(data)
    if found is None:
        raise BadBundle("bundle.unreadable", "not JSON")
    try:
        if canonical(found, nulls=True) != data:
            raise BadBundle("bundle.not_canonical", "other bytes than its RFC 8785 form")
        return msgspec.convert(found, Bundle, strict=True)
    except NotCanonical as why:
        raise BadBundle("bundle.not_canonical", str(why)) from why
    except msgspec.ValidationError as why:
        raise BadBundle("bundle.shape", str(why)) from why


def read_json(data: bytes) -> Any:
    """The JSON value, or None when it cannot be read; a key that stands twice is no JSON of ours."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def bytes_of(text: str) -> bytes | None:
    """base64url without padding, in its one way of writing; None for anything else."""
    try:
        data = from_base64url(text)
    except ValueError:
        return None
    return data if base64url(data) == text else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) != len(pairs):
        raise ValueError("a key stands twice")
    return known


def _no_constant(name: str) -> Any:
    raise ValueError(name)
