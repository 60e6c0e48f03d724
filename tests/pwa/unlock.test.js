// What opens a locked phone: the right code and nothing else, also when the app is killed between two tries.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { base64url } from "../../static/pwa/lib/bytes.js";
import { isAnswer } from "../../static/pwa/lib/passkey.js";
import { makeVerifier, matches } from "../../static/pwa/lib/verifier.js";
import { getMetas, setMeta } from "../../static/pwa/store/meta.js";
import { openStore } from "../../static/pwa/store/open.js";
import { admitted, isGoodPin, keepPin, MOST, opens, standing } from "../../static/pwa/store/unlock.js";
import { freshStorage } from "./rig.js";

const QUICK = { rounds: 10 };
let store;

beforeEach(async () => {
  freshStorage();
  store = await openStore({ store: "YF01", staff: "E005" });
  await keepPin(store, "280417", QUICK);
});

test("a code is six digits that nobody guesses first", () => {
  assert.deepEqual(["280417", "111111", "123456", "987654", "12345", "12345a"].map(isGoodPin), [true, false, false, false, false, false]);
});

test("only the right code opens, and neither it nor the password is kept", async () => {
  await setMeta(store, await admitted("clockwise"));

  assert.deepEqual([await opens(store, "pin", "280418"), await opens(store, "pin", "280417"), await opens(store, "word", "clockwise"),
    await opens(store, "word", "280417")], [false, true, true, false]);

  const { pin, word } = await getMetas(store, ["pin", "word"]);
  assert.ok(!/280417|clockwise/.test(JSON.stringify([pin, word])));
  assert.notEqual((await makeVerifier("280417", QUICK)).hash, pin.hash, "salted");
  assert.equal(word.hash.length, 3, "two bytes of the password's digest: too few to try a list against");
  assert.ok(pin.hash.length > 40 && (await matches(pin, "280417")));
});

test("five wrong codes make it wait, longer each time; ten leave only the server; a restart gives no new try", async () => {
  let now = 1_000_000;
  const waits = [];
  for (let n = 0; n < MOST; n++) {
    assert.equal(await opens(store, "pin", "999999", now), false);
    const { until } = await standing(store);
    if (until > now) {
      assert.equal(await opens(store, "pin", "280417", until - 1), false, "not before its time, though it is the right one");
      waits.push((until - now) / 1000);
      now = until;
    }
    store.close();
    store = await openStore({ store: "YF01", staff: "E005" });
  }
  assert.deepEqual(waits, [30, 60, 120, 240, 480, 960]);
  assert.equal((await standing(store)).left, 0);
  assert.equal(await opens(store, "pin", "280417", now * 2), false);

  await setMeta(store, await admitted("clockwise"));
  assert.equal(await opens(store, "pin", "280417"), true, "control: after the server has let them in the code opens again");
});

test("an answer of the phone's authenticator opens only when every part of it is right", async () => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const spki = base64url(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)));
  const challenge = crypto.getRandomValues(new Uint8Array(32));
  const right = { rp: "car.example.cn", origin: "https://car.example.cn", type: "webauthn.get", flags: 0x05, challenge };
  const opened = async (changes) => {
    const said = { ...right, ...changes };
    const clientDataJSON = new TextEncoder().encode(JSON.stringify({ type: said.type, challenge: base64url(said.challenge), origin: said.origin }));
    const authenticatorData = new Uint8Array(37);
    authenticatorData.set(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(said.rp))));
    authenticatorData[32] = said.flags;
    const hashed = new Uint8Array(await crypto.subtle.digest("SHA-256", clientDataJSON));
    const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, said.key ?? privateKey, new Uint8Array([...authenticatorData, ...hashed])));
    return isAnswer({ clientDataJSON, authenticatorData, signature: der(raw) }, { spki, rp: right.rp, challenge, origin: right.origin });
  };
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const wrong = [{ rp: "evil.example" }, { origin: "https://evil.example" }, { type: "webauthn.create" }, { flags: 0x01 }, { flags: 0x04 },
    { challenge: new Uint8Array(32) }, { key: other.privateKey }];

  for (let n = 0; n < 20; n++) assert.equal(await opened({}), true, "control");
  for (const changes of wrong) assert.equal(await opened(changes), false, JSON.stringify(Object.keys(changes)));
});

/** r and s as authenticators write them: shortest form, never negative. */
function der(raw) {
  const number = (bytes) => {
    let from = 0;
    while (from < 31 && bytes[from] === 0) from++;
    const short = bytes.slice(from);
    const whole = short[0] & 0x80 ? [0, ...short] : [...short];
    return [2, whole.length, ...whole];
  };
  const both = [...number(raw.slice(0, 32)), ...number(raw.slice(32))];
  return new Uint8Array([0x30, both.length, ...both]);
}
