// One sender at a time on this phone, also with the app open twice. Nothing depends on it but tidiness: the server takes
// a repeat for what it is. A page that sleeps with the lock in hand loses it after a minute.

import { newId } from "../lib/ids.js";
import { getMeta } from "../store/meta.js";

const STALE = 60_000;
const me = newId();

/** Runs work(beat) when nobody else sends; undefined when somebody does. beat() tells the others that we live. */
export async function alone(store, work) {
  const beat = () => store.put("meta", { owner: me, at: Date.now() }, "lease");
  const locks = globalThis.navigator?.locks;
  if (!locks) return (await lend(store)) ? release(store, work, beat) : undefined;
  const name = `send-${store.name}`;
  const run = async (lock) => (lock ? release(store, work, beat) : undefined);
  const { held } = await locks.query();
  const taken = held.some((lock) => lock.name === name);
  if (!taken) return locks.request(name, { ifAvailable: true }, run);
  const lease = await getMeta(store, "lease");
  if (lease && stale(lease)) return locks.request(name, { steal: true }, run);
}

async function release(store, work, beat) {
  await beat();
  try {
    return await work(beat);
  } finally {
    await store.write(["meta"], async (tx) => {
      if ((await tx.store.get("lease"))?.owner === me) await tx.store.delete("lease");
    }).catch(() => {});
  }
}

/** A minute old, or from a future that the clock no longer knows: somebody has set it back. */
function stale({ at }) {
  return Math.abs(Date.now() - at) > STALE;
}

function lend(store) {
  return store.write(["meta"], async (tx) => {
    const lease = await tx.store.get("lease");
    if (lease && !stale(lease)) return false;
    await tx.store.put({ owner: me, at: Date.now() }, "lease");
    return true;
  });
}
