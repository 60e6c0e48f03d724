"""One file in hand: a sealed PDF, a bundle, or an exported ZIP with all of a visit."""

import io
import json
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.exc import SQLAlchemyError

from webapp.adapters.keys import head_bytes, spki_id
from webapp.adapters.pdf_seal import look_at_seal
from webapp.commands.house import House
from webapp.commands.proof.against import compare_with_ledger
from webapp.commands.proof.bundle_check import certificate, check_bundle, fingerprint
from webapp.commands.proof.report import Report, Word
from webapp.commands.proof.shape import BadBundle, Bundle, read_bundle, read_json
from webapp.domain.documents.paper import photos_of
from webapp.foundation.canon import sha256_hex
from webapp.foundation.es256 import from_base64url, verify

MOST_IN_ZIP = 2 * 1024**3


@dataclass(frozen=True)
class Checker:
    """pinned: roots that are believed, by fingerprint. house: whose ledger may be asked. heads: as others kept them."""

    pinned: frozenset[str]
    house: House | None = None
    heads: Sequence[dict[str, Any]] = ()

    def check(self, data: bytes, title: str) -> list[Report]:
        """One report per paper or bundle, and for an archive one of the archive itself, first."""
        if data.startswith(b"PK\x03\x04"):
            return self._archive(data, title)
        return [self._one(data, title)]

    def _one(self, data: bytes, title: str) -> Report:
        report = Report(title)
        if b"%PDF-" in data[:1024]:
            bundle = self._pdf(data, report)
        elif data.lstrip()[:1] == b"{":
            bundle = check_bundle(data, self.pinned, report)
            report.note("bundle.alone")
        else:
            report.tampered("file.unknown")
            return report
        if bundle is not None:
            self._heads(bundle, report)
            self._ledger(bundle, sha256_hex(data) if b"%PDF-" in data[:1024] else None, report)
        return report

    def _pdf(self, data: bytes, report: Report) -> Bundle | None:
        seal = look_at_seal(data, self._trusted)
        bundle = check_bundle(seal.bundle, self.pinned, report) if seal.bundle is not None else None
        for kind in dict.fromkeys(seal.faults):
            report.tampered(kind)
        if not seal.faults and not seal.roots & self.pinned and "root.unknown" not in report.kinds:
            report.add(Word.UNKNOWN_KEY, "seal.unknown")
        return bundle

    def _trusted(self, bundle: bytes | None) -> list[bytes]:
        """Ours as far as they are believed, and the bundle's own: whether that one is believed is asked of the bundle."""
        chain = [self.house.keys.root_certificate, *self.house.keys.seal_chain[-1:]] if self.house else []
        own = _root_of(bundle) if bundle else None
        ours = (cert.public_bytes(Encoding.DER) for cert in chain if fingerprint(cert) in self.pinned)
        return list(dict.fromkeys([*ours, *([own] if own else [])]))

    def _heads(self, bundle: Bundle, report: Report) -> None:
        """Heads that somebody kept, against the entries of this file."""
        head = certificate(bundle.keys.head)
        key = head.public_key() if head else None
        entries = {entry.index: entry.hash for entry in bundle.entries}
        for held in self.heads:
            facts = {"index": held["index"], "hash": held["hash"][:16], "store": held["store"]}
            if not isinstance(key, ec.EllipticCurvePublicKey) or held["store"] != bundle.store.id or \
                    held["key_id"] != spki_id(key) or \
                    not verify(key, held["sig"], head_bytes(held["store"], held["index"], held["hash"])):
                report.note("held.foreign", **facts)
            elif held["index"] not in entries:
                self._head_in_ledger(held, facts, report)
            elif entries[held["index"]] != held["hash"]:
                report.tampered("held.inconsistent", **facts)
            else:
                report.note("held.agree", **facts)

    def _head_in_ledger(self, held: dict[str, Any], facts: dict[str, Any], report: Report) -> None:
        from webapp.queries.heads import HeldHead, compare

        if self.house is None:
            return report.note("held.elsewhere", **facts)
        with self.house.database.read() as db:
            try:
                told = compare(db, self.house.keys.head_key.public_key(), held["store"],
                               [HeldHead(**{"epoch": 1, **held})])
            except SQLAlchemyError:
                return report.note("held.elsewhere", **facts)
        if told.differ:
            return report.tampered("held.inconsistent", **facts)
        return report.note("held.agree" if told.agree else "held.elsewhere", **facts)

    def _ledger(self, bundle: Bundle, pdf_sha256: str | None, report: Report) -> None:
        if self.house is None:
            return report.note("ledger.none")
        try:
            with self.house.database.read() as db:
                return compare_with_ledger(db, self.house.keys, bundle, pdf_sha256, report)
        except SQLAlchemyError:  # tables are not laid: this machine is no store's
            return report.note("ledger.none")

    def _archive(self, data: bytes, title: str) -> list[Report]:
        whole = Report(title)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(info.file_size for info in archive.infolist()) > MOST_IN_ZIP:
                    raise zipfile.BadZipFile
                files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
            whole.tampered("file.unknown")
            return [whole]
        _sums(files, whole)
        papers = [self._one(files[name], f"{title} › {name}") for name in sorted(files)
                  if name.startswith(("papers/", "bundles/"))]
        _pictures(files, whole)
        _later(files, papers, title)
        return [whole, *papers]


