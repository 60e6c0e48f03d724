// Who works on this phone. The first time needs the network; everybody gets a database of their own, and signing out
// deletes nothing: what waits, waits for its owner's own sign-in (offline.md 3.10).

import { makeKey } from "../lib/es256.js";
import { call } from "../lib/http.js";
import { countUnsent, renumber } from "../store/acts.js";
import { note } from "../store/log.js";
import { getMetas, setMeta } from "../store/meta.js";
import { openStore } from "../store/open.js";
import { lockPerson, people, remember } from "../store/people.js";
import { admitted } from "../store/unlock.js";
import { doubtPhotos, photosIn } from "../store/photos.js";
import { alarm } from "./heads.js";
import { setState } from "./state.js";

/**
 * Signs in online; resolves with the opened Store. The same person on the same phone keeps their device, its numbers and its
 * key; a phone that has none, because it is new or was enrolled before there were keys, makes one (evidence.md 3.4).
 * Throws ApiError (wrong password, throttled, revoked), NoNetwork, NotSaved.
 */
export async function signIn({ store, login, password, deviceName }) {
  const known = (await people()).find((p) => p.store === store && p.staff.toLowerCase() === login.trim().toLowerCase());
  const { device, key = await makeKey() } = known ? await identityOf(known) : {};
  const asked = { store, login: login.trim(), password, device_name: deviceName, ...(key && { public_key: key.jwk }) };
  const unlocking = admitted(password); // while the server thinks
  let forgot = false;
  const answer = await call("POST", "/api/v1/devices", { json: device ? { ...asked, device } : asked }).catch((why) => {
    forgot = why.code === "device.not_yours";
    if (device && ["device.not_yours", "device.other_key"].includes(why.code)) return call("POST", "/api/v1/devices", { json: asked }); // it forgot this phone, or this phone its key
    throw why;
  });
  const user = { store: answer.store, staff: answer.actor };
  const opened = await openStore(user);
  await admit(opened, answer, key, forgot).catch(() => admit(opened, answer, undefined, forgot)); // a browser that cannot keep a key works unsigned
  await setMeta(opened, await unlocking);
  await remember({ ...user, name: answer.name ?? answer.actor, roles: answer.roles });
  return opened;
}

/** Whoever was here last and has not signed out: {store, staff, name, roles}, or undefined. Their work goes on offline. */
export async function whoIsHere() {
  const [last] = await people();
  return last && !last.locked ? last : undefined;
}

/** Opens the database of somebody who is here; begun(store) as in openStore. */
export function comeBack(user, begun) {
  return openStore({ store: user.store, staff: user.staff }, { begun });
}

/** Signs out: the token is forgotten, the work stays on the phone. */
export async function lock(store) {
  await setMeta(store, { token: undefined });
  await lockPerson(store.user);
  store.close();
}

/** Everybody with work on this phone, and how much of it waits: [{store, staff, name, locked, acts, photos}]. */
export async function users() {
  const all = await people();
  return Promise.all(all.map(async (person) => {
    const store = await openStore(person);
    try {
      const [{ acts, oldestAt }, photos] = await Promise.all([countUnsent(store), photosIn(store, "waiting")]);
      return { ...person, acts, oldestAt, photos: photos.length };
    } finally {
      store.close();
    }
  }));
}

async function admit(store, { device, token, epoch, expect_seq, name, roles, key_id, head_key, root_sha256 }, key, forgot) {
  const { device: before, head_key: pinned } = await getMetas(store, ["device", "head_key"]);
  const told = { token, name, roles, key_id, head_key, root_sha256 };
  if (pinned && pinned.key_id !== head_key?.key_id) await alarm(store, "other_key", 0);
  if (before && before !== device) await (forgot ? beginAgain(store, device, token, key, epoch) : renumber(store, device, token, key));
  const start = before ? {} : { device, epoch, next_seq: expect_seq ?? 1, acked_seq: (expect_seq ?? 1) - 1 };
  await setMeta(store, { ...told, ...start, key });
}

/** The server was restored and has forgotten this phone: all that it made goes again, under its new name. */
async function beginAgain(store, device, token, key, epoch) {
  const acts = await renumber(store, device, token, key, { everything: true });
  await doubtPhotos(store);
  await setMeta(store, { epoch, restored_at: Date.now(), restored_acts: acts });
  await note(store, "server.forgot_phone", { acts });
  if (acts) setState({ restored: acts });
}

async function identityOf(person) {
  const store = await openStore(person);
  try {
    return await getMetas(store, ["device", "key"]);
  } finally {
    store.close();
  }
}
