// A visit whose personal data was lawfully erased leaves this phone too: rows, pictures, signed bytes, and the acts it once sent.
// What still waits to be sent keeps its number: it goes to the server, is refused there, and is dropped then (acts.js).

export const ERASED = "visit.erased";

/** Ids of the visits that this page says are gone. */
export function erasedVisits(page) {
  return page.rows.filter(({ table, deleted }) => table === "visit" && deleted).map(({ id }) => id);
}

/** Inside a transaction over rows, acts, archive, photos, parts, evidence and meta. */
export async function dropErased(tx, visit) {
  await dropActs(tx, visit);
  for (const key of await tx.objectStore("rows").index("visit").getAllKeys(visit)) {
    if (key[0] === "photo") await dropPhoto(tx, key[1]);
    await tx.objectStore("rows").delete(key);
  }
  for (const { id } of await tx.objectStore("photos").index("visit").getAll(visit)) await dropPhoto(tx, id);
  const meta = tx.objectStore("meta");
  await meta.delete(`base:${visit}`);
  const unproven = await meta.get("unproven");
  if (unproven) await meta.put(unproven.filter((id) => id !== visit), "unproven");
}

async function dropActs(tx, visit) {
  for (const name of ["acts", "archive"]) {
    const kept = await tx.objectStore(name).index("visit").getAll(visit);
    for (const { seq, id, act, state } of kept) {
      if (act.command === "document.sign") await tx.objectStore("evidence").delete(act.args.doc_sha256);
      if (name === "archive") await tx.objectStore(name).delete(id);
      else if (state !== "waiting") await tx.objectStore(name).delete(seq);
    }
  }
}

/** Ours with its bytes, or the thumbnail of somebody else's. */
async function dropPhoto(tx, id) {
  await tx.objectStore("parts").delete(IDBKeyRange.bound([id, -1], [id, 1e6]));
  await tx.objectStore("photos").delete(id);
}
