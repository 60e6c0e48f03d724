"""Rows against the acts that made them, column by column: what an administrator changes in a row stands in no hash of its own.

Left out, because no act says them: the server's words of an answer (kept_act.sentence, facts), what it noted at acceptance
(document.differs), and change_no, by which phones are told again. Rows of erased visits are only hashes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.commands.parse import read_act
from webapp.commands.proof.report import Report
from webapp.foundation.canon import NotCanonical, canonical
from webapp.foundation.clock import from_wire
from webapp.foundation.es256 import jwk_id, public_key, verify
from webapp.models import Device, Document, DocumentRefusal, KeptAct, LedgerEntry, Photo, SealedFile

Expected = dict[str, Any]
DONE = ("applied", "conflict")


@dataclass
class Told:
    """What the acts of a store say must stand, by table and row; and where (the ledger index) they say it."""

    rows: dict[type[Any], dict[str, Expected]] = field(
        default_factory=lambda: {Document: {}, DocumentRefusal: {}, SealedFile: {}, Photo: {}})
    places: dict[str, tuple[int, str | None, str]] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


def check_rows(db: Session, store: str, report: Report) -> None:
    """Adds a finding for every column of every evidence row that is not what its act says."""
    told = _told(db, store, report)
    for visit in list(told.erased):
        told.erased |= {one for one, into in told.merged.items() if into == visit}
    for table, expected in told.rows.items():
        key = "sha256" if table is SealedFile else "id"
        seen = set()
        for row in db.scalars(select(table).where(table.store_id == store)):
            id = getattr(row, key)
            seen.add(id)
            if id in expected:
                _compare(table.__tablename__, id, row, expected[id], told, report, store)
            elif getattr(row, "visit_id", None) not in told.erased and not (table is SealedFile and told.erased):
                report.tampered("row.loose", table=table.__tablename__, row=id, store=store)
        for id in expected.keys() - seen:
            report.tampered("row.missing", table=table.__tablename__, row=id, **_place(told, id, store))


def _told(db: Session, store: str, report: Report) -> Told:
    told, seen = Told(), set[str]()
    keys = {device.id: device.public_key for device in db.scalars(select(Device).where(Device.store_id == store))}
    for entry, act in _walk(db, store):
        place = {"store": store, "visit": entry.visit_id, "index": entry.idx, "command": act.command}
        if act.first != (act.act_id not in seen):
            report.tampered("row.field", table="kept_act", row=act.act_id, field="first", **place)
        seen.add(act.act_id)
        if act.command == "visit.erase" and act.verdict == "applied" and act.visit_id:
            told.erased.add(act.visit_id)
        if act.body is None:
            continue
        read = read_act(act.body)
        for name in ("command", "acted_at", "photo"):
            if getattr(act, name) != getattr(read, name):
                report.tampered("row.field", table="kept_act", row=act.act_id, field=name, **place)
        if act.seq != read.seq and not (act.seq is None and act.verdict == "quarantined"):
            report.tampered("row.field", table="kept_act", row=act.act_id, field="seq", **place)
        if entry.key_id is not None and not _signed(keys.get(entry.device_id), entry.key_id, read.sig, read.signed):
            report.tampered("act.signature", **place)
        if act.verdict in DONE and not read.problem:
            _note(told, act, read.args)
    return told


def _walk(db: Session, store: str) -> Iterator[Any]:
    same = (KeptAct.store_id == LedgerEntry.store_id) & (KeptAct.idx == LedgerEntry.idx)
    yield from db.execute(select(LedgerEntry, KeptAct).join(KeptAct, same).where(LedgerEntry.store_id == store)
                          .order_by(LedgerEntry.idx).execution_options(yield_per=500))


def _signed(jwk: dict[str, str] | None, key_id: str, sig: str | None, data: bytes) -> bool:
    try:
        return jwk is not None and sig is not None and jwk_id(jwk) == key_id and verify(public_key(jwk), sig, data)
    except (ValueError, KeyError):
        return False


def _note(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    make = MAKERS.get(act.command)
    if make is None:
        return
    try:
        made = make(told, act, args)
    except (KeyError, TypeError, ValueError, AttributeError):
        return  # spoiled words: their hash says so already
    if made is not None:
        table, id, expected = made
        told.rows[table][id] = expected
        told.places[id] = (act.idx, act.visit_id, act.command)


def _document(told: Told, act: KeptAct, args: dict[str, Any]) -> tuple[type[Any], str, Expected]:
    said = args["signature"]
    times = {name: from_wire(said[name]).isoformat() for name in ("opened_at", "signed_at")}
    record = {**said, **times, "doc_sha256": args["doc_sha256"], "device": act.device_id, "seq": act.seq, "actor": act.actor}
    return Document, args["document"], {
        "visit_id": act.visit_id, "kind": args["kind"], "revision": args["revision"], "doc_sha256": args["doc_sha256"],
        "body": _bytes(args["doc"]), "signature": record, "signer": said["signer"], "relation": said["relation"],
        "signed_at": from_wire(said["signed_at"]), "received_at": act.received_at, "prepared_by": act.actor, "void_reason": None,
        "deleted": False}


def _void(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    made = told.rows[Document].get(args["document"])
    if made is not None and made["void_reason"] is None:
        made["void_reason"] = args["reason"]


def _refusal(told: Told, act: KeptAct, args: dict[str, Any]) -> tuple[type[Any], str, Expected]:
    return DocumentRefusal, act.act_id, {
        "visit_id": act.visit_id, "kind": args["kind"], "revision": args["revision"], "reason": args["reason"],
        "witness": args.get("witness"), "photos": list(args.get("photos", ())), "refused_at": act.acted_at,
        "recorded_by": act.actor, "deleted": False}


def _sealed(told: Told, act: KeptAct, args: dict[str, Any]) -> tuple[type[Any], str, Expected]:
    missing, earlier = list(args.get("photos_missing", ())), args.get("earlier")
    before = told.rows[SealedFile].get(earlier) if earlier else None
    return SealedFile, args["pdf_sha256"], {
        "document_id": args["document"], "n": before["n"] + 1 if before else 1, "bytes": args["bytes"], "photos_missing": missing,
        "missing": len(missing), "earlier": earlier, "tsa": args["tsa"], "sealed_at": act.received_at, "change_no": act.idx}


def _photo(told: Told, act: KeptAct, args: dict[str, Any]) -> tuple[type[Any], str, Expected]:
    return Photo, args["photo"], {
        "visit_id": act.visit_id, **{name: args[name] for name in ("sha256", "bytes", "mime", "width", "height")},
        "taken_at": from_wire(args["taken_at"]), "subject_kind": args["subject"]["kind"],
        "subject_id": args["subject"].get("id"), "taken_by": act.actor, "device_id": act.device_id, "deleted": False,
        "retracted": False, "retract_reason": None, "shapes": []}


def _annotate(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    if made := told.rows[Photo].get(args["photo"]):
        made["shapes"] = args["shapes"]


def _retract(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    goal = act.command == "photo.retract"
    if (made := told.rows[Photo].get(args["photo"])) and made["retracted"] != goal:
        made["retracted"], made["retract_reason"] = goal, args["reason"]


def _receive(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    told.received.add(args["photo"])
    told.hashes.add(args["sha256"])


def _merge(told: Told, act: KeptAct, args: dict[str, Any]) -> None:
    told.merged[str(act.visit_id)] = args["into"]
    for photo in told.rows[Photo].values():
        if photo["visit_id"] == act.visit_id:
            photo["visit_id"] = args["into"]


MAKERS: dict[str, Any] = {
    "document.sign": _document, "document.void": _void, "document.refuse": _refusal, "document.seal": _sealed,
    "photo.add": _photo, "photo.annotate": _annotate, "photo.retract": _retract, "photo.restore": _retract,
    "photo.receive": _receive, "visit.merge": _merge,
}


def _compare(table: str, id: str, row: Any, expected: Expected, told: Told, report: Report, store: str) -> None:
    if getattr(row, "visit_id", None) in told.erased or expected.get("visit_id") in told.erased:
        return
    for name, value in expected.items():
        found = getattr(row, name)
        if _plain(found) != _plain(value):
            report.tampered("row.field", table=table, row=id, field=name, sealed=value, found=found, **_place(told, id, store))
    if table == "photo":
        here = id in told.received
        if row.state not in (("present",) if here else ("present", "expected") if row.sha256 in told.hashes else ("expected",)):
            report.tampered("row.field", table=table, row=id, field="state", **_place(told, id, store))


def _place(told: Told, id: str, store: str) -> dict[str, Any]:
    index, visit, command = told.places[id]
    return {"store": store, "visit": visit, "index": index, "command": command}


def _bytes(doc: Any) -> bytes | None:
    try:
        return canonical(doc)
    except NotCanonical:
        return None


def _plain(value: Any) -> Any:
    """As JSON keeps it, so that true is not 1; bytes and moments as they are."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return value if isinstance(value, datetime) else json.dumps(value, sort_keys=True)
