"""Looks at the seal of a PDF with pyHanko: is it one, over the whole file, against any change, and whose?

pyHanko cannot see the padding behind the signature, which no PDF signature covers; it is held to its one way of writing here.
"""

import io
import logging
import re
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from webapp.foundation.canon import sha256_hex

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it warns of, we say in words
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
NAME = "clockwise-bundle.json"
BAD = (PdfError, SigningError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError,
       RecursionError, NotImplementedError, AssertionError, OverflowError, zlib.error)


@dataclass
class Seal:
    """faults: dotted kinds. roots: fingerprints of the roots that its chain ends at, as far as we were given them."""

    faults: list[str] = field(default_factory=list)
    bundle: bytes | None = None
    sealed_at: datetime | None = None
    roots: set[str] = field(default_factory=set)


def look_at_seal(pdf: bytes, trust: Callable[[bytes | None], Collection[bytes]]) -> Seal:
    """trust: certificates (DER) that may stand at the end of the seal's chain, by the attached bundle. Raises for no file."""
    seal = Seal()
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        seal.bundle = _attached(reader)
        signatures = list(reader.embedded_signatures)
    except BAD:
        seal.faults.append("pdf.unreadable")
        return seal
    if seal.bundle is None:
        seal.faults.append("pdf.attachment")
    if len(signatures) != 1:
        seal.faults.append("pdf.signatures")
        return seal
    try:
        _judge(pdf, signatures[0], trust(seal.bundle), seal)
    except BAD:
        seal.faults.append("pdf.signature")
    return seal


def bundle_in(pdf: bytes) -> bytes | None:
    """The attached bundle, whatever the seal says; None when there is none, or more than one file."""
    try:
        return _attached(PdfFileReader(io.BytesIO(pdf)))
    except BAD:
        return None


def _attached(reader: PdfFileReader) -> bytes | None:
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    if len(names) != 2 or str(names[0]) != NAME:
        return None
    data: bytes = names[1]["/EF"]["/F"].data
    return data


def _judge(pdf: bytes, found: EmbeddedPdfSignature, trusted: Collection[bytes], seal: Seal) -> None:
    if not _is_plain_gap(pdf, found):
        seal.faults.append("pdf.padding")
    told = _told_at(found)
    roots = [x509.Certificate.load(der) for der in trusted]
    # The seal's certificate must have been good when it sealed, not for ever: papers outlive certificates.
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=told)
    status = validate_pdf_signature(found, context)
    seal.sealed_at = told
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level != ModificationLevel.NONE:
        seal.faults.append("pdf.coverage")
    if found.docmdp_level != MDPPerm.NO_CHANGES:
        seal.faults.append("pdf.docmdp")
    if not status.intact:
        seal.faults.append("pdf.changed")
    elif not status.valid:
        seal.faults.append("pdf.signature")
    elif status.trusted and status.validation_path is not None:
        anchor: Any = status.validation_path.trust_anchor
        seal.roots.add(sha256_hex(anchor.certificate.dump()))
    if not _only_its_chain(found, trusted):
        seal.faults.append("pdf.signature")


def _is_plain_gap(pdf: bytes, found: EmbeddedPdfSignature) -> bool:
    """Between the two signed ranges stands <, the signature in capital hexadecimal, noughts, and >; nothing else is possible."""
    first, until, then, length = (int(n) for n in found.byte_range)
    gap = pdf[until:then]
    der = found.signer_info is not None and found.signed_data is not None and bytes(found.pkcs7_content)
    if first != 0 or then + length != len(pdf) or not der:
        return False
    exact = cms.ContentInfo.load(der).dump()
    return re.fullmatch(rb"<" + exact.hex().upper().encode() + rb"0*>", gap) is not None


def _only_its_chain(found: EmbeddedPdfSignature, trusted: Collection[bytes]) -> bool:
    """Certificates beside the signature are covered by nothing: each must be the signer's, or have signed or be trusted."""
    held = [wrapped.chosen for wrapped in found.signed_data["certificates"]]
    issuers = {cert.issuer.dump() for cert in held}
    signer = found.signer_cert.dump()
    return all(cert.dump() in (signer, *trusted) or cert.subject.dump() in issuers for cert in held)


def _told_at(found: EmbeddedPdfSignature) -> datetime | None:
    told = found.self_reported_timestamp
    return told.astimezone(UTC) if told else None


__all__ = ["Seal", "bundle_in", "look_at_seal"]
