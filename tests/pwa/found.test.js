// What the fault rig (tests/model) has found, each once more in small: it costs a second here and an evening there.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import * as photo from "../../static/pwa/commands/photo.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import { lock, signIn, whoIsHere } from "../../static/pwa/outbox/enrol.js";
import { startSending, stop, syncNow } from "../../static/pwa/outbox/sender.js";
import { syncState } from "../../static/pwa/outbox/state.js";
import { needAttention, unsentActs } from "../../static/pwa/store/acts.js";
import { getMeta, setMeta } from "../../static/pwa/store/meta.js";
import { photoState } from "../../static/pwa/store/photos.js";
import { rowsOf } from "../../static/pwa/store/rows.js";
import { another, aVisit, phoneOf, pictures, startServer } from "./rig.js";

const DAYS = 3 * 86_400_000;
const clock = Date.now;
let server, small, one, visit;

before(async () => { [server, [small]] = await Promise.all([startServer(), pictures()]); });
after(() => server?.stop());
beforeEach(async () => {
  one = await phoneOf("E005", server.url);
  visit = await aVisit(one);
});
afterEach(() => {
  stop();
  Date.now = clock;
});

const mark = (other) => walkaround.recordDamage({ visit, region: "door_lf", kind: "scratch", size: "small", x: 1200, y: 3400, ...other });
const shoot = () => photo.add({ visit, bytes: another(small), thumb: small, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "zone", id: "ext_lf" } });
const unsent = async (phone) => (await unsentActs(phone.store)).length;
const ids = async (phone, table) => (await rowsOf(phone.store, visit)).filter((row) => row.table === table).map(({ id }) => id).sort();
const onServer = async (table) => (await server.ask({ sql: `SELECT id FROM ${table} WHERE visit_id = :v ORDER BY id`, params: { v: visit } })).flat();
const revoke = async ({ store }) => server.ask({ sql: "UPDATE device SET revoked_at = '2026-01-01' WHERE id = :d", params: { d: await getMeta(store, "device") } });

for (const written of ["no further than before", "further than before"]) {
  test(`rows of a history that is no more leave the phone, though nobody spoke of a new epoch and it was written on ${written}`, async () => {
    await one.round();
    const other = await phoneOf("E006", server.url);
    await server.ask({ backup: "old.sqlite" });
    one.take();
    await mark();
    await one.round();
    other.take();
    await other.round();
    assert.equal((await ids(other, "damage_mark")).length, 1);

    await server.ask({ restore: "old.sqlite" });
    const third = await phoneOf("E006", server.url);
    for (let n = 0; n < (written.startsWith("no") ? 0 : 3); n++) await mark({ x: n });
    await third.round();
    other.take();
    await other.round();

    assert.deepEqual(await ids(other, "damage_mark"), await onServer("damage_mark"));
  });
}

test("what came before its visit after a restore is said again, all of it; its photos' bytes were taken meanwhile", async () => {
  await server.ask({ backup: "empty.sqlite" });
  await one.round();
  const other = await phoneOf("E006", server.url);
  await mark();
  await walkaround.answer({ visit, item: "WA-CF-03", choice: "decline" });
  await other.round();
  await server.ask({ restore: "empty.sqlite" });
  await server.ask({ sql: "UPDATE store_counter SET epoch = epoch + 1" });
  await signIn({ store: "YF01", login: "E006", password: "clockwise", deviceName: "x" });
  const { args } = await shoot();
  await other.round();
  assert.deepEqual((await needAttention(other.store)).map(({ receipt }) => receipt.code), Array(3).fill("visit.unknown"), "control: it came too early");
  assert.ok(await server.ask({ has: args.sha256 }), "a refused announcement takes its bytes");

  one.take();
  await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" });
  await one.round();
  other.take();
  await other.round();
  await mark();
  await other.round();

  assert.deepEqual([(await onServer("damage_mark")).length, await unsent(other), (await needAttention(other.store)).length], [2, 0, 0]);
  assert.deepEqual(await server.ask({ sql: "SELECT state FROM photo WHERE id = :p", params: { p: args.photo } }), [["present"]], "its row came after its bytes");
  assert.equal((await photoState(other.store, args.photo)).state, "confirmed");
  for (const table of ["damage_mark", "answer"]) assert.deepEqual(await ids(other, table), await onServer(table), "nothing of the old history is left");

  await server.ask({ restore: "empty.sqlite" }); // and once more: what was said twice is said once
  await server.ask({ sql: "UPDATE store_counter SET epoch = epoch + 2" });
  await signIn({ store: "YF01", login: "E006", password: "clockwise", deviceName: "x" });
  await other.round();
  assert.equal((await needAttention(other.store)).length, 4);
  one.take();
  await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" });
  await one.round();
  other.take();
  await other.round(); // they are said anew,
  await other.round(); // and proven

  assert.deepEqual([(await onServer("damage_mark")).length, await unsent(other), (await needAttention(other.store)).length], [2, 0, 0]);
  assert.deepEqual(await server.ask({ sql: "SELECT state FROM photo WHERE id = :p", params: { p: args.photo } }), [["present"]]);
});

test("a page that died with the lease in hand stops nobody after a minute, nor when the clock is set back", async () => {
  await setMeta(one.store, { lease: { owner: "a dead page", at: Date.now() } });
  startSending(one.store);
  await syncNow();
  assert.equal(await unsent(one), 3, "control: the lease is honoured");

  Date.now = () => clock() - DAYS;
  await syncNow();

  assert.equal(await unsent(one), 0);
});

test("whoever signs in last is here, though the clock was set back between two people", async () => {
  await lock(one.store);
  Date.now = () => clock() - DAYS;

  await signIn({ store: "YF01", login: "E006", password: "clockwise", deviceName: "x" });

  assert.equal((await whoIsHere()).staff, "E006");
});

test("a phone whose memory was copied, and that was stopped, hands in what it holds under no number", async () => {
  await one.round();
  const before = Object.fromEntries(await Promise.all(["next_seq", "acked_seq"].map(async (key) => [key, await getMeta(one.store, key)])));
  await mark();
  await one.round(); // the copy
  await setMeta(one.store, before);
  const act = await mark();
  await revoke(one);
  startSending(one.store);
  await syncNow();

  assert.deepEqual([syncState().phase, await unsent(one), (await needAttention(one.store)).length], ["revoked", 0, 1]);
  assert.deepEqual(await server.ask({ sql: "SELECT verdict, seq FROM kept_act WHERE act_id = :i", params: { i: act.id } }), [["quarantined", null]]);
});

test("a phone that was stopped and signed out hands in when its person signs in, and sees nothing new", async () => {
  await revoke(one);
  await lock(one.store);
  const again = await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "x" });
  startSending(again);
  await syncNow();

  assert.deepEqual([syncState().phase, (await unsentActs(again)).length, (await needAttention(again)).length], ["revoked", 0, 3]);
  assert.deepEqual(await server.ask({ sql: "SELECT count(*) FROM kept_act WHERE code = 'device.revoked' AND visit_id = :v", params: { v: visit } }), [[3]]);
});
