// The sender against the real server, over a network that fails in every way it can. Nothing lost, nothing twice, nothing
// called synced too early.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import * as concern from "../../static/pwa/commands/concern.js";
import * as photo from "../../static/pwa/commands/photo.js";
import { visitView } from "../../static/pwa/commands/view.js";
import * as visits from "../../static/pwa/commands/visit.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import { ApiError, NoNetwork } from "../../static/pwa/lib/http.js";
import { newId } from "../../static/pwa/lib/ids.js";
import { Later, pushActs } from "../../static/pwa/outbox/acts.js";
import { comeBack, lock, signIn, users, whoIsHere } from "../../static/pwa/outbox/enrol.js";
import { proveVisits } from "../../static/pwa/outbox/manifest.js";
import { pictureOf, pushPhotos } from "../../static/pwa/outbox/photos.js";
import { pullChanges } from "../../static/pwa/outbox/pull.js";
import { startSending, stop, syncNow } from "../../static/pwa/outbox/sender.js";
import { syncState } from "../../static/pwa/outbox/state.js";
import { needAttention, pendingActs, unsentActs } from "../../static/pwa/store/acts.js";
import { getMeta, setMeta } from "../../static/pwa/store/meta.js";
import { photosOf, photoState } from "../../static/pwa/store/photos.js";
import { another, aVisit, phoneOf, pictures, startNetwork, startServer } from "./rig.js";

let server, network, phone, visit, small, large;

before(async () => {
  [server, [small, large]] = await Promise.all([startServer(), pictures()]);
  network = await startNetwork(server);
});
after(async () => {
  stop();
  await network?.stop();
  await server?.stop();
});
beforeEach(async () => {
  stop();
  network.reset();
  phone = await phoneOf("E005", network.url);
  visit = await aVisit(phone);
});

const mark = (other) => walkaround.recordDamage({ visit, region: "door_lf", kind: "scratch", size: "small", x: 1200, y: 3400, ...other });
const shoot = (bytes) => photo.add({ visit, bytes: bytes[0] === 0xff ? another(bytes) : bytes, thumb: small, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "zone", id: "ext_lf" } });
const unsent = async () => (await unsentActs(phone.store)).length;
const onServer = async (table) => (await server.ask({ sql: `SELECT count(*) FROM ${table} WHERE visit_id = :v`, params: { v: visit } }))[0][0];

test("acts arrive once each and in order, and the chip says synced only after the proof", async () => {
  for (let n = 0; n < 3; n++) await mark();
  await phone.round();

  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 3]);
  assert.deepEqual(await getMeta(phone.store, "unproven"), []);
  assert.equal((await pendingActs(phone.store)).length, 0, "rows have come back, the overlay is empty");
  assert.equal((await visitView(visit)).marks.length, 3);
});

for (const [name, fault] of [
  ["the request never leaves", "refuse"], ["the answer is lost", "lose"], ["a captive portal answers", "portal"], ["a login page redirects", "redirect"],
  ["the answer breaks off", { cut: 40 }], ["a proxy is down", { status: 502, json: {} }],
]) {
  test(`when ${name}, nothing is marked; sent again, everything is there once`, async () => {
    await mark();
    network.fault = (request) => (request.url.includes("/acts") ? fault : undefined);
    await assert.rejects(pushActs(phone.store), NoNetwork);
    assert.equal(await unsent(), 4);

    network.reset();
    await phone.round();

    assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 1]);
    const seqs = await server.ask({ sql: "SELECT seq FROM kept_act WHERE device_id = :d ORDER BY idx", params: { d: await getMeta(phone.store, "device") } });
    assert.deepEqual(seqs.flat(), [1, 2, 3, 4]);
  });
}

test("a receipt that does not name the act's own hash settles nothing", async () => {
  const [first] = await unsentActs(phone.store);
  const receipts = [{ id: first.id, sha256: "0".repeat(64), verdict: "applied", change_no: 1 }];
  network.fault = (request) => (request.url.includes("/acts") ? { status: 200, json: { sync: "ok", epoch: 1, expect_seq: 2, receipts } } : undefined);

  await assert.rejects(pushActs(phone.store), NoNetwork);

  assert.equal(await unsent(), 3);
});