def _root_of(bundle: bytes) -> bytes | None:
    try:
        root = certificate(read_bundle(bundle).keys.root)
    except BadBundle:
        return None
    return root.public_bytes(Encoding.DER) if root else None


def _sums(files: dict[str, bytes], report: Report) -> None:
    listed = dict[str, str]()
    for line in files.get("SHA256SUMS", b"").decode("utf-8", "replace").splitlines():
        sha256, _, name = line.partition("  ")
        listed[name] = sha256
    for name in sorted(listed.keys() | files.keys() - {"SHA256SUMS"}):
        if name not in files:
            report.tampered("file.missing", file=name)
        elif name not in listed:
            report.tampered("file.extra", file=name)
        elif sha256_hex(files[name]) != listed[name]:
            report.tampered("file.sum", file=name)


def _pictures(files: dict[str, bytes], report: Report) -> None:
    """Photos of the archive against the hashes that stand in signed documents."""
    told = dict[str, str]()
    for name, data in files.items():
        if name.startswith("bundles/"):
            try:
                doc = read_json(from_base64url(read_bundle(data).document.body))
                told |= {photo["photo"]: photo["sha256"] for photo in photos_of(doc)}
            except (BadBundle, ValueError, KeyError, TypeError, AttributeError):
                continue
    for name, data in files.items():
        photo = name.removeprefix("photos/").rpartition(".")[0]
        if name.startswith("photos/") and photo in told and sha256_hex(data) != told[photo]:
            report.tampered("file.photo", photo=photo)


def _later(files: dict[str, bytes], papers: list[Report], title: str) -> None:
    """A paper whose photos were missing is made whole by the later file that names it."""
    from webapp.adapters.pdf_seal import bundle_in

    named = set[str]()
    for name, data in files.items():
        if name.startswith("papers/") and (inside := bundle_in(data)) is not None:
            named.add((json.loads(inside) or {}).get("earlier", ""))
    for report in papers:
        if sha256_hex(files[report.title.removeprefix(f"{title} › ")]) in named:
            report.findings = [finding for finding in report.findings if finding.kind != "photo.missing"]


def pinned_roots(house: House | None, roots: Collection[str]) -> frozenset[str]:
    """What was given; else this house's own."""
    given = frozenset(root.replace(" ", "").replace(":", "").lower() for root in roots)
    return given or frozenset({house.keys.root_fingerprint, fingerprint(house.keys.seal_chain[-1])} if house else ())
