"""Seals a PDF: the bundle attached, then a certification that allows no change (PAdES-B-B, B-T with a time stamp).

What the seal claims of its time is the server's clock and is called so; only an authority's token proves a time.
"""

import io
from collections.abc import Callable
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, EmbeddedFileParams, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from webapp.adapters.keys import Keys
from webapp.adapters.time_stamp import MOST_BYTES, Authority, NoStamp

BUNDLE = "clockwise-bundle.json"
FIELD = "Seal"
ROOM = 2048  # bytes that the signature may take beside its certificates


class Sealer:
    """The store's seal. tsa: whom to ask for the time, if anybody."""

    def __init__(self, keys: Keys, tsa: Authority | None = None) -> None:
        chain = [_certificate(c.public_bytes(serialization.Encoding.DER)) for c in keys.seal_chain]
        plain = keys.seal_key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                            serialization.NoEncryption())
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        known.register_multiple(chain[1:])
        self._signer = signers.SimpleSigner(signing_cert=chain[0], signing_key=asn1_keys.PrivateKeyInfo.load(plain),
                                            cert_registry=known)
        self._tsa = tsa
        # Hexadecimal digits, said beforehand: pyHanko would else sign twice to find out.
        self._room = 2 * (sum(len(c.dump()) for c in chain) + ROOM) + (2 * MOST_BYTES if tsa else 0)

    def seal(self, pdf: bytes, bundle: Callable[[str], bytes], reason: str) -> tuple[bytes, str]:
        """The sealed file and what there is to say of its time stamp; `bundle` is asked for with the same words."""
        if self._tsa is None:
            return self._sign(pdf, bundle("none"), reason, None), "none"
        try:
            return self._sign(pdf, bundle(self._tsa.name), reason, self._tsa), self._tsa.name
        except NoStamp as why:
            told = f"absent: {why}"[:200]
            return self._sign(pdf, bundle(told), reason, None), told

    def _sign(self, pdf: bytes, bundle: bytes, reason: str, tsa: Authority | None) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        attached = EmbeddedFileObject.from_file_data(writer, bundle, mime_type="application/json",
                                                     params=EmbeddedFileParams())
        embed_file(writer, FileSpec(BUNDLE, file_name=BUNDLE, embedded_data=attached,
                                    af_relationship=generic.pdf_name("/Data")))
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256", reason=reason)
        out = io.BytesIO()
        signers.PdfSigner(metadata, signer=self._signer, timestamper=tsa).sign_pdf(
            writer, output=out, bytes_reserved=self._room)
        return out.getvalue()


def authority(url: str | None, vouchers: Path | None) -> Authority | None:
    """The authority of the settings. Raises OSError and ValueError for a file of certificates that cannot be read."""
    if url is None:
        return None
    trusted = tuple(_certificate(der) for _, _, der in pem.unarmor(vouchers.read_bytes(), multiple=True)) if vouchers else ()
    return Authority(url, trusted)


def _certificate(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