test("a batch that is too large for somebody is halved until it fits", async () => {
  for (let n = 0; n < 20; n++) await mark();
  network.fault = (request, body) => {
    if (request.url.includes("/acts") && JSON.parse(body).acts.length > 5) return { status: 413, json: { sync: "ok", error: { code: "push.too_large" } } };
  };

  await phone.round();

  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 20]);
});

test("a batch holds at most 100 acts and 256 KB", async () => {
  const sizes = [];
  network.fault = (request, body) => { if (request.url.includes("/acts")) sizes.push([JSON.parse(body).acts.length, body.length]); };
  for (let n = 0; n < 120; n++) await concern.add({ visit, text: "异响".repeat(n < 60 ? 1 : 480) });

  await phone.round();

  assert.ok(sizes.length >= 2 && sizes.every(([acts, bytes]) => acts <= 100 && bytes <= 256 * 1024), JSON.stringify(sizes));
  assert.equal(await unsent(), 0);
});

test("what a rule refuses leaves the view, keeps its words on the phone, and stops nothing behind it", async () => {
  await visits.release({ visit });
  await mark();
  await phone.round();

  const view = await visitView(visit);
  assert.deepEqual([view.marks.length, view.visit.state, view.refused.length], [1, "inspecting", 1]);
  assert.ok(view.refused[0].receipt.text.includes("没有丢"));
  assert.equal(await unsent(), 0);
});

test("an act that our own mistake poisons is set aside after five tries; the rest goes through", async () => {
  await server.ask({ poison: "concern.add" });
  try {
    await concern.add({ visit, text: "起步异响" });
    await mark();
    for (let n = 0; n < 4; n++) await assert.rejects(pushActs(phone.store), Later);
    assert.equal(await onServer("damage_mark"), 0, "control: it stopped the queue until then");
    await phone.round();
  } finally {
    await server.ask({ cure: "concern.add" });
  }

  assert.deepEqual([await unsent(), await onServer("damage_mark"), (await needAttention(phone.store)).length], [0, 1, 1]);
});

test("a hole left by damaged storage is told and does not block", async () => {
  const lost = await mark();
  await mark();
  await phone.store.write(["acts"], (tx) => tx.store.delete(lost.seq));

  await phone.round();

  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 1]);
  assert.equal((await server.ask({ sql: "SELECT count(*) FROM incident WHERE kind = 'device.lost_seq' AND device_id = :d",
    params: { d: await getMeta(phone.store, "device") } }))[0][0], 1);
});

test("a phone whose memory was copied to another takes a new identity and loses nothing", async () => {
  await phone.round();
  const before = Object.fromEntries(await Promise.all(["device", "next_seq", "acked_seq"].map(async (key) => [key, await getMeta(phone.store, key)])));
  await mark();
  await phone.round(); // the other one, with the same identity
  await setMeta(phone.store, before); // this one, restored to what it was
  await mark();
  await mark();

  await phone.round();

  assert.notEqual(await getMeta(phone.store, "device"), before.device);
  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 3]);
});

test("a session that has run out pauses; the same person signs in again and the rest goes", async () => {
  await pushActs(phone.store);
  await mark();
  await server.ask({ sql: "UPDATE device SET token_until = '2020-01-01'" });
  startSending(phone.store);
  await syncNow();
  assert.deepEqual([syncState().phase, syncState().acts, syncState().synced], ["paused", 1, false]);
  stop();

  const device = await getMeta(phone.store, "device");
  await signIn({ store: "YF01", login: "e005", password: "clockwise", deviceName: "x" });
  assert.equal(await getMeta(phone.store, "device"), device);
  await phone.round();

  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 1]);
});

test("a wrong password opens nothing", async () => {
  await assert.rejects(signIn({ store: "YF01", login: "E006", password: "wrong", deviceName: "x" }), (why) => why instanceof ApiError && why.status === 401);
});

