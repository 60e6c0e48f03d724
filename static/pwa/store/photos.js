// Photo bytes on this phone: in parts of at most 1 MiB, read back and hashed before they count as saved (offline.md 3.2).
//
// state: writing → waiting (its act is kept) → sent (the server echoed its hash) → confirmed (it said so again later);
// damaged: the bytes here no longer match; refused: the server will not take them. Bytes are never in `photos` itself.

import { concat } from "../lib/bytes.js";
import { sha256Hex } from "../lib/canon.js";
import { NotSaved } from "./open.js";

export const PART = 1024 * 1024;
const THUMB = -1;
const DAY = 86_400_000;
const ROOM = 5 * 1024 * 1024;

/**
 * Writes the bytes, reads them back in a new transaction and compares. meta: {id, visit, mime, width, height, taken_at,
 * subject}. Resolves with the row (sha256 and bytes filled); it counts as saved once its photo.add act is kept too.
 */
export async function keepPhoto(store, meta, bytes, thumb) {
  const whole = new Uint8Array(bytes);
  const sha256 = await sha256Hex(whole);
  const count = Math.ceil(whole.length / PART);
  const row = { ...meta, sha256, bytes: whole.length, parts: count, state: "writing", kept_at: Date.now() };
  await store.write(["photos", "parts"], async (tx) => {
    await tx.objectStore("photos").put(row);
    const parts = tx.objectStore("parts");
    for (let n = 0; n < count; n++) await parts.put(whole.slice(n * PART, (n + 1) * PART).buffer, [row.id, n]);
    if (thumb) await parts.put(new Uint8Array(thumb).slice().buffer, [row.id, THUMB]);
  });
  if ((await sha256Hex(await readPhoto(store, row.id))) === sha256) return row;
  await dropPhoto(store, row.id);
  throw new NotSaved("damaged");
}

/** The bytes, or undefined when they have made room. */
export async function readPhoto(store, id) {
  const parts = await store.read(["parts"], (tx) => tx.store.getAll(IDBKeyRange.bound([id, 0], [id, 1e6])));
  return parts.length ? concat(parts) : undefined;
}

export function readThumb(store, id) {
  return store.get("parts", [id, THUMB]);
}

/** A thumbnail fetched or made later. */
export function keepThumb(store, id, bytes) {
  return store.put("parts", bytes, [id, THUMB]);
}

export function photoState(store, id) {
  return store.get("photos", id);
}

export function photosOf(store, visit) {
  return store.read(["photos"], (tx) => tx.store.index("visit").getAll(visit));
}

/** Photos in one of these states, oldest first. */
export async function photosIn(store, ...states) {
  const found = await store.read(["photos"], (tx) => Promise.all(states.map((s) => tx.store.index("state").getAll(s))));
  return found.flat().sort((a, b) => a.kept_at - b.kept_at);
}

export async function allPhotos(store) {
  return store.read(["photos"], (tx) => tx.store.getAll());
}

export function markPhoto(store, id, facts) {
  return store.write(["photos"], async (tx) => {
    const row = await tx.store.get(id);
    if (row) await tx.store.put({ ...row, ...facts });
  });
}

/** All photos must be asked for again (the server was restored). */
export function doubtPhotos(store) {
  return store.write(["photos"], async (tx) => {
    for (const row of await tx.store.getAll()) {
      const gone = row.state === "sent" || row.state === "confirmed";
      if (gone || row.listed) await tx.store.put({ ...row, listed: undefined, ...(gone && { state: "waiting", confirmed_at: undefined }) });
    }
  });
}

/** Photos whose act never came (the app was killed between): nothing was said to be saved, so they go. */
export function dropUnfinished(store, now = Date.now()) {
  return store.write(["photos", "parts"], async (tx) => {
    for (const row of await tx.objectStore("photos").index("state").getAll("writing")) {
      if (now - row.kept_at > 600_000) await drop(tx, row.id);
    }
  });
}

/**
 * Makes room: bytes that the server confirmed again in this epoch, older than 7 days and in a verified backup. Never what
 * is unsent; thumbnails stay. Returns the bytes freed.
 */
export function freeSpace(store, { epoch, watermark = 0, now = Date.now() }) {
  return store.write(["photos", "parts"], async (tx) => {
    let freed = 0;
    for (const row of await tx.objectStore("photos").index("state").getAll("confirmed")) {
      const old = now - row.kept_at > 7 * DAY && row.confirmed_epoch === epoch && row.change_no > 0 && row.change_no <= watermark;
      if (!old) continue;
      await tx.objectStore("parts").delete(IDBKeyRange.bound([row.id, 0], [row.id, 1e6]));
      await tx.objectStore("photos").put({ ...row, state: "freed" });
      freed += row.bytes;
    }
    return freed;
  });
}

/** Asks the disk itself, by writing 5 MB and taking them away: estimates lie. Throws NotSaved when there is no room. */
export async function proveRoom(store) {
  const keys = Array.from({ length: ROOM / PART }, (_, n) => ["room", n]);
  try {
    await store.write(["parts"], (tx) => Promise.all(keys.map((key) => tx.store.put(new ArrayBuffer(PART), key))));
  } finally {
    await store.write(["parts"], (tx) => tx.store.delete(IDBKeyRange.bound(["room", 0], ["room", 1e6]))).catch(() => {});
  }
}

function dropPhoto(store, id) {
  return store.write(["photos", "parts"], (tx) => drop(tx, id));
}

async function drop(tx, id) {
  await tx.objectStore("parts").delete(IDBKeyRange.bound([id, THUMB], [id, 1e6]));
  await tx.objectStore("photos").delete(id);
}
