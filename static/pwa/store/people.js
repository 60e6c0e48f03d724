// Who has worked on this phone: a small list beside their databases. Losing it loses nothing but names.

import { openDB } from "idb";
import { nameOf } from "./open.js";

function list() {
  return openDB("cw", 1, { upgrade: (db) => db.createObjectStore("users") });
}

async function within(mode, fn) {
  const db = await list();
  try {
    const tx = db.transaction("users", mode, { durability: "strict" });
    const [result] = await Promise.all([fn(tx.store), tx.done]);
    return result;
  } finally {
    db.close();
  }
}

/** Remembers somebody: {store, staff, name, roles}. They are the one who is here now, though the clock was set back meanwhile. */
export function remember(user) {
  return within("readwrite", async (users) => {
    const at = Math.max(Date.now(), ...(await users.getAll()).map((one) => one.at + 1));
    await users.put({ ...user, at, locked: false }, nameOf(user));
  });
}

/** Everybody, the last one first: [{store, staff, name, roles, at, locked}]. */
export async function people() {
  const all = await within("readonly", (users) => users.getAll());
  return all.sort((a, b) => b.at - a.at);
}

/** Whoever was here must sign in again; their work stays. */
export function lockPerson(user) {
  return within("readwrite", async (users) => {
    const known = await users.get(nameOf(user));
    if (known) await users.put({ ...known, locked: true }, nameOf(user));
  });
}

/** Their name goes too. */
export function forgetPerson(user) {
  return within("readwrite", (users) => users.delete(nameOf(user)));
}
