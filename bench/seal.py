"""Sealing: a few hundred signed sheets with nine photos each, one after the other, as the worker does it.

Counted as sealing: reading the rows, building the bundle, drawing with typst, the certified signature, the file made durable
(fsync) and its act through the door. Making nine thumbnails from the originals comes before and is counted apart: it is the
same work that pages cause, and grows with the photos. Nothing else runs meanwhile; no time-stamp authority is asked.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.table import percentile, show
from tests.conftest import Clock, Phone, _people
from tests.sealing import a_house, a_picture, a_sealing, announced_as, arrives, bundle_in, files_of, take
from tests.visits import a_visit, mark, signs
from webapp.commands.sealing import Sealing
from webapp.foundation.db import Database
from webapp.models import Base, Document

DOCUMENTS, PHOTOS = 200, 9
GOAL = 0.150


class Timed(Sealing):
    """Takes the time of the thumbnails out of a step's."""

    apart = spent = 0.0

    def _thumbs(self, job: Any) -> dict[str, bytes]:
        began, spent = time.perf_counter(), time.process_time()
        made = super()._thumbs(job)
        self.apart, self.spent = time.perf_counter() - began, time.process_time() - spent
        return made


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database, clock = Database(f"sqlite:///{Path(folder) / 'bench.sqlite'}"), Clock()
        Base.metadata.create_all(database.engine)
        _people(database)
        house = a_house(database, clock, Path(folder) / "home")
        phone = Phone(database, house.door, signs=True)
        pictures = [a_picture(n, (2048, 1536)) for n in range(PHOTOS)]
        documents = [_signed(house, phone, pictures, n == 0) for n in range(DOCUMENTS)]
        plain = a_sealing(house, clock)
        work = Timed(house, plain.sealer, clock)
        steps, processor, thumbs = list[float](), list[float](), list[float]()
        with house.sealed.alone():
            for document in documents:
                began, spent = time.perf_counter(), time.process_time()
                assert work.step(document) == "sealed"
                steps.append(time.perf_counter() - began - work.apart)
                processor.append(time.process_time() - spent - work.spent)
                thumbs.append(work.apart)
        sizes = [files_of(house, document)[0].bytes for document in documents]
        bundle = len(str(bundle_in(house.sealed.read(files_of(house, documents[-1])[0].sha256) or b"")))
        database.engine.dispose()
    p95 = percentile(steps, 0.95)
    show(f"Sealing {DOCUMENTS} pre-inspection sheets with {PHOTOS} photos of 2048×1536 each, one process, SQLite", [
        ("one sealing, median", f"{percentile(steps, 0.5) * 1000:.0f} ms", "", None),
        ("one sealing, p95", f"{p95 * 1000:.0f} ms", f"≤ {GOAL * 1000:.0f} ms", p95 <= GOAL),
        ("its processor time, p95", f"{percentile(processor, 0.95) * 1000:.0f} ms", "", None),
        (f"making {PHOTOS} thumbnails before it, p95", f"{percentile(thumbs, 0.95) * 1000:.0f} ms", "", None),
        ("a sealed file, median", f"{percentile(sizes, 0.5) / 1024:.0f} KB", "", None),
        ("its bundle", f"{bundle / 1024:.0f} KB", "", None),
    ])


def _signed(house: Any, phone: Phone, pictures: list[bytes], first: bool) -> str:
    """A signed sheet; equal photos are one file, so that the bench's disk is not what is measured."""
    visit = a_visit(phone, at="inspecting")
    for data in pictures if first else ():
        arrives(house, take(phone, visit, data, "ext_front"), data)
    # Bytes that are here already need not come again: their photos are present at once.
    acts = [phone.act("photo.add", announced_as(data, "ext_front"), visit) for data in pictures if not first]
    answer = phone.push(*acts, *(phone.act("walkaround.record_damage", mark(), visit) for _ in range(4)))
    assert {receipt.verdict for receipt in answer.receipts} == {"applied"}
    signs(phone, visit, "pre_inspection")
    with house.database.read() as db:
        return str(db.query(Document.id).filter_by(visit_id=visit).scalar())
