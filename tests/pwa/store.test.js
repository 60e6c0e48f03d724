// The phone's own database: saved means complete; nothing is half saved; nothing unsent is ever dropped.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { unwrap } from "idb";
import { alone } from "../../static/pwa/outbox/lease.js";
import { newId } from "../../static/pwa/lib/ids.js";
import * as acts from "../../static/pwa/store/acts.js";
import { diary, note } from "../../static/pwa/store/log.js";
import { getMeta, setMeta } from "../../static/pwa/store/meta.js";
import { NotSaved, openStore, STEPS } from "../../static/pwa/store/open.js";
import * as photos from "../../static/pwa/store/photos.js";
import { allRows, dropOld, putPage, rowsOf } from "../../static/pwa/store/rows.js";
import { freshStorage } from "./rig.js";

const USER = { store: "YF01", staff: "E005" };
const ANSWER = { command: "walkaround.answer", args: { item: "WA-PR-01", status: "ok" } };
const DAY = 86_400_000;
let store;

beforeEach(async () => {
  freshStorage();
  store = await openStore(USER);
  await setMeta(store, { device: newId(), next_seq: 1 });
});

test("an act and its number are one: numbers have no holes and no doubles, also when twenty are made at once", async () => {
  const visit = newId();

  const made = await Promise.all(Array.from({ length: 20 }, () => acts.keepAct(store, { ...ANSWER, visit })));

  assert.deepEqual(made.map((act) => act.seq), Array.from({ length: 20 }, (_, n) => n + 1));
  assert.equal(await getMeta(store, "next_seq"), 21);
  assert.deepEqual((await acts.pendingActs(store, visit)).map(({ act }) => act), made);
});

test("an act that fails half way leaves neither itself nor its number nor its evidence", async () => {
  const failing = acts.keepAct(store, { ...ANSWER, visit: newId() }, { evidence: { doc_sha256: "a", broken: () => {} } });

  await assert.rejects(failing, (why) => why instanceof NotSaved && why.reason === "broken");
  assert.equal(await getMeta(store, "next_seq"), 1);
  assert.equal((await acts.pendingActs(store)).length, 0);
  assert.equal(await store.get("evidence", "a"), undefined);
  await acts.keepAct(store, { ...ANSWER, visit: newId() }, { evidence: { doc_sha256: "a" } });
  assert.equal((await store.get("evidence", "a")).doc_sha256, "a", "control: whole evidence is kept");
});

test("what was kept is there after the app was killed and started again, ids after it", async () => {
  const act = await acts.keepAct(store, { ...ANSWER, visit: newId() });
  store.close();

  const again = await openStore(USER);

  assert.deepEqual((await acts.pendingActs(again)).map((kept) => kept.id), [act.id]);
  assert.equal((await acts.keepAct(again, { ...ANSWER, visit: newId() })).seq, 2);
  assert.ok(newId() > act.id);
});

test("killed in the middle of writing, the act is not there and its number is free", async () => {
  const unfinished = store.write(["meta", "acts"], async (tx) => {
    await tx.objectStore("meta").put(2, "next_seq");
    tx.abort(); // what the system does to a page it kills
  });

  await assert.rejects(unfinished);
  assert.equal(await getMeta(store, "next_seq"), 1);
});

test("a full phone says so, keeps what it had, and takes acts again when there is room", async (context) => {
  await acts.keepAct(store, { ...ANSWER, visit: newId() });
  const full = context.mock.method(IDBObjectStore.prototype, "add", () => { throw new DOMException("full", "QuotaExceededError"); });

  await assert.rejects(acts.keepAct(store, { ...ANSWER, visit: newId() }), (why) => why.reason === "quota" && why.text.includes("没有保存"));
  full.mock.restore();

  assert.equal((await acts.pendingActs(store)).length, 1);
  assert.equal((await acts.keepAct(store, { ...ANSWER, visit: newId() })).seq, 2);
});

test("a full phone that says so only at the end is believed then", async () => {
  const late = store.write(["meta"], async (tx) => {
    await tx.store.put(1, "x"); // the request has succeeded; what follows is what a browser does at the commit
    Object.defineProperty(unwrap(tx), "error", { value: new DOMException("full", "QuotaExceededError") });
    tx.abort();
    return "done";
  });

  await assert.rejects(late, (why) => why instanceof NotSaved && why.reason === "quota");
  assert.equal(await getMeta(store, "x"), undefined);
});

