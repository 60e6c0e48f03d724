"""What encrypts a backup: an age X25519 key and a seal, both under the owner's passphrase (T40).

The server keeps them open in `keys/backup.json`, for itself alone: it backs up every hour without a passphrase and can test
what it wrote. In the backup folder they lie under the passphrase only, as `backup-key.json`: whoever finds the disk has nothing.
The seal (HMAC-SHA256) says that this house wrote a set: to encrypt for us anybody could who knows the public key.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from webapp.foundation.canon import sha256_hex
from webapp.foundation.refusal import N_

TYP = "clockwise-backup-key/1"
SHORTEST = 12
SPOILT = N_("备份文件的内容对不上密钥：文件已损坏，或不是本店的备份")


class BackupFault(Exception):
    """A backup cannot be made, read or believed; the text (with its facts) says why and what to do."""

    def __init__(self, text: str, **facts: str | int) -> None:
        super().__init__(text % facts)
        self.text, self.facts = text, facts


class WrongPassphrase(BackupFault):
    """It does not open this backup."""


@dataclass(frozen=True)
class BackupKey:
    """wrapped: the JSON text that lies in the backup folder."""

    identity: str
    seal: bytes
    wrapped: str

    def encrypt(self, data: bytes) -> bytes:
        sealed: bytes = pyrage.encrypt(data, [self._identity().to_public()])
        return sealed

    def decrypt(self, data: bytes) -> bytes:
        """Raises BackupFault when one bit differs."""
        try:
            plain: bytes = pyrage.decrypt(data, [self._identity()])
        except pyrage.DecryptError as why:
            raise BackupFault(SPOILT) from why
        return plain

    def encrypt_stream(self, source: "Pieces", goal: IO[bytes]) -> None:
        """Raises what reading or writing raised: a full disk, a database that went away."""
        files = _Watched(source, goal)
        try:
            pyrage.encrypt_io(files, files, [self._identity().to_public()])
        except (pyrage.EncryptError, OSError) as why:
            raise files.fault or why from why

    def decrypt_stream(self, source: IO[bytes], goal: Any) -> None:
        """Raises BackupFault, or what writing raised; then what has reached `goal` is worth nothing."""
        files = _Watched(source, goal)
        try:
            pyrage.decrypt_io(files, files, [self._identity()])
        except (pyrage.DecryptError, OSError) as why:
            raise files.fault or BackupFault(SPOILT) from why

    def mark(self, data: bytes) -> str:
        return hmac.new(self.seal, data, hashlib.sha256).hexdigest()

    def _identity(self) -> Any:
        return pyrage.x25519.Identity.from_str(self.identity)


class Pieces:
    """Pieces of bytes as something that is read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given


class _Watched:
    """Both ends of a stream; remembers what they raised, which the library would turn into an error of its own."""

    def __init__(self, source: Any, goal: Any) -> None:
        self._source, self._goal = source, goal
        self.fault: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._try(self._source.read, size)
        return data

    def write(self, data: bytes) -> int:
        count: int = self._try(self._goal.write, data)
        return count

    def flush(self) -> None:
        self._try(self._goal.flush)

    def _try(self, work: Any, *arguments: Any) -> Any:
        try:
            return work(*arguments)
        except Exception as why:
            self.fault = why
            raise


def make_key(passphrase: str) -> BackupKey:
    identity, seal = str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32)
    return BackupKey(identity, seal, _wrap(identity, seal, passphrase))


def change_passphrase(key: BackupKey, passphrase: str) -> BackupKey:
    """The same key under another passphrase: sets that are there already open with the new one."""
    return BackupKey(key.identity, key.seal, _wrap(key.identity, key.seal, passphrase))


def unwrap(text: str, passphrase: str) -> BackupKey:
    """Raises WrongPassphrase, BackupFault when the file itself is damaged."""
    try:
        file = json.loads(text)
        age = file["age"]
        whole = file["typ"] == TYP and file["sha256"] == sha256_hex(age.encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise BackupFault(N_("备份的密钥文件 backup-key.json 已损坏，请换一份备份，或从旧服务器再拷一次"))
    try:
        inner = json.loads(pyrage.passphrase.decrypt(age.encode(), passphrase))
    except pyrage.DecryptError as why:
        raise WrongPassphrase(N_("口令不对，什么都没有改动。请核对设置备份时记下的口令")) from why
    return BackupKey(inner["identity"], base64.b64decode(inner["seal"]), text)


def load_key(folder: Path) -> BackupKey | None:
    """The key this server backs up with; None while nobody has set it up. Raises BackupFault."""
    try:
        inner = json.loads((folder / "backup.json").read_text("utf-8"))
        return BackupKey(inner["identity"], base64.b64decode(inner["seal"]), inner["wrapped"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise BackupFault(N_("本机的备份密钥 keys/backup.json 读不出来，请移开它，再运行 flask backup --setup")) from why


def save_key(folder: Path, key: BackupKey) -> None:
    """Keeps the key for this server's user alone. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps({"identity": key.identity, "seal": base64.b64encode(key.seal).decode(), "wrapped": key.wrapped})
    write_durably(folder / "backup.json", text.encode())


def write_durably(path: Path, data: bytes) -> None:
    """The whole file or none of it: written aside, fsynced, renamed. Raises OSError."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wrap(identity: str, seal: bytes, passphrase: str) -> str:
    inner = json.dumps({"identity": identity, "seal": base64.b64encode(seal).decode()}).encode()
    age = pyrage.passphrase.encrypt(inner, passphrase, armored=True).decode()
    return json.dumps({"typ": TYP, "age": age, "sha256": sha256_hex(age.encode())})
