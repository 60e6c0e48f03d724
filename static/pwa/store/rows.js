// Rows as last pulled from the server: what everybody knows. What this phone did since lies over them (commands/view.js).

import { dropErased, erasedVisits } from "./erase.js";
import { archivePulled, pendingActs, sayAnew } from "./acts.js";

const DAY = 86_400_000;

/** The rows of one visit: [{table, id, change_no, data}]. */
export function rowsOf(store, visit) {
  return store.read(["rows"], (tx) => tx.store.index("visit").getAll(visit));
}

/** Every row of one table. */
export function allRows(store, table) {
  return store.read(["rows"], (tx) => tx.store.getAll(IDBKeyRange.bound([table], [table, []])));
}

export async function rowOf(store, table, id) {
  return (await store.get("rows", [table, id]))?.data;
}

/**
 * One page of changes and its cursor in one transaction. pulled: highest change number that is surely here now; acked acts
 * up to it leave the overlay. A reset replaces rows, where something waits as soon as their visit comes. Returns {visits, tables} that it touched, and
 * anew: how many refused acts are said again because their visit has come.
 */
export async function putPage(store, page, pulled) {
  const busy = new Set(page.reset ? (await pendingActs(store)).map((a) => a.visit) : []);
  const erased = erasedVisits(page);
  const names = ["meta", "rows", "acts", "archive", ...(erased.length ? ["photos", "parts", "evidence"] : [])];
  return store.write(names, async (tx) => {
    const touched = { visits: new Set(), tables: new Set() };
    for (const visit of erased) await dropErased(tx, visit); // before its rows go: they name the pictures
    const meta = tx.objectStore("meta");
    if (page.reset) await forget(tx, busy, touched);
    const come = new Set(page.rows.filter(({ table, deleted }) => table === "visit" && !deleted).map(({ id }) => id));
    await dropOutdated(tx, come);
    const bases = new Map();
    for (const row of page.rows) await putRow(tx.objectStore("rows"), row, bases, touched);
    for (const [visit, change] of bases) await meta.put(Math.max(change, (await meta.get(`base:${visit}`)) ?? 0), `base:${visit}`);
    await meta.put(page.next, "cursor");
    const before = page.reset ? 0 : ((await meta.get("pulled")) ?? 0);
    await meta.put(Math.max(before, pulled), "pulled");
    await archivePulled(tx, pulled);
    return { ...touched, anew: await sayAnew(tx, store, come) };
  });
}

/** Ended visits that nobody touched for a week leave this phone, unless something of theirs still waits. */
export async function dropOld(store, now = Date.now()) {
  const busy = new Set((await pendingActs(store)).map((a) => a.visit));
  const old = (row) => /^(released|cancelled)$/.test(row.state) && now - Date.parse(row.touched_at) > 7 * DAY && !busy.has(row.id);
  const gone = (await allRows(store, "visit")).map((row) => row.data).filter(old);
  for (const { id } of gone) {
    await store.write(["rows", "meta", "photos", "parts"], async (tx) => {
      for (const key of await tx.objectStore("rows").index("visit").getAllKeys(id)) {
        await tx.objectStore("rows").delete(key);
        if (key[0] === "photo") await dropPicture(tx, key[1]);
      }
      await tx.objectStore("meta").delete(`base:${id}`);
    });
  }
  return gone.length;
}

/** The thumbnail of somebody else's photo, or of one of ours whose bytes have made room; never bytes of ours. */
async function dropPicture(tx, id) {
  const ours = await tx.objectStore("photos").get(id);
  if (ours && ours.state !== "freed") return;
  await tx.objectStore("parts").delete(IDBKeyRange.bound([id, -1], [id, 1e6]));
  if (ours) await tx.objectStore("photos").delete(id);
}

async function putRow(rows, { table, id, change_no, deleted, data }, bases, touched) {
  const visit = table === "visit" ? id : (data?.visit_id ?? (await rows.get([table, id]))?.visit);
  if (deleted) await rows.delete([table, id]);
  else await rows.put({ table, id, ...(visit && { visit }), change_no, data });
  touched.tables.add(table);
  if (!visit) return;
  touched.visits.add(visit);
  bases.set(visit, Math.max(change_no, bases.get(visit) ?? 0));
}

/** The rows start over; where something waits they stay to be looked at, but only until the server tells that visit anew. */
async function forget(tx, busy, touched) {
  for (let at = await tx.objectStore("rows").openCursor(); at; at = await at.continue()) {
    if (at.value.visit) touched.visits.add(at.value.visit);
    await (busy.has(at.value.visit) ? at.update({ ...at.value, outdated: true }) : at.delete());
  }
  await tx.objectStore("meta").put([...busy], "outdated");
}

/** These visits are told anew: what the server does not repeat was of a history that is no more. */
async function dropOutdated(tx, come) {
  const meta = tx.objectStore("meta");
  const visits = (await meta.get("outdated")) ?? [];
  const told = visits.filter((visit) => come.has(visit));
  for (const visit of told) {
    for (let at = await tx.objectStore("rows").index("visit").openCursor(visit); at; at = await at.continue()) if (at.value.outdated) await at.delete();
  }
  if (told.length) await meta.put(visits.filter((visit) => !come.has(visit)), "outdated");
}
