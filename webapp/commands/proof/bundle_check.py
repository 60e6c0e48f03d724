"""Does a bundle hold together, from the signed bytes to the signed head? Steps 2 to 7 of docs/evidence.md; nobody is asked.

The page /verify does the same in JavaScript that shares no code with this; both name a fault by the same kind (T19).
"""

import base64
import re
from collections.abc import Collection
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from webapp.adapters.keys import head_bytes, spki_id
from webapp.commands.proof.report import Report, Word
from webapp.commands.proof.shape import BadBundle, Bundle, Entry, bytes_of, read_bundle, read_json
from webapp.domain.documents.paper import photos_of
from webapp.foundation.canon import NotCanonical, canonical, sha256_hex
from webapp.foundation.clock import from_wire
from webapp.foundation.es256 import jwk_id, public_key, verify

PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\n")
SAME = ("signer", "relation", "consent_sha256", "strokes", "width", "height")
TIMES = ("opened_at", "signed_at")


def check_bundle(data: bytes, pinned: Collection[str], report: Report) -> Bundle | None:
    """Adds what it finds; the bundle when it could be read. pinned: fingerprints of roots that the checker knows."""
    try:
        bundle = read_bundle(data)
    except BadBundle as bad:
        report.tampered(bad.kind, why=str(bad)[:200])
        return None
    key = _keys(bundle, pinned, report)
    doc = _document(bundle, report)
    last = _acts(bundle, report)
    _signing(bundle, doc, last, report)
    _entries(bundle, report)
    _head(bundle, key, report)
    _photos(bundle, doc, report)
    return bundle


def certificate(pem: str) -> x509.Certificate | None:
    """One certificate in its one way of writing, or None."""
    found = PEM.fullmatch(pem)
    try:
        return x509.load_der_x509_certificate(base64.b64decode(found[1].replace("\n", ""), validate=True)) if found else None
    except ValueError:
        return None


def fingerprint(root: x509.Certificate) -> str:
    return sha256_hex(root.public_bytes(Encoding.DER))


def _keys(bundle: Bundle, pinned: Collection[str], report: Report) -> ec.EllipticCurvePublicKey | None:
    root, head = certificate(bundle.keys.root), certificate(bundle.keys.head)
    if root is None or head is None:
        report.tampered("keys.bad")
        return None
    try:
        root.verify_directly_issued_by(root)
        head.verify_directly_issued_by(root)
        key = head.public_key()
    except (ValueError, TypeError, InvalidSignature):
        report.tampered("keys.bad")
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        report.tampered("keys.bad")
        return None
    if fingerprint(root) not in pinned:
        report.add(Word.UNKNOWN_KEY, "root.unknown", root=fingerprint(root))
    return key


def _document(bundle: Bundle, report: Report) -> dict[str, Any] | None:
    """The signed document, read from its own bytes."""
    made, body = bundle.document, bytes_of(bundle.document.body)
    if body is None or sha256_hex(body) != made.doc_sha256 or made.signature.doc_sha256 != made.doc_sha256:
        report.tampered("document.hash")
    doc = read_json(body) if body is not None else None
    try:
        if not isinstance(doc, dict) or canonical(doc) != body:
            raise TypeError
        said = (doc["document"], doc["kind"], doc["revision"], doc["visit"], doc["store"]["id"])
        legal = doc["legal"]["sha256"], sha256_hex(doc["legal"]["text"].encode())
        if not all(isinstance(photo[name], str) for photo in photos_of(doc) for name in ("photo", "sha256")):
            raise TypeError
    except (KeyError, TypeError, AttributeError, NotCanonical):
        report.tampered("document.unreadable")
        return None
    if said != (made.id, made.kind, made.revision, bundle.visit, bundle.store.id):
        report.tampered("document.other")
    if legal != (made.signature.consent_sha256,) * 2:
        report.tampered("document.legal")
    return doc


def _acts(bundle: Bundle, report: Report) -> dict[str, Any] | None:
    """The signing act, when it is here to be read."""
    last, phones = None, {phone.device: phone for phone in bundle.devices}
    for device in bundle.devices:
        if jwk_id(_jwk(device.public_key)) != device.key_id:
            report.tampered("device.key", device=device.device)
    if len(bundle.acts) != len(bundle.entries):
        report.tampered("acts.count")
    for act, entry in zip(bundle.acts, bundle.entries, strict=False):
        place = {"store": entry.store, "visit": entry.visit, "index": entry.index}
        if act.id != entry.act_id or (act.body is None) != (act.erased is True):
            report.tampered("act.other", **place)
        if act.body is None:
            report.add(Word.REDACTED, "act.erased", **place)
            last = None
            continue
        last, signed, kind = _act(bytes_of(act.body), entry)
        if kind:
            report.tampered(kind, **place)
        if entry.key_id is None:
            continue
        phone = phones.get(entry.device)
        if phone is None or phone.key_id != entry.key_id:
            report.tampered("act.unknown_key", **place)
        elif not _is_signed(_jwk(phone.public_key), (last or {}).get("sig"), signed):
            report.tampered("act.signature", **place)
    return last


