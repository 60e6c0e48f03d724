"""封存: draws every signed document from its stored bytes, seals it, and enters the hash of the file in the ledger.

In small steps that may be killed anywhere: the file is kept first, its entry follows through the one door, and what is still to
do is asked of the rows. Nothing is sealed twice or anew in place; photos that come late make one more file (decisions.md 20).
"""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import structlog
from sqlalchemy.orm import Session

from webapp.adapters.images import NotTaken, make
from webapp.adapters.pdf import draw_pdf
from webapp.adapters.sealer import Sealer
from webapp.commands.arrival import server_actor
from webapp.commands.bundle import bundle, bundle_bytes
from webapp.commands.house import House
from webapp.domain.documents.paper import Outside, paper_facts, photos_of, seal_reason
from webapp.domain.seal import newest_seal
from webapp.foundation.canon import sha256_hex
from webapp.foundation.clock import from_wire
from webapp.foundation.ids import new_id
from webapp.models import Document, LedgerEntry, SealedFile, Store, Visit
from webapp.queries.sealing import announced_bytes, incomplete, knows_file, present_hashes, signing_entry, unsealed

WAIT = timedelta(hours=24)
log = structlog.get_logger()


@dataclass
class Tally:
    """What a round came to. altered: documents whose bytes are not what was signed."""

    sealed: int = 0
    waiting: int = 0
    altered: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Job:
    """One document to seal now. present: photo -> hash, of those whose bytes the rows call here."""

    made: Document
    visit: Visit
    store: str
    doc: dict[str, Any]
    entry: LedgerEntry
    last: SealedFile | None
    present: dict[str, str]


