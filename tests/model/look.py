"""The oracle's eyes: invariants I1 to I8 (offline.md 4) and the chain, at every step and at rest.

I1 each act that was "saved on this phone" is on the server exactly once, and in its phone's order. I2 each photo is there
with equal bytes. I3 what phones show is what the server has. I4 nothing is called synced before it is. I5 signed bytes are
the bytes that were signed, every act is signed by its phone, and the heads that phones keep are those of the ledger. I6 the
count of what waits is the truth, and nothing has left the phone. I7 no request is too large. I8 nothing fails without words.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.adapters.keys import head_bytes
from webapp.commands.ledger import entry_hash, wire_entry
from webapp.foundation.canon import canonical, sha256_hex
from webapp.foundation.es256 import jwk_id, public_key, verify
from webapp.models import VISIT_TABLES, Device, KeptAct, LedgerEntry, StoreCounter, Visit

if TYPE_CHECKING:
    from tests.model.run import Run
    from tests.model.world import Phone

STORE = "YF01"


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, why: str) -> None:
        super().__init__(f"{invariant}: {why}")
        self.invariant = invariant


def demand(holds: object, invariant: str, why: str) -> None:
    if not holds:
        raise Broken(invariant, why)


def look_at_phone(run: "Run", phone: "Phone", state: dict[str, Any] | None) -> None:
    """After every step: I4, I6, I7, I8."""
    world = run.world
    demand(not world.uncaught, "I8", f"{world.uncaught[:1]}")
    demand(not world.proxy.over, "I7", f"{world.proxy.over[:3]}")
    if state is None:
        return
    says, staff = state["says"], state["staff"]
    here = {id for id, *_ in state["acts"]} | {id for id, *_ in state["archive"]}
    mine = [
        act for act in world.oracle.values() if act["phone"] == phone.n and act["staff"] == staff and act["id"] not in run.lost
    ]
    demand(
        all(act["id"] in here for act in mine),
        "I6",
        f"phone {phone.n} no longer has {[a for a in mine if a['id'] not in here][:2]}",
    )
    photos = {id for id, *_ in state["photos"]}
    demand(all(act["photo"] in photos for act in mine if act["photo"]), "I6", f"phone {phone.n} no longer has a photo")
    waiting = sum(1 for _, how in state["acts"] if how == "waiting")
    sending = sum(1 for _, how, _ in state["photos"] if how == "waiting")
    demand(
        (says["acts"], says["photos"]) == (waiting, sending),
        "I6",
        f"says {says['acts']}+{says['photos']}, has {waiting}+{sending}",
    )
    refused = sum(1 for _, verdict, look in state["archive"] if verdict in ("refused", "quarantined") and not look)
    demand(not refused, "I8", f"{refused} refused acts that nobody is told of")
    troubled = says["phase"] in ("offline", "waiting", "paused", "revoked")
    demand(not troubled or says["problem"].get("text"), "I8", f"{says}")
    if says["synced"] and run.rounds.get((phone.n, staff), -1) > run.restored:
        _truly_synced(run, phone, mine)


def _truly_synced(run: "Run", phone: "Phone", mine: list[dict[str, Any]]) -> None:
    known = {row[0] for row in run.world.sql("SELECT act_id FROM kept_act WHERE first")}
    missing = [act for act in mine if act["id"] not in known]
    demand(not missing, "I4", f"phone {phone.n} says synced, the server misses {missing[:2]}")
    present = {row[0] for row in run.world.sql("SELECT id FROM photo WHERE state = 'present'")}
    listed = {row[0] for row in run.world.sql("SELECT photo FROM kept_act WHERE photo IS NOT NULL AND verdict = 'applied'")}
    absent = [act for act in mine if act["photo"] in listed and act["photo"] not in present and act["photo"] not in run.lost]
    demand(not absent, "I4", f"phone {phone.n} says synced, the server misses photo {absent[:1]}")


async def look_at_rest(run: "Run") -> None:
    """After everything is mended and nothing moves any more: everything."""
    with run.world.database.read() as db:
        acts = list(db.scalars(select(KeptAct).where(KeptAct.store_id == STORE).order_by(KeptAct.idx)))
        entries = list(db.scalars(select(LedgerEntry).where(LedgerEntry.store_id == STORE).order_by(LedgerEntry.idx)))
        counter = db.get_one(StoreCounter, STORE)
        keys = {device.id: device.public_key for device in db.scalars(select(Device)) if device.public_key}
        rows: list[Any] = [
            row for table in (Visit, *VISIT_TABLES) for row in db.scalars(select(table).where(table.store_id == STORE))
        ]
    look_at_chain(entries, acts, counter)
    _signed_by_phones(entries, acts, keys)
    _each_once(run, acts)
    _none_too_early(acts)
    _photos(run, acts, {row.id: row for row in rows if row.__tablename__ == "photo"})
    await _same_everywhere(run, rows, acts)
    await _heads_kept(run, entries)


def look_at_chain(entries: list[LedgerEntry], acts: list[KeptAct], counter: StoreCounter) -> None:
    """Every link is recomputed from its row, every act from its bytes."""
    store, visits = "0" * 64, dict[str, str]()
    for at, (entry, act) in enumerate(zip(entries, acts, strict=True), 1):
        demand(entry.idx == at == act.idx, "chain", f"entry {entry.idx} stands at {at}")
        demand(entry.store_prev == store, "chain", f"entry {at} does not follow the one before it")
        demand(entry.visit_prev == (visits.get(entry.visit_id) if entry.visit_id else None), "chain", f"entry {at} in its visit")
        demand(entry_hash(wire_entry(entry)) == entry.hash, "chain", f"the hash of entry {at}")
        if act.body is not None:
            said = json.loads(act.body)
            said.pop("sig", None)
            demand(
                sha256_hex(canonical(said, nulls=True)) == act.act_sha256 == entry.act_sha256, "chain", f"the act of entry {at}"
            )
        store = entry.hash
        if entry.visit_id:
            visits[entry.visit_id] = entry.hash
    demand((counter.n, counter.head) == (len(entries), store), "chain", "the counter's head")


def _signed_by_phones(entries: list[LedgerEntry], acts: list[KeptAct], keys: dict[str, Any]) -> None:
    """Whoever has a key signs, and the ledger says so."""
    for entry, act in zip(entries, acts, strict=True):
        if act.body is None:
            continue
        said = json.loads(act.body)
        sig = said.pop("sig", None)
        demand(entry.sig_sha256 == (sha256_hex(sig.encode()) if sig else None), "I5", f"entry {entry.idx}: another signature")
        key = keys.get(entry.device_id)
        if key:
            genuine = sig and verify(public_key(key), sig, canonical(said, nulls=True))
            demand(genuine and entry.key_id == jwk_id(key), "I5", f"{act.command}, entry {entry.idx}, is not signed by its phone")


async def _heads_kept(run: "Run", entries: list[LedgerEntry]) -> None:
    """Each is signed by the house. Where every restore began an epoch, each is the ledger's, and no phone raises an alarm."""
    key, hashes = run.world.keys.head_key.public_key(), ["0" * 64, *(entry.hash for entry in entries)]
    for phone in run.world.phones:
        state = await phone.do("state") if phone.on else None
        if not state:
            continue
        for head in state["heads"]:
            genuine = verify(key, head["sig"], head_bytes(head["store"], head["index"], head["hash"]))
            demand(genuine, "I5", f"phone {phone.n} keeps a head that the house did not sign")
            if head["epoch"] == run.world.epoch and not run.unsaid:
                demand(hashes[head["index"]] == head["hash"], "I5", f"phone {phone.n} keeps another head {head['index']}")
        demand(run.unsaid or not state.get("fault"), "I5", f"phone {phone.n} raises an alarm: {state.get('fault')}")


