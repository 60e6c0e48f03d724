"""clockwise-bundle.json: all that is needed to check one signed document without us (docs/evidence.md says how)."""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.adapters.keys import Keys
from webapp.commands.ledger import wire_entry
from webapp.foundation.canon import canonical
from webapp.foundation.es256 import base64url, jwk_id
from webapp.models import Device, Document, KeptAct, LedgerEntry, Store

TYPE = "clockwise-bundle/1"


def bundle(db: Session, keys: Keys, made: Document, visit: str, until: int, photos: Sequence[dict[str, Any]],
           earlier: str | None) -> dict[str, Any]:
    """The bundle without its `tsa`. visit: where it was signed; until: the ledger index of the signing act."""
    store = db.get_one(Store, made.store_id)
    rows = db.execute(
        select(LedgerEntry, KeptAct.body)
        .join(KeptAct, (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx))
        .where(LedgerEntry.store_id == made.store_id, LedgerEntry.visit_id == visit, LedgerEntry.idx <= until)
        .order_by(LedgerEntry.idx)).all()
    last = rows[-1][0]
    return {
        "typ": TYPE, "store": {"id": store.id, "name": store.name}, "visit": visit,
        "document": {"id": made.id, "kind": made.kind, "revision": made.revision, "doc_sha256": made.doc_sha256,
                     "body": base64url(made.body), "signature": made.signature},
        "acts": [{"id": entry.act_id, **_body(body)} for entry, body in rows],
        "entries": [{**wire_entry(entry), "hash": entry.hash} for entry, _ in rows],
        "photos": list(photos), "devices": _devices(db, made.store_id, {entry.device_id for entry, _ in rows}),
        "head": keys.signed_head(store.id, last.idx, last.hash),
        "keys": {"root": _pem(keys.root_certificate), "head": _pem(keys.head.certificate)},
    } | ({"earlier": earlier} if earlier else {})


def bundle_bytes(facts: dict[str, Any], tsa: str) -> bytes:
    """As it is attached: RFC 8785."""
    return canonical({**facts, "tsa": tsa}, nulls=True)


def _body(body: bytes | None) -> dict[str, Any]:
    return {"body": base64url(body)} if body is not None else {"body": None, "erased": True}


def _devices(db: Session, store: str, ids: set[str]) -> list[dict[str, Any]]:
    """Phones with a key of their own; one that is not listed signed nothing."""
    rows = db.scalars(select(Device).where(Device.store_id == store, Device.id.in_(ids), Device.public_key.is_not(None))
                      .order_by(Device.id))
    return [{"device": row.id, "key_id": jwk_id(row.public_key), "public_key": row.public_key} for row in rows if row.public_key]


def _pem(certificate: Any) -> str:
    return str(certificate.public_bytes(Encoding.PEM).decode())