@dataclass
class Sealing:
    """One worker's rounds; it must hold `house.sealed.alone()`. tried: until when another look cannot better it."""

    house: House
    sealer: Sealer
    now: Callable[[], datetime]
    tried: dict[tuple[str, frozenset[str]], datetime] = field(default_factory=dict)

    def round(self, go_on: Callable[[], bool] = lambda: True) -> Tally:
        """Everything that is to be sealed now; `go_on` is asked before each document."""
        tally = Tally()
        for document in self._open():
            if not go_on():
                break
            try:
                outcome = self.step(document)
            except Exception as fault:  # one document that cannot be drawn must not stop the others
                log.error("seal.fault", document=document, kind=type(fault).__name__, exc_info=fault)
                outcome = "failed"
            setattr(tally, outcome, getattr(tally, outcome) + 1)
        return tally

    def step(self, document: str) -> str:
        """Looks at one document: sealed, waiting (for photos or for nothing), altered, failed."""
        with self.house.database.read() as db:
            job = self._look(db, document)
        if isinstance(job, str):
            return job
        thumbs = self._thumbs(job)
        missing = [p["photo"] for p in photos_of(job.doc) if p["photo"] not in thumbs]
        if until := self._not_yet(job, missing):
            self.tried[document, frozenset(job.present)] = until
            return "waiting"
        made, tsa = self._make(job, thumbs, missing)
        sha256 = self.house.sealed.keep(made)
        receipt = self.house.door.execute(
            server_actor(self.house, job.store), "document.seal",
            {"document": document, "pdf_sha256": sha256, "bytes": len(made), "tsa": tsa}
            | ({"photos_missing": missing} if missing else {}) | ({"earlier": job.last.sha256} if job.last else {}),
            act_id=new_id(), visit=job.visit.id, salt=secrets.token_urlsafe(16))
        if receipt.verdict != "applied":
            self.house.sealed.remove(sha256)
            log.warning("seal.refused", document=document, code=receipt.code)
            return "failed"
        self.house.sealed.settle(sha256)
        return "sealed"

    def sweep(self) -> int:
        """Removes what a killed worker left behind."""
        with self.house.database.read() as db:
            return self.house.sealed.sweep(lambda sha256: knows_file(db, sha256))

    def _open(self) -> list[str]:
        with self.house.database.read() as db:
            return [*unsealed(db), *incomplete(db)]

    def _look(self, db: Session, document: str) -> Job | str:
        made = db.get(Document, document)
        if made is None or made.deleted:
            return "waiting"
        if (found := sha256_hex(made.body)) != made.doc_sha256:
            return self._altered(made, found)
        doc, last = json.loads(made.body), newest_seal(db, document)
        wanted = {photo["photo"]: photo["sha256"] for photo in photos_of(doc)}
        here = present_hashes(db, made.store_id, wanted)
        present = {photo: sha256 for photo, sha256 in here.items() if wanted[photo] == sha256}
        if not self._due(made, last, wanted, present) or self._tried(document, present):
            return "waiting"
        entry = signing_entry(db, made)
        if entry is None:
            log.error("seal.no_entry", document=document)
            return "failed"
        return Job(made, db.get_one(Visit, made.visit_id), made.store_id, doc, entry, last, present)

    def _due(self, made: Document, last: SealedFile | None, wanted: dict[str, str], present: dict[str, str]) -> bool:
        """First when all photos are here or a day is over; again when the late ones are, or some of them and a day is over."""
        if last is None:
            return len(present) == len(wanted) or self.now() >= made.received_at + WAIT
        late = set(last.photos_missing)
        return bool(late & set(present)) and (late <= set(present) or self.now() >= last.sealed_at + WAIT)

    def _not_yet(self, job: Job, missing: list[str]) -> datetime | None:
        """Until when to wait although the rows call the photos here: an original is gone, or is not what its hash says."""
        if job.last is None:
            until = job.made.received_at + WAIT
            return until if missing and self.now() < until else None
        return None if set(missing) < set(job.last.photos_missing) else self.now() + WAIT

    def _tried(self, document: str, seen: Iterable[str]) -> bool:
        until = self.tried.get((document, frozenset(seen)))
        return until is not None and self.now() < until

    def _altered(self, made: Document, found: str) -> str:
        """Told once, whoever asks how often: the act's id is made of what was found."""
        if not self._tried(made.id, {found}):
            self.house.door.execute(
                server_actor(self.house, made.store_id), "document.report_altered", {"document": made.id, "found_sha256": found},
                act_id=str(uuid5(NAMESPACE_OID, f"document.report_altered/{made.id}/{found}")), visit=made.visit_id,
                salt=secrets.token_urlsafe(16))
            self.tried[made.id, frozenset({found})] = self.now() + WAIT
        return "altered"

    def _thumbs(self, job: Job) -> dict[str, bytes]:
        """Made anew from originals that are what their hash says: what lies ready for pages is nobody's evidence."""
        thumbs = {}
        for photo, sha256 in job.present.items():
            path = self.house.photos.path(sha256)
            try:
                if sha256_hex(path.read_bytes()) == sha256:
                    thumbs[photo] = make(path, "thumb")
            except (OSError, NotTaken) as why:
                log.error("seal.photo", photo=photo, kind=type(why).__name__)
        return thumbs

    def _make(self, job: Job, thumbs: dict[str, bytes], missing: list[str]) -> tuple[bytes, str]:
        told = photos_of(job.doc)
        with self.house.database.read() as db:
            outside, sizes = self._outside(db, job), announced_bytes(db, job.store, [p["photo"] for p in told])
            photos = [{"photo": p["photo"], "sha256": p["sha256"], "bytes": sizes.get(p["photo"], 0),
                       "state": "missing" if p["photo"] in missing else "present"} for p in told]
            facts = bundle(db, self.house.keys, job.made, job.doc["visit"], job.entry.idx, photos,
                           job.last.sha256 if job.last else None)
        pdf = draw_pdf({**paper_facts(job.doc, outside, missing), "body": job.visit.body}, thumbs)
        return self.sealer.seal(pdf, lambda tsa: bundle_bytes(facts, tsa), seal_reason(job.doc, job.made.doc_sha256))

    def _outside(self, db: Session, job: Job) -> Outside:
        made, visit = job.made, job.visit
        return Outside(
            id=made.id, sha256=made.doc_sha256, signer=made.signer, void=made.void_reason or "", strokes=made.signature,
            number=(visit.order_number if made.kind == "work_order" else visit.number) or "",
            opened_at=from_wire(made.signature["opened_at"]), signed_at=made.signed_at, received_at=made.received_at,
            skew_ms=job.entry.skew_ms, sealed_at=self.now(), store=db.get_one(Store, job.store).name, entry=job.entry.idx,
            entry_hash=job.entry.hash, root=self.house.keys.root_fingerprint, earlier=job.last.sha256 if job.last else "",
            verify=f"{url}/verify" if (url := self.house.settings.public_url) else "")

