// Signed heads on the phone: kept, compared, handed in; a ledger that is not as it was is said, never passed over.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { signIn } from "../../static/pwa/outbox/enrol.js";
import { handIn, withHead, witness } from "../../static/pwa/outbox/heads.js";
import { startSending, stop, syncNow } from "../../static/pwa/outbox/sender.js";
import * as es256 from "../../static/pwa/lib/es256.js";
import { canonical } from "../../static/pwa/lib/canon.js";
import * as concern from "../../static/pwa/commands/concern.js";
import { diary } from "../../static/pwa/store/log.js";
import { getMeta, setMeta } from "../../static/pwa/store/meta.js";
import { trust } from "../../static/pwa/screens/phone_checks.js";
import { aVisit, phoneOf, startNetwork, startServer } from "./rig.js";

let server, network, phone, visit;

before(async () => {
  server = await startServer();
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
  await phone.round();
});

const heads = async () => (await getMeta(phone.store, "heads")) ?? [];
const fault = async () => (await getMeta(phone.store, "head_fault"))?.what;
const last = async () => (await heads()).at(-1);
const epoch = async () => (await last()).epoch;
const noted = async () => (await diary(phone.store)).map(({ what }) => what);
const incidents = () => server.ask({ sql: "SELECT kind FROM incident WHERE kind LIKE 'head%'" });

test("a push, a pull and a proof leave the last head, signed, and nothing to say", async () => {
  const { index, hash, sig, store } = await last();
  const key = await getMeta(phone.store, "head_key");

  assert.deepEqual(await server.ask({ sql: "SELECT hash FROM ledger_entry WHERE idx = :i AND store_id = 'YF01'", params: { i: index } }), [[hash]]);
  assert.ok(await es256.verify(key, sig, canonical({ typ: "clockwise-head/1", store, index, hash })));
  assert.match(await getMeta(phone.store, "root_sha256"), /^[0-9a-f]{64}$/);
  assert.equal(await fault(), undefined);
});

for (const [name, spoil, what] of [
  ["whose signature is not the server's", async (head) => ({ ...head, index: head.index + 5 }), "bad_signature"],
  ["whose signature is no signature", async (head) => ({ ...head, sig: "!" }), "bad_signature"],
  ["signed by another key", async (head) => ({ ...head, key_id: "0".repeat(16) }), "other_key"],
]) {
  test(`a head ${name} is noted, shown, and not kept`, async () => {
    const before = await heads();

    await witness(phone.store, await spoil(await last()), await epoch());

    assert.equal(await fault(), what);
    assert.deepEqual(await heads(), before);
    assert.ok((await noted()).includes(`head.${what}`));
    assert.ok((await trust(phone.store)).some(({ name: of, state }) => of === "账本" && state === "look"));
  });
}

test("control: as it came the same head is no news", async () => {
  await witness(phone.store, await last(), await epoch());

  assert.equal(await fault(), undefined);
  assert.ok(!(await trust(phone.store)).some(({ name }) => name === "账本"));
});

/** Heads by a server of our own making: its key is pinned as the sign-in would. */
async function forger() {
  const key = await es256.makeKey();
  await setMeta(phone.store, { head_key: { ...key.jwk, key_id: "f".repeat(16) }, heads: [] });
  return async (index, letter) => {
    const told = { store: "YF01", index, hash: letter.repeat(64) };
    return { ...told, key_id: "f".repeat(16), sig: await es256.sign(key, canonical({ typ: "clockwise-head/1", ...told })) };
  };
}

test("the same place with another hash, and a ledger that has become shorter, are seen by the phone itself", async () => {
  const head = await forger();
  await witness(phone.store, await head(7, "a"), 1);

  await witness(phone.store, await head(7, "b"), 1, false);
  assert.equal(await fault(), "differs");
  await witness(phone.store, await head(6, "c"), 1);
  assert.equal(await fault(), "older");
  assert.equal((await last()).hash, "a".repeat(64));
});

test("a visit's own head may be older, and so may that of a restored server", async () => {
  const head = await forger();
  await witness(phone.store, await head(7, "a"), 1);

  await witness(phone.store, await head(3, "c"), 1, false);
  await witness(phone.store, await head(5, "d"), 2);

  assert.equal(await fault(), undefined);
  assert.equal((await last()).index, 5);
});

test("of a day the first stays and of all the last, of sixty days", () => {
  let kept = [];
  for (let day = 0; day < 100; day++) for (const hour of [8, 12, 18]) kept = withHead(kept, { at: day * 86_400_000 + hour * 3_600_000 });

  const [days, hours] = [86_400_000, 3_600_000].map((span) => kept.map(({ at }) => Math.floor(at / span)));
  assert.deepEqual(days, [...Array.from({ length: 60 }, (_, n) => n + 40), 99]);
  assert.deepEqual(hours.map((hour) => hour % 24), [...Array(60).fill(8), 18]);
});

test("a phone enrolled before heads were signed learns the key and keeps to it", async () => {
  await setMeta(phone.store, { head_key: undefined, heads: undefined });

  await phone.round();

  assert.equal((await getMeta(phone.store, "head_key")).key_id, (await last()).key_id);
});

test("a server with other keys is said at the sign-in, and goes on being served", async () => {
  const pinned = await getMeta(phone.store, "head_key");
  await setMeta(phone.store, { head_key: { ...pinned, key_id: "0".repeat(16) } });

  (await signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "手机" })).close();

  assert.equal(await fault(), "other_key");
  assert.equal((await getMeta(phone.store, "head_key")).key_id, pinned.key_id);
});

test("heads are handed in once a day by the sender", async () => {
  await setMeta(phone.store, { kept_house_at: 0 });
  startSending(phone.store);
  await syncNow();
  await syncNow();

  assert.equal(network.seen.filter((call) => call === "POST /api/v1/heads").length, 1);
  assert.deepEqual(await server.ask({ sql: "SELECT count(*) > 0 FROM witnessed_head WHERE device_id = :d", params: { d: await getMeta(phone.store, "device") } }), [[1]]);
  assert.equal(await fault(), undefined);
});

test("a server that cannot take them now stops nothing", async () => {
  network.fault = (request) => (request.url.includes("/heads") ? "refuse" : undefined);

  await handIn(phone.store);

  assert.ok((await noted()).includes("heads.not_taken"));
});

test("a ledger that was rewritten is told the phone when it hands in its heads, and the manager with it", async () => {
  await concern.add({ visit, text: "异响" });
  await phone.round();
  const { index } = await last();
  for (const guard of ["update", "delete"]) await server.ask({ sql: `DROP TRIGGER IF EXISTS guard_ledger_entry_${guard}` });
  await server.ask({ sql: "UPDATE ledger_entry SET hash = :h WHERE idx = :i AND store_id = 'YF01'", params: { h: "e".repeat(64), i: index } });

  await handIn(phone.store);

  assert.equal(await fault(), "differs");
  assert.equal((await getMeta(phone.store, "head_fault")).index, index);
  assert.deepEqual(await incidents(), [["head_differs"]]);
});