def _act(body: bytes | None, entry: Entry) -> tuple[dict[str, Any] | None, bytes, str]:
    """The act, the bytes that were hashed and signed, and what is wrong with it ("" when nothing is)."""
    if body is None:
        return None, b"", "act.hash"
    act = read_json(body)
    try:
        signed = canonical({k: v for k, v in act.items() if k != "sig"}, nulls=True)
    except (AttributeError, NotCanonical):
        signed = body  # what cannot be read is kept under the hash of its bytes
        act = act if isinstance(act, dict) else None
    if sha256_hex(signed) != entry.act_sha256:
        return act, signed, "act.hash"
    sig = (act or {}).get("sig")
    told = sha256_hex(sig.encode("utf-8", "replace")) if isinstance(sig, str) and len(sig) <= 200 else None
    return act, signed, "" if told == entry.sig_sha256 else "act.sig"


def _signing(bundle: Bundle, doc: dict[str, Any] | None, act: dict[str, Any] | None, report: Report) -> None:
    """The last act is the signing of this document by this hand."""
    if act is None:
        if bundle.acts[-1].body is not None:
            report.tampered("signing.differs")
        return
    said, made = bundle.document.signature, bundle.document
    try:
        args = act["args"]
        hand = args["signature"]
        same = (act["command"] == "document.sign" and bundle.entries[-1:] != [] and bundle.entries[-1].verdict == "applied"
                and (args["document"], args["kind"], args["revision"], args["doc_sha256"]) ==
                (made.id, made.kind, made.revision, made.doc_sha256)
                and (doc is None or canonical(args["doc"]) == bytes_of(made.body))
                and all(hand[name] == getattr(said, name) for name in SAME)
                and all(from_wire(hand[name]) == from_wire(getattr(said, name)) for name in TIMES)
                and (act["device"], act["seq"], act["actor"]) == (said.device, said.seq, said.actor))
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        report.tampered("signing.differs")


def _entries(bundle: Bundle, report: Report) -> None:
    before, index = None, 0
    for entry in bundle.entries:
        place = {"store": entry.store, "visit": entry.visit, "index": entry.index}
        facts = {name: getattr(entry, name) for name in entry.__struct_fields__ if name != "hash"}
        if sha256_hex(canonical(facts, nulls=True)) != entry.hash:
            report.tampered("entry.hash", **place)
        if entry.visit_prev != before or entry.index <= index or (entry.store, entry.visit) != (bundle.store.id, bundle.visit):
            report.tampered("entry.link", **place)
        before, index = entry.hash, entry.index


def _head(bundle: Bundle, key: ec.EllipticCurvePublicKey | None, report: Report) -> None:
    head, last = bundle.head, bundle.entries[-1] if bundle.entries else None
    if last is None or (head.store, head.index, head.hash) != (last.store, last.index, last.hash):
        report.tampered("head.place")
    if key is not None and (head.key_id != spki_id(key)
                            or not verify(key, head.sig, head_bytes(head.store, head.index, head.hash))):
        report.tampered("head.signature")


def _photos(bundle: Bundle, doc: dict[str, Any] | None, report: Report) -> None:
    listed = sorted((picture.photo, picture.sha256) for picture in bundle.photos)
    if doc is not None and listed != sorted((photo["photo"], photo["sha256"]) for photo in photos_of(doc)):
        report.tampered("photos.differ")
    for picture in bundle.photos:
        if picture.state == "missing":
            report.add(Word.INCOMPLETE, "photo.missing", photo=picture.photo, sha256=picture.sha256)


def _jwk(key: Any) -> dict[str, str]:
    return {"crv": key.crv, "kty": key.kty, "x": key.x, "y": key.y}


def _is_signed(jwk: dict[str, str], sig: Any, data: bytes) -> bool:
    try:
        return isinstance(sig, str) and verify(public_key(jwk), sig, data)
    except ValueError:
        return False

