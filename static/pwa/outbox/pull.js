// The pull: what others did, page by page, rows and cursor in one transaction; and the store's lists.

import { call } from "../lib/http.js";
import { catalogue, putCatalogue } from "../store/catalogue.js";
import { getMetas, setMeta } from "../store/meta.js";
import { putPage } from "../store/rows.js";
import { sendAgain } from "./acts.js";
import { ring } from "./bell.js";
import { witness } from "./heads.js";

const CATALOGUE_MS = 600_000;

/** Pulls until nothing is left; `go()` is asked before each page. Returns {done, back}: back, acts wait again. */
export async function pullChanges(store, go = () => true) {
  const touched = { visits: new Set(), tables: new Set() };
  let [done, back] = [false, false];
  try {
    while (!done && go()) {
      const page = await nextPage(store);
      back = (await wentBack(store, page)) || back;
      const of = await putPage(store, page, page.more ? 0 : page.head.index);
      back = back || of.anew > 0;
      for (const key of ["visits", "tables"]) for (const value of of[key]) touched[key].add(value);
      await setMeta(store, { watermark: page.backup_watermark });
      done = !page.more;
      if (done) await witness(store, page.head, page.epoch);
    }
    return { done, back };
  } finally {
    if (touched.tables.size) ring("pulled", { visits: [...touched.visits], tables: [...touched.tables] });
  }
}

/** Fetches the lists when they are older than ten minutes, or at once. Returns true when they changed. */
export async function pullCatalogue(store, atOnce = false) {
  const { token, catalogue_at = 0 } = await getMetas(store, ["token", "catalogue_at"]);
  const known = (await catalogue(store))?.sha256;
  if (!atOnce && known && Math.abs(Date.now() - catalogue_at) < CATALOGUE_MS) return false;
  const answer = await call("GET", `/api/v1/catalogue${known ? `?known=${known}` : ""}`, { token });
  if (!answer.unchanged) await putCatalogue(store, answer);
  await setMeta(store, { catalogue_at: Date.now() });
  if (!answer.unchanged) ring("catalogue");
  return !answer.unchanged;
}

/** Cards of cars with this plate that the phone may not hold. Throws NoNetwork, ApiError. */
export async function askCars(store, plate) {
  const { token } = await getMetas(store, ["token"]);
  return (await call("GET", `/api/v1/vehicles?plate=${encodeURIComponent(plate)}`, { token })).vehicles;
}

async function nextPage(store) {
  const { token, cursor } = await getMetas(store, ["token", "cursor"]);
  return call("GET", `/api/v1/changes?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, { token });
}

/** The server was restored from a backup when it has fewer of our acts than it acknowledged, or does not know our cursor. */
async function wentBack(store, page) {
  const { acked_seq = 0 } = await getMetas(store, ["acked_seq"]);
  if (!page.reset && page.device_last_seq >= acked_seq) return false;
  await sendAgain(store, Math.min(page.device_last_seq, acked_seq));
  return true;
}
