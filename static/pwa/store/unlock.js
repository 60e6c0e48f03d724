// What opens this person's app again on this phone, and how often somebody has tried. It stands in their own database, works
// without a network, and outlives a restart: killing the app gives no new tries (evidence.md ★5, D6).
//
// meta: `pin`, `word` verifiers of the code and, cut short, of the password; `tries` {n, until}; `touched_at`; `stopped`.

import { makeVerifier, matches } from "../lib/verifier.js";
import { getMetas, setMeta } from "./meta.js";

const FREE = 4; // wrong tries without a wait
export const MOST = 10; // then only the password, and the server counts
const FIRST_WAIT = 30_000;
const EASY = "01234567890 09876543210";

/** Six digits, not all the same, not simply counted. */
export function isGoodPin(pin) {
  return /^\d{6}$/.test(pin) && !/^(.)\1+$/.test(pin) && !EASY.includes(pin);
}

export async function keepPin(store, pin, options) {
  await setMeta(store, { pin: await makeVerifier(pin, options), tries: undefined });
}

/** What the store remembers of somebody who has just signed in: they are here now, and any older doubt is over. */
export async function admitted(password) {
  return { word: await makeVerifier(password, { bytes: 2, rounds: 100_000 }), tries: undefined, stopped: undefined, touched_at: Date.now() };
}

/** {left, until}: how many tries there are, and from when. */
export async function standing(store) {
  const { tries: { n, until } = { n: 0, until: 0 } } = await getMetas(store, ["tries"]);
  return { left: MOST - n, until };
}

/** Is this the code (kind "pin") or the password ("word")? The try is counted before it is looked at. */
export async function opens(store, kind, secret, now = Date.now()) {
  const verifier = await store.write(["meta"], async (tx) => {
    const { n, until } = (await tx.store.get("tries")) ?? { n: 0, until: 0 };
    if (n >= MOST || now < until) return undefined;
    await tx.store.put({ n: n + 1, until: n < FREE ? 0 : now + FIRST_WAIT * 2 ** (n - FREE) }, "tries");
    return tx.store.get(kind);
  });
  if (!verifier || !(await matches(verifier, secret))) return false;
  await opened(store);
  return true;
}

export function opened(store) {
  return setMeta(store, { tries: undefined, touched_at: Date.now() });
}