def _each_once(run: "Run", acts: list[KeptAct]) -> None:
    first: dict[str, list[KeptAct]] = {}
    seqs: dict[str, int] = {}
    for act in acts:
        if act.first:
            first.setdefault(act.act_id, []).append(act)
        if act.seq is not None:
            demand(act.seq > seqs.get(act.device_id, 0), "I1", f"{act.command} of {act.device_id} is out of its order")
            seqs[act.device_id] = act.seq
    for id, act in run.world.oracle.items():
        count = len(first.get(id, []))
        demand(count == 1 or (count == 0 and id in run.lost), "I1", f"{act} is on the server {count} times")
        for kept in first.get(id, []):
            run.found[f"verdict {kept.verdict} {kept.code}" if kept.verdict != "applied" else "verdict applied"] += 1
            if kept.verdict == "quarantined":
                expected = (kept.code == "act.fault" and run.poison) or (kept.code == "device.revoked" and run.revoked)
                demand(expected, "I1", f"quarantined {kept.code}: {act}")


def _none_too_early(acts: list[KeptAct]) -> None:
    """Refused only because its visit had not been handed in again after a restore: then it must have been said anew."""
    early, said = {}, set()
    for act in acts:
        if act.body and act.verdict in ("applied", "conflict", "refused"):
            body = json.loads(act.body)
            key = (act.actor, act.command, json.dumps(body["args"], sort_keys=True))
            if act.code == "visit.unknown":
                early[key] = act
            else:
                said.add(key)
    visits = {act.visit_id for act in acts if act.command == "visit.open"}
    lost = [act.command for key, act in early.items() if key not in said and act.visit_id in visits]
    demand(not lost, "I1", f"came too early and was never said again: {lost}")


