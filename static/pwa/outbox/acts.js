// The push: acts in their order, in batches, settled only by receipts that name an act by its id and its hash.

import { canonical, sha256Hex } from "../lib/canon.js";
import { makeKey, sign } from "../lib/es256.js";
import { ApiError, call, NoNetwork } from "../lib/http.js";
import { fillHoles, keepSignatures, renumber, requeue, settle, unsentActs } from "../store/acts.js";
import { note } from "../store/log.js";
import { getMetas, setMeta } from "../store/meta.js";
import { doubtPhotos } from "../store/photos.js";
import { ring } from "./bell.js";
import { witness } from "./heads.js";
import { setState } from "./state.js";

const MOST = 100;
const LARGEST = 250_000;
const SETTLED = new Set(["applied", "conflict", "duplicate", "refused", "quarantined"]);

/** The server could not take an act for now; the rest waits with it. */
export class Later extends Error {
  code = "later";
}

/** Sends everything that waits; `go()` is asked before each batch. Throws NoNetwork, ApiError, Later. */
export async function pushActs(store, go = () => true) {
  const holes = await fillHoles(store);
  if (holes) await note(store, "acts.holes", { holes });
  let most = MOST;
  while (go()) {
    const batch = await makeBatch(store, most);
    if (!batch.length) return;
    const answer = await push(store, batch).catch((why) => {
      if (!(why instanceof ApiError) || why.status !== 413 || batch.length === 1) throw why;
      most = Math.ceil(batch.length / 2);
    });
    if (answer) await digest(store, batch, answer);
  }
}

/** The server went back: what it has forgotten is sent again, and every photo is asked for again. */
export async function sendAgain(store, lastSeq, epoch) {
  const acts = await requeue(store, lastSeq);
  await doubtPhotos(store);
  await setMeta(store, { ...(epoch && { epoch }), ...(acts && { restored_at: Date.now(), restored_acts: acts }) });
  await note(store, "server.went_back", { acts });
  if (acts) setState({ restored: acts });
}

/** The next acts as bytes. An act is signed before it leaves the phone, once: signing takes time that a thumb must not wait
 * for, and an act may get another device's number before it leaves. */
async function makeBatch(store, most) {
  const { key } = await getMetas(store, ["key"]);
  const batch = [];
  const signed = [];
  let size = 0;
  for (const { seq, visit, act } of await unsentActs(store, most)) {
    const { sig: made, ...bare } = act;
    const hashed = canonical(bare, { nulls: true });
    const sig = made ?? (key && (await sign(key, hashed).catch(() => undefined)));
    const bytes = sig ? canonical({ ...bare, sig }, { nulls: true }) : hashed;
    size += bytes.length + 1;
    if (batch.length && size > LARGEST) break;
    if (sig && !made) signed.push({ seq, act, sig });
    batch.push({ seq, visit, id: act.id, bytes, sha256: await sha256Hex(hashed) });
  }
  if (signed.length) await keepSignatures(store, signed);
  return batch;
}

async function push(store, batch) {
  const { device, token, epoch = 0 } = await getMetas(store, ["device", "token", "epoch"]);
  const acts = batch.map(({ bytes }) => new TextDecoder().decode(bytes)).join(",");
  const body = `{"protocol":1,"device":${JSON.stringify(device)},"epoch":${epoch},"acts":[${acts}]}`;
  return call("POST", "/api/v1/acts", { token, body, headers: { "Content-Type": "application/json" } });
}

async function digest(store, batch, { receipts = [], epoch, head }) {
  const byId = new Map(batch.map((act) => [act.id, act]));
  const known = receipts.filter((receipt) => byId.get(receipt.id)?.sha256 === receipt.sha256);
  const settled = known.filter(({ verdict }) => SETTLED.has(verdict)).map((receipt) => ({ seq: byId.get(receipt.id).seq, receipt }));
  if (settled.length) {
    const { visits, refused } = await settle(store, settled);
    await setMeta(store, { last_at: Date.now() });
    ring("settled", { visits: [...visits], refused: [...refused] });
  }
  await witness(store, head, epoch);
  const stop = receipts.find(({ verdict }) => !SETTLED.has(verdict));
  if (stop) await obey(store, stop);
  else if (await epochChanged(store, epoch)) await askWhere(store, epoch);
  else if (!settled.length) throw new NoNetwork("no receipt names an act by its id and hash");
}

async function obey(store, receipt) {
  await note(store, `acts.${receipt.verdict}`, { code: receipt.code });
  if (receipt.verdict === "gap") return sendAgain(store, receipt.facts.expect_seq - 1);
  if (receipt.verdict === "fork") return takeNewIdentity(store);
  throw new Later(receipt.text);
}

async function takeNewIdentity(store) {
  const { device, token } = await getMetas(store, ["device", "token"]);
  const key = await makeKey();
  const answer = await call("POST", "/api/v1/devices", { token, json: { fork_of: device, ...(key && { public_key: key.jwk }) } });
  await renumber(store, answer.device, answer.token, key);
  await setMeta(store, { key_id: answer.key_id });
}

async function epochChanged(store, epoch) {
  const { epoch: before } = await getMetas(store, ["epoch"]);
  if (before === undefined) await setMeta(store, { epoch });
  return before !== undefined && epoch !== undefined && before !== epoch;
}

async function askWhere(store, epoch) {
  const { token } = await getMetas(store, ["token"]);
  const me = await call("GET", "/api/v1/devices/me", { token });
  await sendAgain(store, me.expect_seq - 1, epoch);
}