test("a lost connection is opened again and the act written once", async (context) => {
  let failures = 2;
  const real = IDBDatabase.prototype.transaction;
  context.mock.method(IDBDatabase.prototype, "transaction", function transaction(...args) {
    if (failures-- > 0) throw new DOMException("Connection to Indexed Database server lost. Refresh the page to try again", "UnknownError");
    return real.apply(this, args);
  });

  const act = await acts.keepAct(store, { ...ANSWER, visit: newId() });

  assert.deepEqual((await acts.pendingActs(store)).map((kept) => kept.id), [act.id]);
});

test("storage that does not come back is said loudly", async (context) => {
  const heard = [];
  store.onLost((why) => heard.push(why.reason));
  context.mock.method(IDBDatabase.prototype, "transaction", () => { throw new DOMException("lost", "InvalidStateError"); });

  await assert.rejects(acts.keepAct(store, { ...ANSWER, visit: newId() }), (why) => why.reason === "lost");
  assert.deepEqual(heard, ["lost"]);
});

test("storage that was cleared does not begin again at number one", async () => {
  await setMeta(store, { device: undefined });

  await assert.rejects(acts.keepAct(store, { ...ANSWER, visit: newId() }), (why) => why.reason === "signed_out");
});

test("an upgrade keeps identity and unsent acts, and a copy of both", async () => {
  const act = await acts.keepAct(store, { ...ANSWER, visit: newId() });
  const told = new Promise((done) => store.onUpdate(done));

  const newer = await openStore(USER, { steps: [...STEPS, (db) => db.createObjectStore("added")] });
  await told;

  assert.deepEqual(await newer.get("pre_v2", ["acts", 1]), await newer.get("acts", 1));
  assert.equal(await newer.get("pre_v2", ["meta", "next_seq"]), 2);
  assert.equal((await newer.get("acts", 1)).id, act.id);
  await assert.rejects(acts.keepAct(store, { ...ANSWER, visit: newId() }), (why) => why.reason === "updating", "the old page is told");
});

test("an upgrade that throws leaves everything as it was", async () => {
  await acts.keepAct(store, { ...ANSWER, visit: newId() });
  store.close();
  await assert.rejects(openStore(USER, { steps: [...STEPS, () => { throw new Error("slip"); }] }));

  const again = await openStore(USER);

  assert.equal((await acts.pendingActs(again)).length, 1);
});

test("a hole in the numbers is told once, at its beginning, and nothing waits behind it", async () => {
  for (let n = 0; n < 6; n++) await acts.keepAct(store, { ...ANSWER, visit: newId() });
  assert.equal(await acts.fillHoles(store), 0, "control: no hole, nothing told");
  await store.write(["acts"], (tx) => Promise.all([2, 3, 6].map((seq) => tx.store.delete(seq))));

  assert.equal(await acts.fillHoles(store), 2);
  assert.equal(await acts.fillHoles(store), 0);

  const waiting = await acts.unsentActs(store);
  const told = waiting.filter(({ act }) => act.command === "device.lost_seq").map(({ seq, act }) => [seq, act.args]);
  assert.deepEqual(told, [[2, { from: 2, to: 3 }], [6, { from: 6, to: 6 }]]);
  await acts.settle(store, waiting.slice(0, 2).map(({ seq, id }) => ({ seq, receipt: { id, verdict: "applied", change_no: seq } })));
  assert.equal(await getMeta(store, "acked_seq"), 3);
});

test("an act stays over the rows until they have been pulled; a refused one is kept for its reason", async () => {
  const visit = newId();
  const [one, two] = [await acts.keepAct(store, { ...ANSWER, visit }), await acts.keepAct(store, { ...ANSWER, visit })];
  await acts.settle(store, [{ seq: 1, receipt: { id: one.id, verdict: "applied", change_no: 7 } },
    { seq: 2, receipt: { id: two.id, verdict: "refused", change_no: 8, text: "还没有开始环检" } }]);

  await putPage(store, page([]), 6);
  assert.deepEqual((await acts.pendingActs(store, visit)).map((kept) => kept.id), [one.id], "its rows are not here yet");
  await putPage(store, page([row(visit, 7)]), 7);

  assert.equal((await acts.pendingActs(store, visit)).length, 0);
  assert.deepEqual((await acts.needAttention(store, visit)).map((kept) => kept.receipt.text), ["还没有开始环检"]);
  await acts.dismiss(store, two.id);
  assert.equal((await acts.needAttention(store)).length, 0);
});