test("a revoked phone still hands in what it holds, and is told", async () => {
  await pushActs(phone.store);
  await mark();
  await server.ask({ sql: "UPDATE device SET revoked_at = '2026-01-01' WHERE id = :d", params: { d: await getMeta(phone.store, "device") } });
  startSending(phone.store);
  await syncNow();

  assert.deepEqual([syncState().phase, await unsent(), (await needAttention(phone.store)).length], ["revoked", 0, 1]);
});

test("a phone that is ordered to forget everything hands in what waits first, tells the server, and is empty", async () => {
  await pushActs(phone.store);
  await mark();
  const device = await getMeta(phone.store, "device");
  await server.ask({ sql: "UPDATE device SET revoked_at = '2026-01-01', wipe_at = '2026-01-01' WHERE id = :d", params: { d: device } });
  network.fault = (request) => (request.url.endsWith("/acts") ? "refuse" : undefined);
  startSending(phone.store);
  await syncNow();
  assert.deepEqual((await indexedDB.databases()).map(({ name }) => name).includes(phone.store.name), true, "control: not before it could hand in");
  network.fault = undefined;

  startSending(phone.store);
  await syncNow();

  assert.deepEqual((await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith("cw-")), []);
  assert.equal(await whoIsHere(), undefined);
  const [[aside]] = await server.ask({ sql: "SELECT count(*) FROM kept_act WHERE device_id = :d AND verdict = 'quarantined'", params: { d: device } });
  assert.equal(aside, 1);
  const [[facts]] = await server.ask({ sql: "SELECT facts FROM incident WHERE kind = 'device.wiped' AND device_id = :d", params: { d: device } });
  assert.equal(JSON.parse(facts).left, 0);
  await assert.rejects(getMeta(phone.store, "device"), (why) => why.reason === "signed_out", "nothing makes the database again");
});

test("a second person has their own database; the first one's work waits for its owner", async () => {
  const first = phone.store;
  await lock(first);
  assert.equal(await whoIsHere(), undefined);

  const second = await signIn({ store: "YF01", login: "E006", password: "clockwise", deviceName: "同一部手机" });

  assert.deepEqual((await whoIsHere()).staff, "E006");
  assert.notEqual(second.name, first.name);
  assert.equal((await unsentActs(second)).length, 0);
  const waiting = await users();
  assert.deepEqual(waiting.map(({ staff, acts }) => [staff, acts]), [["E006", 0], ["E005", 3]]);
  const mine = await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" });
  await pushActs(mine);
  assert.equal((await unsentActs(mine)).length, 0);
  assert.equal((await comeBack(await whoIsHere())).name, first.name);
});

test("photos follow their acts, whole or in parts, and count as there only when the server shows them", async () => {
  const [one, two] = [await shoot(small), await shoot(large)];
  await phone.round();

  const rows = await server.ask({ sql: "SELECT id, state, sha256 FROM photo WHERE visit_id = :v", params: { v: visit } });
  assert.deepEqual(rows.map(([id, state]) => [id, state]).sort(), [[one.args.photo, "present"], [two.args.photo, "present"]].sort());
  assert.deepEqual((await photosOf(phone.store, visit)).map(({ state }) => state), ["confirmed", "confirmed"]);
  assert.equal(network.seen.filter((line) => line.startsWith("PUT")).length, 1 + Math.ceil(large.length / 1048576));
});

test("photos that a customer signed for go before the others", async () => {
  const [, , last] = [await shoot(small), await shoot(small), await shoot(small)];
  await phone.store.write(["photos"], async (tx) => tx.store.put({ ...(await tx.store.get(last.args.photo)), signed: true }));
  const sent = [];
  network.fault = (request) => { if (request.method === "PUT") sent.push(request.url.split("/").at(-1)); };

  await phone.round();

  assert.ok(sent.slice(0, 2).includes(last.args.photo), "two are on their way at a time");
});

test("a photo whose way breaks off goes on where it stopped", async () => {
  const { args } = await shoot(large);
  await pushActs(phone.store);
  let puts = 0;
  network.fault = (request) => (request.method === "PUT" && ++puts === 2 ? "refuse" : undefined);
  await assert.rejects(pushPhotos(phone.store), NoNetwork);
  network.reset();

  await phone.round();

  assert.equal((await photoState(phone.store, args.photo)).state, "confirmed");
  assert.equal(network.seen.filter((line) => line.startsWith("PUT")).length, Math.ceil(large.length / 1048576) - 1, "the first part was not sent twice");
});

