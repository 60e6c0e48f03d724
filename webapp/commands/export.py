"""One visit to take along: a ZIP for the customer, an insurer or a court, made while it is sent. Nothing in it needs us.

It holds what the house holds: sealed papers, each one's bundle, every photo as it came, the visit's rows, and every act with its
ledger entry. VERIFY.txt says how to check it. Taking it out is an act of its own (`visit.export`).
"""

import json
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.commands.bundle import bundle, bundle_bytes
from webapp.commands.house import House
from webapp.commands.ledger import wire_entry
from webapp.commands.receipt import Receipt
from webapp.domain.documents.paper import photos_of
from webapp.foundation.actor import Actor
from webapp.foundation.canon import sha256_hex
from webapp.foundation.ids import new_id
from webapp.models import Document, KeptAct, LedgerEntry, Photo, SealedFile, Visit
from webapp.queries.sealing import sealed_files, signing_entry
from webapp.queries.visit_wire import whole_visit

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
PIECE = 256 * 1024
HOW = """这个压缩包里是一次来店的全部资料，不需要本系统也能查看和核对。
This archive holds all of one visit. It can be read and checked without the system that made it.

papers/    客户签过字的单据，每份是一个封存的 PDF。 / Signed papers, each a sealed PDF.
bundles/   每份单据的证据包（JSON）：原文、签名、账本条目、公钥。 / The evidence of each paper as JSON.
photos/    原始照片，一个字节也没有改。 / Photos as they were taken.
visit.json 这次来店的记录、每一步操作的原文和账本条目。 / Rows, every act as it came, and its ledger entry.
SHA256SUMS 每个文件的校验码。 / The SHA-256 of every file.

怎样核对 / How to check
1. 文件没有被改：在这个文件夹里运行  sha256sum -c SHA256SUMS
   Files unchanged: run  sha256sum -c SHA256SUMS  in this folder.
2. 单据没有被改：用 Adobe Reader 打开 PDF 看签章；或在门店网站的 /verify 页面打开 PDF（不上传）；
   或运行  flask verify 文件名
   Papers unchanged: open the PDF in a reader that checks signatures, or on the store's /verify page (nothing is
   uploaded), or run  flask verify FILE .
   PDF 阅读器会说“签名者未知”，因为门店用自己的根证书；请与门店公布的根证书指纹对照：
   A reader says "signer unknown", for the store is its own root; compare the fingerprint that the store publishes:
   %(root)s
3. 账本：visit.json 里每条 entries 的 hash 是该条（去掉 hash）按 RFC 8785 写成后的 SHA-256，visit_prev 指向前一条；
   act_sha256 是 body 去掉 sig 后按 RFC 8785 写成的 SHA-256。
   Ledger: each entry's hash is SHA-256 over its RFC 8785 bytes without "hash"; visit_prev names the one before;
   act_sha256 is SHA-256 over the RFC 8785 bytes of the act without "sig".
4. 照片：文件的 SHA-256 等于单据里写的照片校验码。 / A photo's SHA-256 equals the one in the signed paper.

这里有个人信息，请只交给该拿的人。 / This holds personal data: hand it only to those it is for.
"""


@dataclass(frozen=True)
class ZipName:
    number: str | None
    visit: str

    @property
    def text(self) -> str:
        """A file name without a person's name in it."""
        return f"{self.number or self.visit}.zip"


def note_export(house: House, actor: Actor, visit: str, reason: str, act_id: str | None = None) -> Receipt:
    """Puts it on record before anything leaves the house."""
    return house.door.execute(actor, "visit.export", {"reason": reason}, act_id=act_id or new_id(), visit=visit,
                              salt=secrets.token_urlsafe(16))


def export_visit(house: House, store: str, visit: str) -> Iterator[bytes]:
    """The ZIP, piece by piece; never more of it in memory than a photo's piece or one paper."""
    sink, sums = _Sink(), list[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in _files(house, store, visit):
            stored = zipfile.ZIP_STORED if name.startswith(("photos/", "papers/")) else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, stored)
            sums.append(f"{sha256_hex(content)}  {name}\n")
            yield sink.take()
        archive.writestr("SHA256SUMS", "".join(sums))
    yield sink.take()


def _files(house: House, store: str, visit: str) -> Iterator[tuple[str, bytes]]:
    yield "VERIFY.txt", (HOW % {"root": _fingerprint(house)}).encode()
    with house.database.read() as db:
        row = db.scalars(select(Visit).where(Visit.store_id == store, Visit.id == visit)).one()
        made = list(db.scalars(select(Document).where(Document.store_id == store, Document.visit_id == visit)
                               .order_by(Document.received_at, Document.id)))
        sealed = sealed_files(db, store, [one.id for one in made])
        photos = list(db.scalars(select(Photo).where(Photo.store_id == store, Photo.visit_id == visit).order_by(Photo.id)))
        yield "visit.json", _json({**whole_visit(db, row), **_ledger(db, store, visit)})
        for document in made:
            name = f"{document.kind}-{document.revision}-{document.doc_sha256[:8]}"
            if facts := _bundle(db, house, document, photos, sealed.get(document.id, [])):
                yield f"bundles/{name}.json", facts
    for document in made:
        for file in sealed.get(document.id, []):
            if data := house.sealed.read(file.sha256):
                yield f"papers/{document.kind}-{document.revision}-{document.doc_sha256[:8]}-{file.n}.pdf", data
    for photo in photos:
        if photo.state == "present" and house.photos.has(photo.sha256):
            yield f"photos/{photo.id}.{ENDINGS.get(photo.mime, 'bin')}", house.photos.path(photo.sha256).read_bytes()


def _ledger(db: Session, store: str, visit: str) -> dict[str, Any]:
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    rows = db.execute(select(LedgerEntry, KeptAct.command, KeptAct.body).join(KeptAct, same).where(
        LedgerEntry.store_id == store, LedgerEntry.visit_id == visit).order_by(LedgerEntry.idx)).all()
    return {"entries": [{**wire_entry(entry), "hash": entry.hash} for entry, _, _ in rows],
            "acts": [{"id": entry.act_id, "command": command, "body": body.decode("utf-8", "replace") if body else None}
                     for entry, command, body in rows]}


def _bundle(db: Session, house: House, made: Document, photos: list[Photo], files: list[SealedFile]) -> bytes | None:
    entry = signing_entry(db, made)
    if entry is None or entry.visit_id is None:
        return None
    known = {photo.id: photo for photo in photos}
    listed = [{"photo": told["photo"], "sha256": told["sha256"], "bytes": photo.bytes if photo else 0,
               "state": "present" if photo and photo.state == "present" else "missing"}
              for told in photos_of(json.loads(made.body)) for photo in [known.get(told["photo"])]]
    newest = files[0] if files else None
    return bundle_bytes(bundle(db, house.keys, made, entry.visit_id, entry.idx, listed, newest.earlier if newest else None),
                        newest.tsa if newest else "none")


def _json(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _fingerprint(house: House) -> str:
    return house.keys.root_fingerprint


class _Sink:
    """What zipfile writes to: a pipe that cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole
