// Acts on this phone: kept with their number in one transaction, settled by receipts, never forgotten before that.
//
// A kept act is {seq, id, visit, act, state, kept_at, receipt?, change_no?}. state: waiting, or acked: the server has it and
// the rows it made have not come back yet. Then it moves to the archive, where a refused one keeps `attention`.

import { base64url, randomBytes } from "../lib/bytes.js";
import { canonical } from "../lib/canon.js";
import { deviceNow, offsetMs, toWire } from "../lib/clock.js";
import { newId } from "../lib/ids.js";
import { APP } from "../lib/version.js";
import { ERASED } from "./erase.js";
import { NotSaved } from "./open.js";

const DAY = 86_400_000;
const LARGEST = 190 * 1024;
const HANDLED = new Set(["applied", "conflict"]);
const TOO_EARLY = "visit.unknown";

/**
 * Takes the next number and writes the act with what belongs to it (photo: an id whose bytes are kept; evidence:
 * {doc_sha256, ...}), all or nothing. Resolves with the act once durable. Throws NotSaved, or NotCanonical.
 *
 * A thumb waits for this: it asks the database once, writes once, and says itself that nothing more will come, so that the
 * disk is told at once. Whether the act is there already is asked only when an earlier try was cut off.
 */
export async function keepAct(store, { command, args = {}, visit }, { photo, evidence } = {}) {
  if (canonical(args).length > LARGEST) throw new NotSaved("too_large");
  const made = birth();
  const names = ["meta", "acts", ...(photo || evidence ? ["photos"] : []), ...(evidence ? ["evidence"] : [])];
  let tries = 0;
  return store.write(names, async (tx) => {
    const acts = tx.objectStore("acts");
    const known = tries++ && (await acts.index("id").get(made.id)); // the connection was lost, and that try may have been written
    if (known) return known.act;
    const act = await nextAct(tx, store, { command, args, visit, ...made });
    const written = [putAct(acts, act), tx.objectStore("meta").put(act.seq + 1, "next_seq")];
    for (const one of written) one.catch(() => {}); // the transaction tells
    if (photo) await announce(tx.objectStore("photos"), photo);
    if (evidence) await keepEvidence(tx, evidence, act);
    tx.commit();
    return act;
  });
}

/** Acts of a visit (or all) that the rows do not show yet, in the order they were made. */
export function pendingActs(store, visit) {
  return store.read(["acts"], (tx) => (visit ? tx.store.index("visit").getAll(visit) : tx.store.getAll()));
}

/** Acts that the server does not have: what is next to send, at most `most`. */
export function unsentActs(store, most) {
  return store.read(["meta", "acts"], async (tx) => tx.objectStore("acts").getAll(await unsent(tx), most));
}

/** How much waits: {acts, oldestAt}. */
export function countUnsent(store) {
  return store.read(["meta", "acts"], async (tx) => {
    const range = await unsent(tx);
    const [acts, [oldest]] = await Promise.all([tx.objectStore("acts").count(range), tx.objectStore("acts").getAll(range, 1)]);
    return { acts, oldestAt: oldest?.kept_at };
  });
}

/** What the server said of acts it named by id and hash: [{seq, receipt}]. A refused one leaves the view, never the phone. */
export function settle(store, settled) {
  return store.write(["meta", "acts", "archive", "photos"], async (tx) => {
    const meta = tx.objectStore("meta");
    const touched = { visits: new Set(), refused: new Set() };
    const unproven = new Set(await meta.get("unproven"));
    let last = (await meta.get("acked_seq")) ?? 0;
    for (const { seq, receipt } of settled) {
      const kept = await tx.objectStore("acts").get(seq);
      if (!kept) continue;
      const verdict = receipt.verdict === "duplicate" ? receipt.facts?.first : receipt.verdict;
      const done = { ...kept, state: "acked", receipt: { ...receipt, verdict }, change_no: receipt.change_no };
      if (HANDLED.has(verdict)) await tx.objectStore("acts").put(done);
      else if (receipt.code === ERASED) await tx.objectStore("acts").delete(seq);
      else await setAside(tx, done, touched);
      if (kept.act.command === "photo.add") await noteOnPhoto(tx, done, HANDLED.has(verdict));
      if (kept.visit && receipt.code !== ERASED) unproven.add(kept.visit) && touched.visits.add(kept.visit);
      last = Math.max(last, endOf(kept.act));
    }
    await Promise.all([meta.put(last, "acked_seq"), meta.put([...unproven], "unproven")]);
    return touched;
  });
}

/** Inside a transaction: acked acts whose rows have been pulled leave the overlay. */
export async function archivePulled(tx, pulled) {
  if (!pulled) return;
  const acts = tx.objectStore("acts");
  const acked = (await tx.objectStore("meta").get("acked_seq")) ?? 0;
  for (const kept of await acts.getAll(IDBKeyRange.upperBound(acked))) {
    if (kept.state === "acked" && kept.change_no <= pulled) await toArchive(tx, kept);
  }
}

/**
 * Inside a transaction: these visits have come. Acts that were refused because the server did not know them (it was restored,
 * and the phone that opened the visit had not handed it in again) are said anew, as acts of today. Returns how many.
 */
export async function sayAnew(tx, store, visits) {
  if (!visits.size) return 0;
  const early = (await tx.objectStore("archive").index("attention").getAll(1)).filter(({ visit, receipt }) => receipt.code === TOO_EARLY && visits.has(visit));
  for (const { attention, ...kept } of early) {
    const { command, args, visit, base, acted_at } = kept.act;
    const act = { ...(await nextAct(tx, store, { command, args, visit, ...birth(acted_at) })), base };
    await putAct(tx.objectStore("acts"), act);
    await tx.objectStore("meta").put(act.seq + 1, "next_seq");
    await tx.objectStore("archive").put({ ...kept, again: act.id });
  }
  return early.length;
}

/** Refused and quarantined acts that nobody has looked at, of one visit or of all. */
export function needAttention(store, visit) {
  return store.read(["archive"], async (tx) => (await tx.store.index("attention").getAll(1)).filter((a) => !visit || a.visit === visit));
}

/** Somebody has read why it was refused. */
export function dismiss(store, id) {
  return store.write(["archive"], async (tx) => {
    const { attention, ...kept } = (await tx.store.get(id)) ?? {};
    if (attention) await tx.store.put(kept);
  });
}

/** A hole in the numbers is storage damage: device.lost_seq stands at its first number and tells its last. Returns how many. */
export function fillHoles(store) {
  return store.write(["meta", "acts"], async (tx) => {
    const meta = tx.objectStore("meta");
    const acts = tx.objectStore("acts");
    const acked = (await meta.get("acked_seq")) ?? 0;
    const have = await acts.getAllKeys(IDBKeyRange.lowerBound(acked, true));
    const next = Math.max((await meta.get("next_seq")) ?? 1, acked + 1, ...have.slice(-1).map((seq) => seq + 1));
    if (have.length === next - 1 - acked) return 0;
    const holes = [];
    let expected = acked + 1;
    for (const seq of [...have, next]) {
      if (seq > expected) holes.push({ from: expected, to: seq - 1 });
      expected = Math.max(expected, seq < next ? await lastOf(acts, seq) : seq) + 1;
    }
    for (const args of holes) {
      await putAct(acts, await nextAct(tx, store, { command: "device.lost_seq", args, ...birth() }, args.from));
    }
    await meta.put(next, "next_seq");
    return holes.length;
  });
}

/** The server went back (a backup was restored): what it has forgotten waits again. Returns how many. */
export function requeue(store, afterSeq) {
  return store.write(["meta", "acts", "archive"], async (tx) => {
    const meta = tx.objectStore("meta");
    const acts = tx.objectStore("acts");
    const device = await meta.get("device");
    let count = 0;
    const anew = ({ seq, id, visit, act, kept_at, again }) => acts.put({ seq, id, visit, act, kept_at, ...(again && { again }), state: "waiting" });
    for (const kept of await acts.getAll(IDBKeyRange.lowerBound(afterSeq, true))) {
      if (kept.state === "acked") count++;
      await anew(kept);
    }
    for (let at = await tx.objectStore("archive").openCursor(); at; at = await at.continue()) {
      if (at.value.act.device !== device || at.value.seq <= afterSeq) continue;
      await anew(at.value);
      await at.delete();
      count++;
    }
    await meta.put(afterSeq, "acked_seq");
    return count;
  });
}

/** Signatures that were just made: [{seq, act, sig}]. They stay with their acts, whatever becomes of this sending. */
export function keepSignatures(store, signed) {
  return store.write(["acts"], async (tx) => {
    for (const { seq, act, sig } of signed) {
      const kept = await tx.store.get(seq);
      if (kept?.id === act.id && kept.act.device === act.device) await tx.store.put({ ...kept, act: { ...kept.act, sig } });
    }
  });
}

/**
 * A new device id: unsent acts get its numbers from 1 and will be signed by its key; their ids and words stay. What was acked
 * goes to the archive (two phones shared one identity), or with `everything` is sent again too (a restored server has
 * forgotten this phone). Returns how many wait.
 */
