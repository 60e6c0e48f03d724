// The phone's key: made at the sign-in, never readable, signs every act once; and phones without one work on, unsigned.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import * as concern from "../../static/pwa/commands/concern.js";
import { canonical } from "../../static/pwa/lib/canon.js";
import { verify } from "../../static/pwa/lib/es256.js";
import { pushActs } from "../../static/pwa/outbox/acts.js";
import { signIn } from "../../static/pwa/outbox/enrol.js";
import { trust } from "../../static/pwa/screens/phone_checks.js";
import { requeue, unsentActs } from "../../static/pwa/store/acts.js";
import { getMeta, setMeta } from "../../static/pwa/store/meta.js";
import { aVisit, phoneOf, startNetwork, startServer } from "./rig.js";

let server, network, phone, visit;

before(async () => {
  server = await startServer();
  network = await startNetwork(server);
});
after(async () => {
  await network?.stop();
  await server?.stop();
});
beforeEach(async () => {
  network.reset();
  phone = await phoneOf("E005", network.url);
  visit = await aVisit(phone);
});

const say = (text) => concern.add({ visit, text });
const again = () => signIn({ store: "YF01", login: "E005", password: "clockwise", deviceName: "E005 的手机" });
const entries = async (device) => (await server.ask({ sql: "SELECT key_id, verdict, code FROM ledger_entry WHERE device_id = :d ORDER BY idx", params: { d: device } }));
const mine = async () => entries(await getMeta(phone.store, "device"));
const without = ({ sig, ...act }) => act;

test("every act goes out signed by the phone's own key, and the ledger names it", async () => {
  await phone.round();

  const keyId = await getMeta(phone.store, "key_id");
  assert.match(keyId, /^[0-9a-f]{16}$/);
  assert.equal((await trust(phone.store))[0].state, "done");
  assert.deepEqual([...new Set((await mine()).map(String))], [`${keyId},applied,ok`]);
});

test("the key cannot be read, only used", async () => {
  const { secret } = await getMeta(phone.store, "key");

  assert.equal(secret.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("jwk", secret));
});

test("an act is signed once: what is sent again is the same to the last byte", async () => {
  const sent = [];
  network.fault = (request, body) => {
    if (!request.url.includes("/acts")) return undefined;
    sent.push(JSON.parse(body).acts);
    return sent.length === 1 ? "refuse" : undefined;
  };
  await assert.rejects(pushActs(phone.store));
  await pushActs(phone.store);
  await requeue(phone.store, 0);
  await pushActs(phone.store);

  assert.deepEqual(sent[1], sent[0]);
  assert.deepEqual(sent[2], sent[0]);
  const { jwk } = await getMeta(phone.store, "key");
  for (const act of sent[0]) assert.ok(await verify(jwk, act.sig, canonical(without(act), { nulls: true })));
});

test("an act that was changed on the phone after it was signed is set aside by the server", async () => {
  network.fault = (request) => (request.url.includes("/acts") ? "refuse" : undefined);
  await assert.rejects(pushActs(phone.store));
  network.reset();
  const [kept] = (await unsentActs(phone.store)).filter(({ act }) => act.command === "visit.open");
  await phone.store.put("acts", { ...kept, act: { ...kept.act, args: { ...kept.act.args, customer_name: "钱样例" } } });

  await pushActs(phone.store);

  assert.equal((await mine())[0][2], "bad_signature");
});

test("a phone enrolled before there were keys works on unsigned, and signs from its next sign-in on, what waits too", async () => {
  await setMeta(phone.store, { key: undefined, key_id: undefined });
  await server.ask({ sql: "UPDATE device SET public_key = NULL WHERE id = :d", params: { d: await getMeta(phone.store, "device") } });
  await phone.round();
  await say("刹车异响");

  (await again()).close();
  await say("空调不凉");
  await phone.round();

  const keys = (await mine()).map(([key]) => key);
  const known = await getMeta(phone.store, "key_id");
  assert.deepEqual(keys.slice(-3), [null, known, known]);
});

test("a phone that lost its key becomes a new phone, and what waits goes with it", async () => {
  const before = await getMeta(phone.store, "device");
  await phone.round();
  await say("刹车异响");
  await setMeta(phone.store, { key: undefined });

  (await again()).close();
  await phone.round();

  const device = await getMeta(phone.store, "device");
  assert.notEqual(device, before);
  assert.deepEqual((await entries(device)).map(String), [`${await getMeta(phone.store, "key_id")},applied,ok`]);
});

test("a fork makes a key for its new identity and signs what waits anew", async () => {
  network.fault = (request) => (request.url.includes("/acts") ? "refuse" : undefined);
  await assert.rejects(pushActs(phone.store));
  network.reset();
  const [device, token, { jwk }] = await Promise.all(["device", "token", "key"].map((name) => getMeta(phone.store, name)));
  const twin = { v: 1, id: crypto.randomUUID(), device, seq: 1, actor: "E005", command: "no.such", args: {}, base: null,
    acted_at: new Date().toISOString(), offset_ms: 0, app: "x", salt: "A".repeat(22) };
  await fetch(`${network.url}/api/v1/acts`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ protocol: 1, device, epoch: 1, acts: [twin] }) });

  await phone.round();

  const now = await getMeta(phone.store, "key");
  assert.notEqual(now.jwk.x, jwk.x);
  const keyId = await getMeta(phone.store, "key_id");
  assert.deepEqual([...new Set((await mine()).map(String))], [`${keyId},applied,ok`]);
});

test("a browser that makes no keys, or keeps none, signs in and works unsigned", async (t) => {
  const { subtle } = crypto;
  const cannot = () => Promise.reject(new DOMException("no", "NotSupportedError"));
  const digestOnly = { digest: (...args) => subtle.digest(...args), generateKey: cannot };
  t.mock.getter(globalThis.crypto, "subtle", () => digestOnly);

  phone = await phoneOf("E006", network.url);
  visit = await aVisit(phone);
  await phone.round();

  assert.deepEqual([...new Set((await mine()).map(String))], [",applied,ok"]);
  assert.equal(await getMeta(phone.store, "key_id"), null);
  assert.equal((await trust(phone.store))[0].state, "look");
});

