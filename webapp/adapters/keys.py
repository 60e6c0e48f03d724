"""The store's keys: what signs heads of the ledger, what seals papers, and the root that vouches for both (evidence.md 3.4).

Made once, at the first start, in CLOCKWISE_HOME/keys, for the server's user alone:

    root.pem            the root certificate, 20 years; its fingerprint stands on papers and in the app
    root-recovery.pem   the root's private key under a passphrase that was shown once; nothing else holds that key
    head-key.pem, head.pem          signs heads; certified by the root, 3 years
    seal-key.pem, seal-chain.pem    seals papers; a bought key and chain may take their place, format unchanged

Made without a terminal nobody can be shown a passphrase: then the root's key is dropped and there is no recovery file.
"""

import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from webapp.adapters.certificates import ROOT_YEARS, YEARS, certify, make_root
from webapp.adapters.key_files import (
    BadKeys,
    alone,
    certificates,
    damaged,
    pem,
    private_key,
    private_pem,
    read,
    replace,
    sync,
    write,
)
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.es256 import jwk_of, sign

PRIVATE = ("head-key.pem", "seal-key.pem", "root-recovery.pem")
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no 0 and O, no 1, I and L: somebody copies it by hand
Show = Callable[[str], None]


@dataclass(frozen=True)
class HeadKey:
    """What others need to check a head: the certificate, the key as browsers read it, and its short name."""

    certificate: x509.Certificate
    jwk: dict[str, str]
    key_id: str


class Keys:
    """The keys of this house, read and checked. Raises BadKeys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _for_us_alone(folder)
        self.root_certificate = certificates(folder / "root.pem")[0]
        head_certificate, self.seal_chain = certificates(folder / "head.pem")[0], certificates(folder / "seal-chain.pem")
        head_key, self.seal_key = private_key(folder / "head-key.pem"), private_key(folder / "seal-key.pem")
        _belong(folder / "head-key.pem", head_key, head_certificate)
        _belong(folder / "seal-key.pem", self.seal_key, self.seal_certificate)
        if not isinstance(head_key, ec.EllipticCurvePrivateKey) or not isinstance(head_key.curve, ec.SECP256R1):
            raise damaged(folder / "head-key.pem")
        try:
            head_certificate.verify_directly_issued_by(self.root_certificate)
        except (ValueError, TypeError, InvalidSignature) as why:
            raise damaged(folder / "head.pem") from why
        self.head_key = head_key
        self.head = HeadKey(head_certificate, jwk_of(head_key.public_key()), spki_id(head_key.public_key()))

    @property
    def seal_certificate(self) -> x509.Certificate:
        return self.seal_chain[0]

    @property
    def root_fingerprint(self) -> str:
        """SHA-256 of the root certificate (DER), to be compared by eye and pinned by phones."""
        return sha256_hex(self.root_certificate.public_bytes(serialization.Encoding.DER))

    @property
    def recoverable(self) -> bool:
        """Whether somebody was given what opens the root's key."""
        return (self.folder / "root-recovery.pem").is_file()

    def signed_head(self, store: str, index: int, hash: str) -> dict[str, Any]:
        """Where the store's ledger stood, so that whoever holds this can show later that it was so (T16)."""
        return {"store": store, "index": index, "hash": hash, "key_id": self.head.key_id,
                "sig": sign(self.head_key, head_bytes(store, index, hash))}


def open_keys(folder: Path, now: datetime, show: Show | None = None, used: Callable[[], bool] = lambda: False,
              *, anew: bool = False) -> Keys:
    """The keys, made now if there never were any; two processes at once make one set. `show` gets the passphrase, once.

    used: whether the books know of heads that were signed. New keys in place of lost ones would make phones doubt the whole
    ledger, so somebody must have wanted them (`anew`). Raises BadKeys.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(folder.with_name(folder.name + ".lock")) as lock:
            if not folder.exists():
                if (lock.read() or used()) and not anew:
                    raise _gone(folder)
                _make(folder, now, show)
                lock.write(b"made\n")
    except OSError as why:
        raise BadKeys(f"密钥文件夹 {folder} 建不了（{why.strerror}），请检查磁盘和权限") from why
    return Keys(folder)


def renew(folder: Path, words: str, now: datetime) -> Keys:
    """The root vouches for the same keys for three more years; a bought seal is left alone. Raises BadKeys."""
    keys = Keys(folder)
    try:
        root_key = serialization.load_pem_private_key(read(folder / "root-recovery.pem"), words.encode())
    except (ValueError, TypeError) as why:  # TypeError: no passphrase at all
        raise BadKeys("恢复口令不对，什么都没有改。请核对抄下的口令，字母都是大写") from why
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    _belong(folder / "root-recovery.pem", root_key, keys.root_certificate)
    root, seal = keys.root_certificate, keys.seal_certificate
    head = certify("Head", keys.head_key.public_key(), root, root_key, now, YEARS)
    replace(folder / "head.pem", pem(head))
    if seal.issuer == root.subject:
        replace(folder / "seal-chain.pem", pem(certify("Seal", seal.public_key(), root, root_key, now, YEARS)) + pem(root))
    sync(folder)
    return Keys(folder)


def head_bytes(store: str, index: int, hash: str) -> bytes:
    """What is signed of a head (protocol.md)."""
    return canonical({"typ": "clockwise-head/1", "store": store, "index": index, "hash": hash})


def spki_id(key: ec.EllipticCurvePublicKey) -> str:
    """The short name of a head key: the first 16 hex characters of SHA-256 over its SPKI."""
    return sha256_hex(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))[:16]


def _make(folder: Path, now: datetime, show: Show | None) -> None:
    """In a folder beside it, renamed when all is on the disk: nobody ever finds half a set."""
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = make_root(root_key, now, ROOT_YEARS)
    write(making / "root.pem", pem(root))
    for name, file in (("Head", "head.pem"), ("Seal", "seal-chain.pem")):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = certify(name, key.public_key(), root, root_key, now, YEARS)
        write(making / f"{name.lower()}-key.pem", private_pem(key, serialization.NoEncryption()))
        write(making / file, pem(certificate) + (pem(root) if name == "Seal" else b""))
    if show:
        words = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(6))
        write(making / "root-recovery.pem",
               private_pem(root_key, serialization.BestAvailableEncryption(words.encode())))
    sync(making)
    making.rename(folder)
    sync(folder.parent)
    if show:
        show(words)


def _for_us_alone(folder: Path) -> None:
    for path in (folder, *(folder / name for name in PRIVATE)):
        with suppress(FileNotFoundError):
            if path.stat().st_mode & 0o077:
                mode = "700" if path == folder else "600"
                raise BadKeys(f"密钥 {path} 别的用户也能读，不安全，所以没有启动。请运行 chmod {mode} '{path}' 后再启动；"
                              "若别人可能读过，请换新密钥")


def _belong(path: Path, key: PrivateKeyTypes, certificate: x509.Certificate) -> None:
    kind = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*kind) != certificate.public_key().public_bytes(*kind):
        raise BadKeys(f"密钥 {path} 与它的证书不是一对，所以没有启动。请从备份恢复整个文件夹 {path.parent}")


def _gone(folder: Path) -> BadKeys:
    return BadKeys(f"密钥文件夹 {folder} 不见了，而本店签过账本，所以没有启动。请从备份恢复整个文件夹；"
                   "备份里也没有、只好换新密钥时，用 NEW_KEYS=1 启动一次（每部手机都会提示服务器换了密钥）")


__all__ = ["BadKeys", "HeadKey", "Keys", "Show", "head_bytes", "open_keys", "renew", "spki_id"]