export function renumber(store, device, token, key, { everything = false } = {}) {
  return store.write(["meta", "acts", "archive"], async (tx) => {
    const meta = tx.objectStore("meta");
    const acts = tx.objectStore("acts");
    const all = [...(everything ? await archivedOf(tx, await meta.get("device")) : []), ...(await acts.getAll())];
    await acts.clear();
    let seq = 0;
    for (const { id, visit, act: { sig, ...act }, kept_at, ...kept } of all) {
      if (kept.state !== "waiting" && !everything) await toArchive(tx, { id, visit, act: { ...act, ...(sig && { sig }) }, kept_at, ...kept });
      else await acts.add({ seq: ++seq, id, ...(visit && { visit }), act: { ...act, device, seq }, ...(kept.again && { again: kept.again }), state: "waiting", kept_at });
      if (everything) await tx.objectStore("archive").delete(id);
    }
    await Promise.all([meta.put(device, "device"), meta.put(token, "token"), key ? meta.put(key, "key") : meta.delete("key"), meta.put(seq + 1, "next_seq"), meta.put(0, "acked_seq")]);
    return seq;
  });
}

/**
 * Archived acts leave the phone, and the signed bytes that went with them: after 7 days when a backup of the server has them
 * (`watermark`), after 180 when it never makes one. What is unsent is not in the archive (evidence.md ★5).
 */
export function purgeArchive(store, { watermark = 0, now = Date.now() } = {}) {
  return store.write(["archive", "evidence"], async (tx) => {
    for (let at = await tx.objectStore("archive").openCursor(); at; at = await at.continue()) {
      const kept = at.value;
      if (kept.attention || now - kept.archived_at < (kept.change_no <= watermark ? 7 : 180) * DAY) continue;
      await at.delete();
      if (kept.act.command === "document.sign") await tx.objectStore("evidence").delete(kept.act.args.doc_sha256);
    }
  });
}

/** What an act gets once and keeps, whatever number it is sent under. */
function birth(acted_at = toWire(deviceNow())) {
  return { id: newId(), acted_at, salt: base64url(randomBytes(16)) };
}

async function nextAct(tx, store, { command, args, visit, id, acted_at, salt }, seq) {
  const meta = tx.objectStore("meta");
  const [device, next = 1, base = null] = await Promise.all(
    [meta.get("device"), meta.get("next_seq"), visit ? meta.get(`base:${visit}`) : undefined]);
  if (!device) throw new NotSaved("signed_out");
  return { v: 1, id, device, seq: seq ?? next, actor: store.user.staff, ...(visit && { visit }), command, args, base,
    acted_at, offset_ms: offsetMs(), app: APP, salt };
}

function putAct(acts, act) {
  return acts.add({ seq: act.seq, id: act.id, ...(act.visit && { visit: act.visit }), act, state: "waiting", kept_at: Date.now() });
}

/** What a customer signed; the photos it names go before others. */
async function keepEvidence(tx, evidence, act) {
  await tx.objectStore("evidence").put({ ...evidence, act: act.id }, evidence.doc_sha256);
  for (const id of evidence.photos ?? []) {
    const photo = await tx.objectStore("photos").get(id);
    if (photo) await tx.objectStore("photos").put({ ...photo, signed: true });
  }
}

async function announce(photos, id) {
  const photo = await photos.get(id);
  if (!photo) throw new NotSaved("damaged");
  await photos.put({ ...photo, state: "waiting" });
}

/** The last number an act stands for: its own, or the end of the hole it tells of. */
function endOf(act) {
  return act.command === "device.lost_seq" ? act.args.to : act.seq;
}

async function lastOf(acts, seq) {
  return endOf((await acts.get(seq)).act);
}

async function setAside(tx, kept, touched) {
  await toArchive(tx, { ...kept, ...(!kept.again && { attention: 1 }) });
  if (kept.visit) touched.refused.add(kept.visit);
}

/** A photo learns its change number, and whether the visit lists it: bytes of a refused announcement are sent all the same.
 * Once listed it stays so: an act that says the same again is refused, and the photo is there. */
async function noteOnPhoto(tx, { act, change_no }, listed) {
  const photo = await tx.objectStore("photos").get(act.args.photo);
  if (photo) await tx.objectStore("photos").put({ ...photo, change_no, listed: listed || photo.listed === true });
}

async function unsent(tx) {
  return IDBKeyRange.lowerBound((await tx.objectStore("meta").get("acked_seq")) ?? 0, true);
}

/** What this device made and the server acknowledged, in order; the telling of a hole is of no use under new numbers. */
async function archivedOf(tx, device) {
  const found = (await tx.objectStore("archive").getAll()).filter(({ act }) => act.device === device && act.command !== "device.lost_seq");
  return found.sort((a, b) => a.seq - b.seq);
}

async function toArchive(tx, kept) {
  await tx.objectStore("archive").put({ ...kept, archived_at: Date.now() });
  await tx.objectStore("acts").delete(kept.seq);
}
