// The store's lists: checklists, labour, parts, legal texts. Older versions stay under their hash, for visits name them.

const held = new WeakMap();
const asked = new WeakMap(); // one reading for all who ask while it is under way

/** The catalogue now in force, or undefined before the first one came. Kept in memory; nobody changes it. */
export async function catalogue(store) {
  if (held.has(store)) return held.get(store);
  if (!asked.has(store)) asked.set(store, store.get("catalogue", "current"));
  const reading = asked.get(store);
  try {
    const found = await reading;
    if (found && asked.get(store) === reading && !held.has(store)) held.set(store, found);
    return held.get(store) ?? found;
  } finally {
    if (asked.get(store) === reading) asked.delete(store);
  }
}

/** Another page of the app has put a newer one. */
export function forgetCatalogue(store) {
  held.delete(store);
  asked.delete(store);
}

export async function putCatalogue(store, { sync, server_time, epoch, ...list }) {
  await store.write(["catalogue"], async (tx) => {
    for (const checklist of list.checklists ?? []) await tx.store.put(checklist, checklist.sha256);
    for (const text of list.legal_texts ?? []) await tx.store.put(text, text.sha256);
    await tx.store.put(list, "current");
  });
  held.set(store, list);
}

/** A checklist (or legal text) by its hash, also one no longer in force. */
export async function byHash(store, sha256) {
  const list = await catalogue(store);
  const current = [...(list?.checklists ?? []), ...(list?.legal_texts ?? [])].find((row) => row.sha256 === sha256);
  return current ?? store.get("catalogue", sha256);
}