test("archived acts go after a week when a backup has them, else after 180; those nobody has looked at never", async () => {
  const [one, two] = [await acts.keepAct(store, ANSWER), await acts.keepAct(store, ANSWER)];
  await acts.settle(store, [{ seq: 1, receipt: { id: one.id, verdict: "applied", change_no: 1 } },
    { seq: 2, receipt: { id: two.id, verdict: "quarantined", change_no: 2 } }]);
  await putPage(store, page([]), 2);

  const kept = () => store.read(["archive"], (tx) => tx.store.getAllKeys());
  for (const [days, watermark] of [[6, 9], [8, 0], [179, 0]]) await acts.purgeArchive(store, { watermark, now: Date.now() + days * DAY });
  assert.equal((await kept()).length, 2);
  await acts.purgeArchive(store, { watermark: 1, now: Date.now() + 8 * DAY });
  assert.deepEqual(await kept(), [two.id]);

  const three = await acts.keepAct(store, ANSWER);
  await acts.settle(store, [{ seq: 3, receipt: { id: three.id, verdict: "applied", change_no: 3 } }]);
  await putPage(store, page([]), 3);
  await acts.purgeArchive(store, { now: Date.now() + 181 * DAY });
  assert.deepEqual(await kept(), [two.id], "of a store that never backs up");
});

test("what is unsent outlives every purge, also years later; a greedier one would be noticed", async () => {
  const [visit, photo, late] = [newId(), newId(), Date.now() + 2000 * DAY];
  await putPage(store, page([{ ...row(visit, 1), data: { id: visit, state: "released", touched_at: new Date(0).toISOString() } }]), 1);
  await photos.keepPhoto(store, { id: photo, visit }, picture(300));
  await acts.keepAct(store, { command: "photo.add", args: { photo }, visit }, { photo });
  const whole = async () => Boolean((await acts.unsentActs(store)).length === 1 && (await photos.readPhoto(store, photo)) && (await rowsOf(store, visit)).length);

  await acts.purgeArchive(store, { watermark: 1e9, now: late });
  await photos.dropUnfinished(store, late);
  await dropOld(store, late);
  await photos.freeSpace(store, { epoch: 1, watermark: 1e9, now: late });
  assert.ok(await whole());

  await photos.markPhoto(store, photo, { state: "confirmed", confirmed_epoch: 1, change_no: 1 });
  await photos.freeSpace(store, { epoch: 1, watermark: 1e9, now: late });
  assert.equal(await whole(), false, "control: the same photo, said to be sent, goes");
});

test("an act remembers how far its maker had seen this visit", async () => {
  const visit = newId();
  assert.equal((await acts.keepAct(store, { ...ANSWER, visit })).base, null);
  await putPage(store, page([row(visit, 5), row(newId(), 9), { ...row(visit, 6), table: "answer", id: "a", data: { visit_id: visit } }]), 9);
  assert.equal((await acts.keepAct(store, { ...ANSWER, visit })).base, 6);
  await putPage(store, page([{ table: "answer", id: "a", change_no: 12, deleted: true, data: {} }]), 12);
  assert.equal((await acts.keepAct(store, { ...ANSWER, visit })).base, 12, "what went away was seen too");
});

test("a reset replaces rows, but not those of a visit where something waits", async () => {
  const [busy, quiet] = [newId(), newId()];
  await putPage(store, page([row(busy, 1), row(quiet, 2)]), 2);
  await acts.keepAct(store, { ...ANSWER, visit: busy });

  await putPage(store, { ...page([]), reset: true }, 2);

  assert.deepEqual((await allRows(store, "visit")).map((r) => r.id), [busy]);
  assert.equal((await rowsOf(store, quiet)).length, 0);
});

test("a photo of 2.5 MB is kept in parts and read back the same", async () => {
  const bytes = picture(2_500_000);

  const kept = await photos.keepPhoto(store, { id: newId(), visit: newId(), mime: "image/jpeg" }, bytes, bytes.slice(0, 9_000));

  assert.equal(kept.parts, 3);
  assert.deepEqual(await photos.readPhoto(store, kept.id), bytes);
  assert.equal((await photos.readThumb(store, kept.id)).byteLength, 9_000);
});

test("a photo that reads back differently was not saved", async (context) => {
  const real = IDBObjectStore.prototype.put;
  context.mock.method(IDBObjectStore.prototype, "put", function put(value, ...key) {
    if (value instanceof ArrayBuffer && value.byteLength > 100) new Uint8Array(value)[50] ^= 1;
    return real.call(this, value, ...key);
  });
  const id = newId();

  await assert.rejects(photos.keepPhoto(store, { id, visit: newId() }, picture(5000)), (why) => why.reason === "damaged");
  assert.equal(await photos.photoState(store, id), undefined);
});

