// What the chip says. `synced` is true only when nothing waits here and the server has shown that it has everything.

import { countUnsent, needAttention } from "../store/acts.js";
import { getMetas } from "../store/meta.js";
import { photosIn } from "../store/photos.js";
import { ring, listen } from "./bell.js";

const START = { phase: "idle", acts: 0, photos: 0, bytes: 0, lastAt: undefined, oldestAt: undefined, problem: undefined, attention: 0,
  synced: false, restored: 0 };
let state = START;
const progress = new Map();

/**
 * {phase: idle|sending|offline|waiting|paused|revoked, acts, photos, bytes, lastAt, oldestAt, problem: {code, text}?,
 * attention, synced, restored}. waiting: the server asked for patience; paused: sign in first; restored: how many acts are
 * sent again because the server was restored from a backup.
 */
export function syncState() {
  return state;
}

/** fn(state) at every change; returns how to stop. */
export function onSync(fn) {
  return listen("sync", () => fn(state));
}

export function setState(facts) {
  const next = { ...state, ...facts };
  if (Object.keys(next).every((key) => next[key] === state[key])) return;
  state = next;
  ring("sync", {}, { local: true });
}

export function forgetState() {
  progress.clear();
  state = START;
}

/** Counts what waits, as the database has it. */
export async function recount(store) {
  const [{ acts, oldestAt }, photos, troubled, refused, metas] = await Promise.all([countUnsent(store), photosIn(store, "waiting"),
    photosIn(store, "damaged", "refused"), needAttention(store), getMetas(store, ["unproven", "last_at"])]);
  const oldest = [oldestAt, photos[0]?.kept_at].filter(Boolean);
  const rest = acts + photos.length === 0;
  setState({ acts, photos: photos.length, bytes: photos.reduce((sum, p) => sum + p.bytes, 0), attention: refused.length + troubled.length,
    oldestAt: oldest.length ? Math.min(...oldest) : undefined, lastAt: metas.last_at,
    synced: rest && metas.last_at > 0 && !metas.unproven?.length, ...(rest && { restored: 0 }) });
}

/** How much of a photo has gone, 0..1; undefined when it is not on its way. */
export function photoProgress(photo) {
  return progress.get(photo);
}

export function setProgress(photo, visit, part) {
  if (part === undefined) progress.delete(photo);
  else progress.set(photo, part);
  ring("photo", { photo, visit }, { local: true });
}
