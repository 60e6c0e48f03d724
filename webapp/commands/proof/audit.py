"""The whole house: every entry and act, rows against acts, photos, sealed PDFs, and heads that phones handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.commands.chain import verify_chain
from webapp.commands.house import House
from webapp.commands.proof.file import Checker, pinned_roots
from webapp.commands.proof.report import Report, Word
from webapp.commands.proof.rows import check_rows
from webapp.foundation.canon import sha256_hex
from webapp.models import Document, LedgerEntry, Photo, SealedFile, Visit
from webapp.queries.heads import witnessed

Progress = Callable[[int], None]


@dataclass
class Audit:
    """papers: what was found of a file of this hash, so that no file is looked at twice while one audit follows another."""

    house: House
    progress: Progress = lambda steps: None
    papers: dict[str, Report] = field(default_factory=dict)

    def steps(self, store: str) -> int:
        """How many things there are to look at."""
        with self.house.database.read() as db:
            return sum(db.scalar(select(func.count()).select_from(table).where(table.store_id == store)) or 0
                       for table in (LedgerEntry, Photo, SealedFile))

    def store(self, store: str) -> Report:
        with self.house.database.read() as db:
            return self.look(db, store)

    def look(self, db: Session, store: str) -> Report:
        """One store, as this session sees it."""
        report = Report(f"门店 {store}")
        chain = verify_chain(db, store)
        for fault in chain.faults:
            report.tampered("chain." + fault.kind, store=store, index=fault.index, what=fault.what)
        if chain.redacted:
            report.add(Word.REDACTED, "chain.redacted", store=store, n=chain.redacted)
        check_rows(db, store, report)
        self.progress(chain.entries)
        self._photos(db, store, report)
        self._papers(db, store, report)
        self._heads(db, store, report)
        report.note("audit.seen", store=store, entries=chain.entries)
        return report

    def _photos(self, db: Session, store: str, report: Report) -> None:
        for row in db.execute(select(Photo.id, Photo.visit_id, Photo.sha256).where(Photo.store_id == store,
                                                                                 Photo.state == "present")):
            try:
                data = self.house.photos.path(row.sha256).read_bytes()
            except OSError:
                report.tampered("photo.gone", store=store, visit=row.visit_id, photo=row.id)
            else:
                if sha256_hex(data) != row.sha256:
                    report.tampered("photo.bytes", store=store, visit=row.visit_id, photo=row.id)
            self.progress(1)

    def _papers(self, db: Session, store: str, report: Report) -> None:
        checker = Checker(pinned_roots(self.house, ()))
        rows: Sequence[tuple[str, str, str, bool]] = db.execute(
            select(SealedFile.sha256, Document.visit_id, Document.id, Visit.erased_at.is_not(None))
            .outerjoin(Document, Document.id == SealedFile.document_id).outerjoin(Visit, Visit.id == Document.visit_id)
            .where(SealedFile.store_id == store)).all()
        for sha256, visit, document, erased in rows:
            self.progress(1)
            path = self.house.sealed.path(sha256)
            if not path.is_file():
                if not erased:
                    report.tampered("paper.gone", store=store, visit=visit, document=document, sha256=sha256)
                continue
            data = path.read_bytes()
            if sha256_hex(data) != sha256:
                report.tampered("paper.bytes", store=store, visit=visit, document=document, sha256=sha256)
                continue
            if sha256 not in self.papers:
                self.papers[sha256] = checker.check(data, sha256)[0]
            report.findings += [one for one in self.papers[sha256].findings if one.word == Word.TAMPERED]

    def _heads(self, db: Session, store: str, report: Report) -> None:
        phones = witnessed(db, store)
        for phone, held in phones.items():
            for head in held:
                if head.state == "differ":
                    report.tampered("held.differs", store=store, index=head.index, hash=head.hash[:16], phone=phone)
        report.note("audit.phones", store=store, phones=len(phones), heads=sum(map(len, phones.values())))