test("a photo whose answer was lost is not sent again: asking is enough", async () => {
  const { args } = await shoot(small);
  await pushActs(phone.store);
  network.fault = (request) => (request.method === "PUT" ? "lose" : undefined);
  await assert.rejects(pushPhotos(phone.store), NoNetwork);
  network.reset();

  await phone.round();

  assert.equal((await photoState(phone.store, args.photo)).state, "confirmed");
  assert.equal(network.seen.filter((line) => line.startsWith("PUT")).length, 0);
});

test("a byte flipped on the way is found by the server and the photo sent again", async () => {
  const { args } = await shoot(small);
  await pushActs(phone.store);
  network.fault = (request) => (request.method === "PUT" ? "flip" : undefined);
  await pushPhotos(phone.store);
  assert.equal((await photoState(phone.store, args.photo)).state, "waiting");
  assert.deepEqual(await server.ask({ sql: "SELECT state FROM photo WHERE id = :p", params: { p: args.photo } }), [["expected"]]);
  network.reset();

  await phone.round();

  assert.equal((await photoState(phone.store, args.photo)).state, "confirmed");
});

test("a byte flipped in the phone's own memory is found before sending, and said", async () => {
  const { args } = await shoot(small);
  await phone.store.write(["parts"], async (tx) => {
    const part = await tx.store.get([args.photo, 0]);
    new Uint8Array(part)[99] ^= 1;
    await tx.store.put(part, [args.photo, 0]);
  });

  await phone.round();

  assert.equal((await photoState(phone.store, args.photo)).state, "damaged");
  assert.equal(network.seen.filter((line) => line.startsWith("PUT")).length, 0);
  startSending(phone.store);
  await syncNow();
  assert.deepEqual([syncState().synced, syncState().attention], [false, 1]);
});

test("what is no picture is refused once and does not stop the others", async () => {
  const bad = await shoot(new TextEncoder().encode("<svg/>".repeat(200)));
  const good = await shoot(small);
  await phone.round();

  const states = await Promise.all([bad, good].map(async ({ args }) => (await photoState(phone.store, args.photo)).state));
  assert.deepEqual(states, ["refused", "confirmed"]);
});

test("the chip is not green while one photo is missing on the server", async () => {
  const { args } = await shoot(small);
  await phone.round();
  startSending(phone.store);
  await syncNow();
  assert.equal(syncState().synced, true, "control: with everything there it is");

  await server.ask({ sql: "UPDATE photo SET state = 'expected' WHERE id = :p", params: { p: args.photo } });
  await setMeta(phone.store, { unproven: [visit] });
  assert.equal(await proveVisits(phone.store), 1);
  await syncNow();
  assert.equal((await photoState(phone.store, args.photo)).state === "confirmed", syncState().synced);
});

test("an act the server has lost keeps the chip from green", async () => {
  await mark();
  await phone.round();
  const { seq } = (await phone.store.read(["archive"], (tx) => tx.store.getAll())).at(-1);
  await server.ask({ sql: "DELETE FROM kept_act WHERE device_id = :d AND seq = :s", params: { d: await getMeta(phone.store, "device"), s: seq } });
  await setMeta(phone.store, { unproven: [visit] });

  assert.equal(await proveVisits(phone.store), 1);
});

for (const epoch of [true, false]) {
  test(`a server restored from a backup, ${epoch ? "with" : "without"} a new epoch, gets everything again`, async () => {
    await phone.round();
    await server.ask({ backup: "old.sqlite" });
    const { args } = await shoot(small);
    await mark();
    await phone.round();
    assert.equal(await onServer("damage_mark"), 1);

    await server.ask({ restore: "old.sqlite" });
    if (epoch) await server.ask({ sql: "UPDATE store_counter SET epoch = epoch + 1" });
    assert.equal(await onServer("damage_mark"), 0, "control: it is gone there");
    await phone.round();
    await phone.round();

    assert.deepEqual([await onServer("damage_mark"), await unsent(), (await photoState(phone.store, args.photo)).state], [1, 0, "confirmed"]);
    assert.deepEqual(await getMeta(phone.store, "unproven"), []);
    assert.equal((await visitView(visit)).marks.length, 1);
  });
}

