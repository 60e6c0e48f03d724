// The push: acts in their order, in batches, settled only by receipts that name an act by its id and its hash.

import { canonical, sha256Hex } from "../lib/canon.js";
import { ApiError, call, NoNetwork } from "../lib/http.js";
import { fillHoles, renumber, requeue, settle, unsentActs } from "../store/acts.js";
import { note } from "../store/log.js";
import { getMetas, setMeta } from "../store/meta.js";
import { doubtPhotos } from "../store/photos.js";
import { ring } from "./bell.js";
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

async function makeBatch(store, most) {
  const batch = [];
  let size = 0;
  for (const { seq, visit, act } of await unsentActs(store, most)) {
    const bytes = canonical(act, { nulls: true });
    size += bytes.length + 1;
    if (batch.length && size > LARGEST) break;
    batch.push({ seq, visit, id: act.id, bytes, sha256: await sha256Hex(bytes) });
  }
  return batch;
}

async function push(store, batch) {
  const { device, token, epoch = 0 } = await getMetas(store, ["device", "token", "epoch"]);
  const acts = batch.map(({ bytes }) => new TextDecoder().decode(bytes)).join(",");
  const body = `{"protocol":1,"device":${JSON.stringify(device)},"epoch":${epoch},"acts":[${acts}]}`;
  return call("POST", "/api/v1/acts", { token, body, headers: { "Content-Type": "application/json" } });
}

async function digest(store, batch, { receipts = [], epoch }) {
  const byId = new Map(batch.map((act) => [act.id, act]));
  const known = receipts.filter((receipt) => byId.get(receipt.id)?.sha256 === receipt.sha256);
  const settled = known.filter(({ verdict }) => SETTLED.has(verdict)).map((receipt) => ({ seq: byId.get(receipt.id).seq, receipt }));
  if (settled.length) {
    const { visits, refused } = await settle(store, settled);
    await setMeta(store, { last_at: Date.now() });
    ring("settled", { visits: [...visits], refused: [...refused] });
  }
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
  const answer = await call("POST", "/api/v1/devices", { token, json: { fork_of: device } });
  await renumber(store, answer.device, answer.token);
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
