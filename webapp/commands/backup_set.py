"""What a backup says of itself: the manifest, and reading one back. Nothing is believed that the seal does not cover."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from webapp.adapters.backup_folder import BackupFolder
from webapp.adapters.backup_key import BackupFault, BackupKey
from webapp.commands.chain_check import StoreHead
from webapp.foundation.refusal import N_

KIND, VERSION = "clockwise-backup", 1


@dataclass(frozen=True)
class Kept:
    """Bytes in the pool: how many they are, and how many lie there encrypted."""

    bytes: int
    stored: int


@dataclass
class Manifest:
    """content: per kind (photos, sealed) what the set holds, by hash. missing: present by the rows, but not on the disk."""

    made_at: str
    schema: str
    stores: list[StoreHead]
    database_sha256: str
    home_sha256: str
    content: dict[str, dict[str, Kept]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        return sum(len(kept) for kept in self.content.values())

    def text(self) -> bytes:
        plain = asdict(self) | {"typ": f"{KIND}/{VERSION}", "content": {
            kind: {sha256: [k.bytes, k.stored] for sha256, k in kept.items()} for kind, kept in self.content.items()}}
        return json.dumps(plain, separators=(",", ":")).encode()


def write_manifest(aside: Any, key: BackupKey, manifest: Manifest) -> None:
    """The last files of a set: without them it is nothing."""
    sealed = key.encrypt(manifest.text())
    (aside / "manifest.age").write_bytes(sealed)
    (aside / "seal").write_text(key.mark(sealed))


def read_manifest(folder: BackupFolder, name: str, key: BackupKey) -> Manifest:
    """Raises BackupFault: half written, of another house, damaged, or made by a newer version."""
    place = folder.set_of(name)
    try:
        sealed, seal = (place / "manifest.age").read_bytes(), (place / "seal").read_text("ascii", "replace")
    except OSError as why:
        raise BackupFault(N_("备份 %(name)s 不完整（没有写完或少了文件），请换一份备份"), name=name) from why
    if seal != key.mark(sealed):
        raise BackupFault(N_("备份 %(name)s 已损坏，或不是用这把密钥做的（别家的备份），请换一份备份"), name=name)
    found = json.loads(key.decrypt(sealed))
    kind, _, version = str(found.pop("typ", "")).partition("/")
    if kind != KIND or not version.isdigit() or int(version) > VERSION:
        raise BackupFault(N_("备份 %(name)s 由更新的版本做成，请先升级顺时针再恢复"), name=name)
    found["stores"] = [StoreHead(**s) for s in found["stores"]]
    found["content"] = {kind: {sha256: Kept(*k) for sha256, k in kept.items()} for kind, kept in found["content"].items()}
    return Manifest(**found)