test("a picture of somebody else's phone is fetched, and its thumbnail kept", async () => {
  const { args } = await shoot(small);
  await phone.round();
  const other = await phoneOf("E006", network.url);

  const { bytes } = await pictureOf(other.store, args.photo, "thumb");
  network.fault = () => "refuse";

  assert.ok(bytes.byteLength > 500);
  assert.equal((await pictureOf(other.store, args.photo, "thumb")).bytes.byteLength, bytes.byteLength);
  await assert.rejects(pictureOf(other.store, args.photo, "original"), NoNetwork);
});

test("the sender comes by itself after a write, waits after a failure, and a tap ends the waiting", async () => {
  network.fault = () => "refuse";
  startSending(phone.store);
  await syncNow();
  assert.deepEqual([syncState().phase, syncState().acts, syncState().synced], ["offline", 3, false]);
  network.reset();

  await syncNow();
  assert.deepEqual([syncState().phase, syncState().acts, syncState().synced], ["idle", 0, true]);
  await mark();
  await new Promise((go) => setTimeout(go, 300));
  assert.deepEqual([syncState().acts, syncState().synced], [1, false], "it tells the truth at once");
  await new Promise((go) => setTimeout(go, 2200));
  assert.deepEqual([syncState().acts, syncState().synced, await onServer("damage_mark")], [0, true, 1]);
});

test("a server that asks for patience gets it", async () => {
  network.fault = () => ({ status: 429, headers: { "retry-after": "120" }, json: { sync: "ok", error: { code: "too_many", text: "请稍候" } } });
  startSending(phone.store);
  await syncNow();
  const asked = network.count;
  await mark();
  await new Promise((go) => setTimeout(go, 1600));

  assert.deepEqual([syncState().phase, syncState().problem.text, network.count], ["waiting", "请稍候", asked]);
});

test("two senders at once do not disturb each other", async () => {
  for (let n = 0; n < 10; n++) await mark();

  await Promise.allSettled([pushActs(phone.store), pushActs(phone.store), pullChanges(phone.store)]);
  await phone.round();

  assert.deepEqual([await unsent(), await onServer("damage_mark")], [0, 10]);
  assert.equal((await needAttention(phone.store)).length, 0);
});

test("a hundred random faults in a row lose nothing and double nothing", async () => {
  const kinds = ["refuse", "lose", "portal", { cut: 30 }, "flip", { status: 503, json: { sync: "ok", error: { code: "busy" } } }, undefined, undefined];
  let state = 11;
  network.fault = () => kinds[(state = (state * 1103515245 + 12345) & 0x7fffffff) % kinds.length];
  const marks = [];
  const shots = [];
  for (let n = 0; n < 25; n++) {
    marks.push((await mark()).args.mark);
    if (n % 6 === 0) shots.push((await shoot(n % 12 ? small : large)).args.photo);
    for (let tries = 0; tries < 4; tries++) await phone.round().catch(() => {});
    if (n === 12) await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" }).catch(() => {});
  }
  network.reset();
  await phone.round();
  await phone.round();

  const there = await server.ask({ sql: "SELECT id FROM damage_mark WHERE visit_id = :v ORDER BY id", params: { v: visit } });
  assert.deepEqual(there.flat(), [...marks].sort());
  const photos = await server.ask({ sql: "SELECT id, state FROM photo WHERE visit_id = :v", params: { v: visit } });
  assert.deepEqual(photos.map(([id, s]) => [id, s]).sort(), shots.map((id) => [id, "present"]).sort());
  assert.deepEqual([await unsent(), (await needAttention(phone.store)).length], [0, 0]);
});

test("an id is never used for two acts", async () => {
  const acts = await phone.store.read(["acts"], (tx) => tx.store.getAll());
  assert.equal(new Set(acts.map(({ id }) => id)).size, acts.length);
  assert.ok(newId() > acts.at(-1).id);
});
