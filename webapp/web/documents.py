"""Signed documents at the desk: drawn from the stored canonical bytes as a page to print, and the sealed PDF to give away."""

import io
import json
from typing import Any

from flask import Response, request, send_file, url_for
from werkzeug.exceptions import NotFound

from webapp.domain.documents import doc_to_blocks
from webapp.foundation.canon import sha256_hex
from webapp.foundation.ids import is_id
from webapp.foundation.money import yuan
from webapp.foundation.refusal import N_
from webapp.models import Document, SealedFile, Visit
from webapp.queries.sealing import sealed_files
from webapp.queries.sentences import DOCUMENTS, FIELDS, STATUS
from webapp.queries.visit_page import document_of, present_photos
from webapp.queries.words import Lexicon, Say
from webapp.web.car_map import car_map
from webapp.web.desk import desk
from webapp.web.filters import say
from webapp.web.here import actor, house
from webapp.web.lexicon import lexicon
from webapp.web.responses import page

THINGS = {"item": N_("检查项目"), "mark": N_("损伤"), "belonging": N_("随车物品"), "concern": N_("客户主诉"),
          "line": N_("工单行"), "declined": N_("未做项目"), "total_fen": N_("合计"), "photo": N_("照片"), "terms": N_("条款")}


@desk.get("/documents/<document>", endpoint="document")
def show_document(document: str) -> Response:
    made, visit = _found(document)
    with house().database.read() as db:
        words, here = lexicon(db, actor().store), present_photos(db, made)
        files = sealed_files(db, made.store_id, [made.id]).get(made.id, [])
    return page("documents/show.html", visit=visit, car=car_map(visit.body), differs=[_differs(d, words) for d in made.differs],
                photo_url=lambda photo: url_for("desk.photo", photo=photo, size="thumb") if photo in here else None,
                files=files, **drawn(made, visit))


@desk.get("/documents/<document>.pdf", endpoint="document_pdf")
def pdf(document: str) -> Response:
    """The sealed file as it is in the ledger: the newest, or `?n=` an earlier one."""
    made, _visit = _found(document)
    n = request.args.get("n", type=int)
    with house().database.read() as db:
        files = sealed_files(db, made.store_id, [made.id]).get(made.id, [])
    return send_sealed(made, next((file for file in files if n in (None, file.n)), None))


def send_sealed(made: Document, file: SealedFile | None) -> Response:
    """The file as a download, if it still is what the ledger says. Raises NotFound."""
    data = house().sealed.read(file.sha256) if file else None
    if file is None or data is None:
        raise NotFound()
    name = f"{say(DOCUMENTS[made.kind])}-{made.doc_sha256[:8].upper()}{f'-{file.n}' if file.n > 1 else ''}.pdf"
    response = send_file(io.BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name, etag=file.sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


def drawn(made: Document, visit: Visit, public: bool = False) -> dict[str, Any]:
    """What the page of a document shows. public: for the customer's link, without what names plate, VIN and mobile."""
    blocks = doc_to_blocks(json.loads(made.body))
    if public:
        blocks = [{**b, "rows": [r for r in b["rows"] if not r.get("private")]} if b["kind"] == "fields" else b for b in blocks]
    return {"made": made, "blocks": blocks, "strokes": ink(made.signature), "number": _number(made, visit),
            "intact": sha256_hex(made.body) == made.doc_sha256, "documents": DOCUMENTS}


def ink(signature: dict[str, Any]) -> dict[str, Any]:
    """The signature as paths on its own pad: points as they were drawn, nothing smoothed."""
    width, height = int(signature.get("width") or 1), int(signature.get("height") or 1)
    lines = [[(round(p[0]), round(p[1])) for p in stroke] for stroke in signature.get("strokes", []) if stroke]
    paths = ["M" + "L".join(f"{x} {y}" for x, y in (line if len(line) > 1 else [*line, *line])) for line in lines]
    return {"width": width, "height": height, "paths": paths, "lines": lines}


def _differs(found: dict[str, Any], words: Lexicon) -> Say:
    """What the server's own visit says otherwise than the signed paper: both sides."""
    what = str(found.get("what", ""))
    name: Any = words.items.get(str(found.get("id", ""))) if what == "item" else None
    return Say(N_("%(what)s：签字时 %(signed)s，服务器 %(here)s"),
               {"what": name or Say(FIELDS.get(what) or THINGS.get(what, what)), "signed": _side(what, found.get("signed")),
                "here": _side(what, found.get("here"))})


def _side(what: str, value: Any) -> Any:
    if what == "total_fen" and isinstance(value, int):
        return yuan(value)
    known = {"": N_("没有"), "listed": N_("有"), "answered": N_("已答"), **STATUS}
    return Say(known[value]) if isinstance(value, str) and value in known else str(value)[:60]


def _number(made: Document, visit: Visit) -> str | None:
    """The running number, given by the server at acceptance: printed outside what was signed (decisions.md 6)."""
    return visit.order_number if made.kind == "work_order" else visit.number


def _found(document: str) -> tuple[Document, Visit]:
    with house().database.read() as db:
        found = document_of(db, actor().store, document) if is_id(document) else None
    if found is None:
        raise NotFound()
    return found
