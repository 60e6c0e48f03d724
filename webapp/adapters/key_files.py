"""Key files: read and written so that nobody else can read them, and nobody ever finds half of one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


class BadKeys(SystemExit):
    """Stops the start: a key is missing, damaged or open to others. The text says what to do."""


@contextmanager
def alone(lock: Path) -> Iterator[BinaryIO]:
    with lock.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed
        file.seek(0)
        yield file


def certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(read(path))
    except ValueError as why:
        raise damaged(path) from why


def private_key(path: Path) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(read(path), None)
    except (ValueError, TypeError) as why:  # TypeError: it is under a passphrase
        raise damaged(path) from why


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise BadKeys(f"密钥文件 {path} 读不到（{why.strerror}），所以没有启动。请从备份恢复整个文件夹 {path.parent}") from why


def damaged(path: Path) -> BadKeys:
    return BadKeys(f"密钥文件 {path} 已损坏，所以没有启动。请从备份恢复整个文件夹 {path.parent}")


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def private_pem(key: ec.EllipticCurvePrivateKey, lock: serialization.KeySerializationEncryption) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write(fresh, data)
    fresh.replace(path)


def sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