test("an act about a photo whose bytes are not here is not kept", async () => {
  await assert.rejects(acts.keepAct(store, { command: "photo.add", args: { photo: newId() } }, { photo: newId() }), (why) => why.reason === "damaged");
  assert.equal(await getMeta(store, "next_seq"), 1);
});

test("only photos confirmed in this epoch, a week old and backed up make room; their thumbnails stay", async () => {
  const old = Date.now() - 8 * DAY;
  const facts = { state: "confirmed", confirmed_epoch: 3, change_no: 10, kept_at: old };
  const cases = { gone: facts, unsent: { ...facts, state: "waiting" }, sent: { ...facts, state: "sent" }, fresh: { ...facts, kept_at: Date.now() },
    other_epoch: { ...facts, confirmed_epoch: 2 }, not_backed_up: { ...facts, change_no: 11 } };
  for (const [id, row] of Object.entries(cases)) {
    await photos.keepPhoto(store, { id, visit: "v" }, picture(300), picture(20));
    await photos.markPhoto(store, id, row);
  }

  assert.equal(await photos.freeSpace(store, { epoch: 3, watermark: 0 }), 0, "no backup, no room");
  assert.equal(await photos.freeSpace(store, { epoch: 3, watermark: 10 }), 300);

  const left = await Promise.all(Object.keys(cases).map(async (id) => [id, Boolean(await photos.readPhoto(store, id))]));
  assert.deepEqual(left.filter(([, here]) => !here).map(([id]) => id), ["gone"]);
  assert.equal((await photos.readThumb(store, "gone")).byteLength, 20);
});

test("a photo whose act never came is forgotten after ten minutes, one with an act never", async () => {
  await photos.keepPhoto(store, { id: "orphan", visit: "v" }, picture(300));
  await photos.keepPhoto(store, { id: "kept", visit: "v" }, picture(300));
  await acts.keepAct(store, { command: "photo.add", args: { photo: "kept" }, visit: newId() }, { photo: "kept" });

  await photos.dropUnfinished(store, Date.now() + 3_600_000);

  assert.deepEqual((await photos.allPhotos(store)).map((row) => row.id), ["kept"]);
});

test("the disk itself is asked whether five megabytes fit, and nothing of that stays", async (context) => {
  await photos.proveRoom(store);
  context.mock.method(IDBObjectStore.prototype, "put", () => { throw new DOMException("full", "QuotaExceededError"); });
  await assert.rejects(photos.proveRoom(store), (why) => why.reason === "quota");
  context.mock.restoreAll();
  assert.equal(await store.read(["parts"], (tx) => tx.store.count()), 0);
});

test("an act that is too large for the wire is said to be, and not kept", async () => {
  await assert.rejects(acts.keepAct(store, { command: "x", args: { text: "车".repeat(70_000) } }), (why) => why.reason === "too_large");
  await acts.keepAct(store, { command: "x", args: { text: "车".repeat(60_000) } });
});

test("ended visits leave the phone after a week, unless something of theirs waits", async () => {
  const [open, fresh, old, busy] = [newId(), newId(), newId(), newId()];
  const told = (visit, state, days) => ({ ...row(visit, 1), data: { id: visit, state, touched_at: new Date(Date.now() - days * DAY).toISOString() } });
  await putPage(store, page([told(open, "arrived", 40), told(fresh, "released", 3), told(old, "released", 8), told(busy, "cancelled", 8)]), 1);
  await acts.keepAct(store, { ...ANSWER, visit: busy });

  assert.equal(await dropOld(store), 1);

  assert.deepEqual((await allRows(store, "visit")).map(({ id }) => id).sort(), [open, fresh, busy].sort());
});

test("with an old visit its pictures of others go, our own unsent bytes never", async () => {
  const [visit, theirs, ours, freed] = [newId(), newId(), newId(), newId()];
  const shot = (id) => ({ table: "photo", id, change_no: 1, deleted: false, data: { id, visit_id: visit } });
  const gone = { ...row(visit, 1), data: { id: visit, state: "released", touched_at: new Date(Date.now() - 20 * DAY).toISOString() } };
  await putPage(store, page([gone, shot(theirs), shot(ours), shot(freed)]), 1);
  await photos.keepThumb(store, theirs, picture(20).buffer);
  for (const id of [ours, freed]) await photos.keepPhoto(store, { id, visit }, picture(300), picture(20));
  await photos.markPhoto(store, ours, { state: "waiting" });
  await photos.markPhoto(store, freed, { state: "freed" });

  await dropOld(store);

  const left = await Promise.all([theirs, ours, freed].map(async (id) => Boolean(await photos.readThumb(store, id))));
  assert.deepEqual([left, Boolean(await photos.readPhoto(store, ours))], [[false, true, false], true]);
});

