// Heads of the store's ledger, signed by the server, that this phone keeps: the first of each day, and the last. Whoever
// rewrites the ledger, even with the server's keys, must reckon with any one of them; once a day they are handed in again.

import { canonical } from "../lib/canon.js";
import { verify } from "../lib/es256.js";
import { call } from "../lib/http.js";
import { note } from "../store/log.js";
import { getMetas, setMeta } from "../store/meta.js";

const DAYS = 60;
const DAY = 86_400_000;

/** A head that came with an answer; `whole`: of the ledger, not of one visit. What is wrong with it is said, never passed over. */
export async function witness(store, head, epoch, whole = true) {
  if (!head) return;
  const { heads = [], head_key } = await getMetas(store, ["heads", "head_key"]);
  const what = await faultOf(head, epoch, heads, head_key ?? (await learnKey(store)), whole);
  if (what) {
    if (await alarm(store, what, head.index)) await handIn(store);
  } else if (whole && heads.at(-1)?.hash !== head.hash) await setMeta(store, { heads: withHead(heads, { ...head, epoch, at: Date.now() }) });
}

/** Shows the server what it once said of itself. A server that cannot be asked now is asked tomorrow. */
export async function handIn(store) {
  const { token, heads = [] } = await getMetas(store, ["token", "heads"]);
  try {
    const { differ } = await call("POST", "/api/v1/heads", { token, json: { heads: heads.map(({ at, ...head }) => head) } });
    if (differ.length) await alarm(store, "differs", differ[0]);
  } catch (why) {
    await note(store, "heads.not_taken", { code: why.code ?? why.name });
  }
}

/** Notes that the ledger is not as this phone remembers it. True when that is news. */
export async function alarm(store, what, index) {
  const { head_fault } = await getMetas(store, ["head_fault"]);
  if (head_fault?.what === what) return false;
  await setMeta(store, { head_fault: { what, index, at: Date.now() } });
  await note(store, `head.${what}`, { index });
  return true;
}

/** Older heads with this one: of a day the first stays, and of all the last. */
export function withHead(heads, head) {
  const [before, last] = [heads.at(-2), heads.at(-1)].map((one) => one && Math.floor(one.at / DAY));
  return [...(before === last ? heads.slice(0, -1) : heads), head].slice(-DAYS - 1);
}

async function faultOf({ store, index, hash, key_id, sig }, epoch, heads, key, whole) {
  if (key_id !== key.key_id) return "other_key";
  const genuine = await verify(key, sig, canonical({ typ: "clockwise-head/1", store, index, hash })).catch(() => false);
  if (!genuine) return "bad_signature";
  const now = heads.filter((held) => held.epoch === epoch); // a restored backup begins an epoch of its own
  if (now.some((held) => held.index === index && held.hash !== hash)) return "differs";
  return whole && now.at(-1)?.index > index ? "older" : undefined;
}

/** A phone that was enrolled before the server signed heads learns the key now, and keeps to it. */
async function learnKey(store) {
  const { token } = await getMetas(store, ["token"]);
  const { head_key, root_sha256 } = await call("GET", "/api/v1/devices/me", { token });
  await setMeta(store, { head_key, root_sha256 });
  return head_key;
}
