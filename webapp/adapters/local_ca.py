"""A certificate authority of the store's own, so that phones on its Wi-Fi get HTTPS without a domain name.

Made once in CLOCKWISE_HOME/lan; its key is for the server's user alone. The authority may vouch only for private
addresses and .local names: whoever steals it cannot play a bank to the phones that trust it.
"""

import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UNROUTED = tuple(ipaddress.ip_network(net) for net in (  # no host of the internet can have these
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "192.0.2.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"))
CA_YEARS, LEAF_DAYS, RENEW_DAYS = 10, 397, 30  # iPhones refuse a leaf of more than 825 days


@dataclass(frozen=True)
class LocalCa:
    """Files as they lie in the folder."""

    ca_cert: Path
    leaf_cert: Path
    leaf_key: Path

    def ca_der(self) -> bytes:
        """The authority's certificate as phones install it."""
        return _read(self.ca_cert).public_bytes(serialization.Encoding.DER)

    def fingerprint(self) -> str:
        """SHA-256 as phones show it, to be compared by eye."""
        return _read(self.ca_cert).fingerprint(hashes.SHA256()).hex(":").upper()


def lan_addresses() -> list[str]:
    """This machine's private IPv4 addresses, the one towards the network's way out first. Nothing is sent."""
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.168.255.254", 9))
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [a for a in dict.fromkeys(found) if _unrouted(a)]


def local_ca(folder: Path, addresses: list[str], now: datetime) -> LocalCa:
    """The authority and a leaf for these addresses; what is there and still fits is kept. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = LocalCa(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    if not (made.ca_cert.is_file() and (folder / "ca.key").is_file()):
        _make_ca(folder, now)
    if not _fits(made, addresses, now):
        _make_leaf(folder, made, addresses, now)
    return made


def _unrouted(address: str) -> bool:
    return not address.startswith("127.") and any(ipaddress.ip_address(address) in net for net in UNROUTED)


def _make_ca(folder: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Clockwise LAN {now:%Y-%m-%d} {os.urandom(2).hex()}")])
    allowed = [*map(x509.IPAddress, UNROUTED), x509.DNSName("local"), x509.DNSName("localhost")]
    cert = (_builder(name, name, key, now, timedelta(days=365 * CA_YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .add_extension(x509.NameConstraints(allowed, None), critical=True)
            .sign(key, hashes.SHA256()))
    _write(folder / "ca.key", _pem(key))
    _write(folder / "ca.crt", cert.public_bytes(serialization.Encoding.PEM))


def _make_leaf(folder: Path, made: LocalCa, addresses: list[str], now: datetime) -> None:
    ca, ca_key = _read(made.ca_cert), serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(a)) for a in [*addresses, "127.0.0.1"]]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clockwise")])
    cert = (_builder(subject, ca.subject, key, now, timedelta(days=LEAF_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256()))
    _write(made.leaf_key, _pem(key))
    _write(made.leaf_cert, cert.public_bytes(serialization.Encoding.PEM))


def _fits(made: LocalCa, addresses: list[str], now: datetime) -> bool:
    if not (made.leaf_cert.is_file() and made.leaf_key.is_file()):
        return False
    leaf = _read(made.leaf_cert)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(a) for a in names.get_values_for_type(x509.IPAddress)}
    return set(addresses) <= known and leaf.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime,
             life: timedelta) -> x509.CertificateBuilder:
    # A day back: phones' clocks differ from the server's.
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False))


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not ca, content_commitment=False, key_encipherment=False, data_encipherment=False,
                         key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
