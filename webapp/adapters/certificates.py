"""Certificates of the house's own making: a root, and what it vouches for. P-256 and SHA-256 throughout."""

import os
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

ROOT_YEARS, YEARS = 20, 3


def make_root(key: ec.EllipticCurvePrivateKey, now: datetime, years: int) -> x509.Certificate:
    """Vouches for itself, and for certificates that vouch for nobody."""
    name = _name(f"Clockwise Root {now:%Y-%m-%d} {os.urandom(3).hex()}")
    return (_builder(name, name, key.public_key(), now, years)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(root=True), critical=True)
            .sign(key, hashes.SHA256()))


def certify(name: str, key: CertificatePublicKeyTypes, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey,
            now: datetime, years: int) -> x509.Certificate:
    """The root says whose key this is. For signing facts only: it cannot vouch for another."""
    subject = _name(f"Clockwise {name} {now:%Y-%m-%d} {os.urandom(3).hex()}")
    return (_builder(subject, root.subject, key, now, years)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(root=False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
            .sign(root_key, hashes.SHA256()))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject: x509.Name, issuer: x509.Name, key: CertificatePublicKeyTypes, now: datetime,
             years: int) -> x509.CertificateBuilder:
    # A day back: the clocks of those who check differ from the server's.
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365 * years))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False))


def _usage(*, root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not root, content_commitment=not root, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, key_cert_sign=root, crl_sign=root,
                         encipher_only=False, decipher_only=False)