def _photos(run: "Run", acts: list[KeptAct], rows: dict[str, Any]) -> None:
    applied = {act.photo for act in acts if act.photo and act.verdict == "applied"}
    for act in run.world.oracle.values():
        photo = act["photo"]
        if not photo or photo in run.lost:
            continue
        file = run.world.home / "photos" / act["sha256"][:2] / act["sha256"]
        demand(file.is_file(), "I2", f"the bytes of {act} are not there")
        demand(hashlib.sha256(file.read_bytes()).hexdigest() == act["sha256"], "I2", f"the bytes of {act} are others")
        if photo in applied:
            row = rows[photo]
            demand((row.state, row.sha256) == ("present", act["sha256"]), "I2", f"{act} is {row.state}")


async def _same_everywhere(run: "Run", rows: list[Any], acts: list[KeptAct]) -> None:
    theirs = {
        f"{row.__tablename__} {row.id}": {"change_no": row.change_no, **row.wire()}
        for row in rows
        if not row.deleted and (row.id if isinstance(row, Visit) else row.visit_id) in run.visits
    }
    documents = {json.loads(act.body)["args"]["doc_sha256"]: act for act in acts if act.command == "document.sign" and act.body}
    known = [visit for visit in run.visits if f"visit {visit}" in theirs]
    for phone in run.world.phones:
        if not phone.on:
            continue
        state = await phone.do("state")
        if state["device"] in run.revoked:
            continue
        shown = await phone.do("shown", visits=known)
        ours = {f"{row['table']} {row['id']}": {"change_no": row["change_no"], **row["data"]} for row in shown["rows"]}
        for key in sorted({*ours, *theirs}):
            demand(
                ours.get(key) == theirs.get(key), "I3", f"phone {phone.n} shows {key} as {ours.get(key)}, it is {theirs.get(key)}"
            )
        demand(shown["same"], "I3", f"phone {phone.n}: what it shows from memory is not what it has")
        for sha256, text in shown["evidence"]:
            demand(sha256_hex(text.encode()) == sha256, "I5", f"the signed bytes of {sha256} on phone {phone.n}")
            if sha256 in documents:
                doc = json.loads(documents[sha256].body or b"")["args"]["doc"]
                demand(canonical(doc) == text.encode(), "I5", f"the signed bytes of {sha256} on the server")