test("photos that a customer signed for are marked with the signature", async () => {
  await photos.keepPhoto(store, { id: "shown", visit: "v" }, picture(300));
  await photos.keepPhoto(store, { id: "other", visit: "v" }, picture(300));

  await acts.keepAct(store, { ...ANSWER, visit: newId() }, { evidence: { doc_sha256: "a", photos: ["shown", "on another phone"] } });

  assert.deepEqual((await photos.allPhotos(store)).map(({ id, signed }) => [id, Boolean(signed)]), [["other", false], ["shown", true]]);
});

test("one sender at a time; a sleeping one loses its turn after a minute", async () => {
  let finish;
  const first = alone(store, () => new Promise((done) => { finish = () => done("first"); }));
  await new Promise((go) => setTimeout(go, 20));

  assert.equal(await alone(store, async () => "second"), undefined);
  await store.put("meta", { owner: "somebody", at: Date.now() - 61_000 }, "lease");
  assert.equal(await alone(store, async () => "third"), "third");
  finish();
  assert.equal(await first, "first");
  assert.equal(await alone(store, async () => "fourth"), "fourth", "control: free again");
});

test("storage cleared under an open app is told by itself", async () => {
  const heard = [];
  store.onLost((why) => heard.push(why.reason));
  await setMeta(store, { device: undefined });
  const raw = await new Promise((done) => store.read(["meta"], (tx) => done(unwrap(tx).db)));
  for (const { type, callback } of raw.listeners) if (type === "close") callback(); // what a browser does when it takes the storage away
  await new Promise((go) => setTimeout(go, 50));

  assert.deepEqual(heard, ["signed_out"]);
});

test("the diary keeps the last 500 notes", async () => {
  for (let n = 0; n < 510; n++) await note(store, "n", { n });
  const kept = await diary(store);
  assert.deepEqual([kept.length, kept[0].n, kept.at(-1).n], [500, 10, 509]);
});

test("an erased visit leaves the phone whole, another stays; what waits goes on, and is dropped when refused", async () => {
  const [gone, stays] = [newId(), newId()];
  const texts = { [gone]: "欧阳样例说有异响", [stays]: "李样例说有异响" };
  for (const visit of [gone, stays]) {
    await putPage(store, page([row(visit, 1), { table: "concern", id: newId(), change_no: 1, deleted: false, data: { visit_id: visit, text: texts[visit] } }]), 1);
    await photos.keepPhoto(store, { id: visit, visit }, picture(300), picture(20)); // one id serves for both, they never meet
    const act = await acts.keepAct(store, { command: "document.sign", args: { doc_sha256: visit, text: texts[visit] }, visit }, { evidence: { doc_sha256: visit } });
    await acts.settle(store, [{ seq: act.seq, receipt: { id: act.id, verdict: "applied", change_no: 2 } }]);
    await putPage(store, page([]), 2);
  }
  const late = await acts.keepAct(store, { ...ANSWER, args: { text: texts[gone] }, visit: gone });
  assert.match(await everything(), /欧阳样例/, "control: the search finds what is there");

  await putPage(store, page([{ table: "visit", id: gone, change_no: 9, deleted: true, data: {} }]), 9);

  assert.deepEqual((await acts.pendingActs(store)).map(({ seq }) => seq), [late.seq], "its number is not lost");
  await acts.settle(store, [{ seq: late.seq, receipt: { id: late.id, verdict: "refused", code: "visit.erased", change_no: 10 } }]);
  const left = await everything();
  assert.doesNotMatch(left, /欧阳样例/);
  assert.match(left, /李样例/);
  assert.deepEqual([await photos.readPhoto(store, gone), Boolean(await photos.readPhoto(store, stays))], [undefined, true]);
  assert.deepEqual(await getMeta(store, "unproven"), [stays]);
});

/** All that the phone's database holds, as text. */
function everything() {
  const names = ["meta", "acts", "rows", "photos", "parts", "evidence", "archive"];
  return store.read(names, async (tx) => JSON.stringify(await Promise.all(names.map((name) => tx.objectStore(name).getAll()))));
}

function page(rows) {
  return { rows, next: "c", more: false, reset: false, head: { index: 9 } };
}

function row(visit, change_no) {
  return { table: "visit", id: visit, change_no, deleted: false, data: { id: visit, state: "arrived" } };
}

function picture(length) {
  return Uint8Array.from({ length }, (_, n) => (n * 31 + (n >> 8)) % 256);
}
