// Photos go after all acts: those a customer signed for first, then the newest visit's; two on their way at a time.

import { base64, fromHex } from "../lib/bytes.js";
import { sha256Hex } from "../lib/canon.js";
import { ApiError, call, fetchBytes } from "../lib/http.js";
import { note } from "../store/log.js";
import { getMetas } from "../store/meta.js";
import { keepThumb, markPhoto, PART, photosIn, readPhoto, readThumb } from "../store/photos.js";
import { setProgress } from "./state.js";

const IN_FLIGHT = 2;
const ASK = 200;
const NOT_TAKEN = new Set([413, 415]);

/** Sends what waits; `go()` is asked before each photo. Throws NoNetwork, ApiError when the server cannot take any now. */
export async function pushPhotos(store, go = () => true) {
  const waiting = await inOrder(store);
  const { token } = await getMetas(store, ["token"]);
  for (let at = 0; at < waiting.length && go(); at += ASK) {
    const some = waiting.slice(at, at + ASK);
    const asked = some.map(({ id, sha256, bytes }) => ({ photo: id, sha256, bytes }));
    const { photos } = await call("POST", "/api/v1/photos/check", { token, json: { photos: asked } });
    await sendSome(store, some, photos, token, go);
  }
}

/** A picture by its id: {bytes, mime}, from this phone or else from the server. size: thumb, view or original. */
export async function pictureOf(store, id, size = "view") {
  const here = size === "thumb" ? await readThumb(store, id) : undefined;
  const whole = here ?? (await readPhoto(store, id));
  if (whole) return { bytes: whole, mime: "image/jpeg" };
  const { token } = await getMetas(store, ["token"]);
  const found = await fetchBytes(`/api/v1/photos/${id}?size=${size}`, { token });
  if (size === "thumb") await keepThumb(store, id, found.bytes).catch(() => {});
  return found;
}

async function inOrder(store) {
  const waiting = await photosIn(store, "waiting");
  const rank = (photo) => (photo.signed ? 0 : 1);
  return waiting.sort((a, b) => rank(a) - rank(b) || (a.visit < b.visit ? 1 : a.visit > b.visit ? -1 : 0) || a.kept_at - b.kept_at);
}

async function sendSome(store, photos, told, token, go) {
  let fault;
  const queue = [...photos];
  const lane = async () => {
    while (!fault && queue.length && go()) {
      const photo = queue.shift();
      await sendOne(store, photo, told[photo.id] ?? {}, token).catch((why) => { fault ??= why; });
      setProgress(photo.id, photo.visit, undefined);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  if (fault) throw fault;
}

async function sendOne(store, photo, { state, offset = 0 }, token) {
  if (state === "have") return markPhoto(store, photo.id, { state: "sent", sent_at: Date.now() });
  const bytes = await readPhoto(store, photo.id);
  if (!bytes || (await sha256Hex(bytes)) !== photo.sha256) return setAside(store, photo, "damaged", { code: "phone.damaged" });
  setProgress(photo.id, photo.visit, 0);
  try {
    const answer = bytes.length > PART ? await putParts(photo, bytes, offset, token) : await put(photo, bytes, {}, token);
    if (answer.sha256 === photo.sha256) await markPhoto(store, photo.id, { state: "sent", sent_at: Date.now() });
  } catch (why) {
    if (why instanceof ApiError && NOT_TAKEN.has(why.status)) return setAside(store, photo, "refused", why);
    if (why instanceof ApiError && [404, 409, 422].includes(why.status)) return note(store, "photo.again", { photo: photo.id, code: why.code });
    throw why;
  }
}

async function putParts(photo, bytes, from, token) {
  let answer = { offset: from };
  for (let at = from; at < bytes.length; at = answer.offset) {
    const end = Math.min(at + PART, bytes.length);
    answer = await put(photo, bytes.subarray(at, end), { "Content-Range": `bytes ${at}-${end - 1}/${bytes.length}` }, token);
    if (answer.sha256) return answer;
    if (!(answer.offset > at)) throw new ApiError(503, { code: "photo.no_progress" });
    setProgress(photo.id, photo.visit, answer.offset / bytes.length);
  }
  return answer;
}

function put(photo, body, headers, token) {
  const digest = `sha-256=:${base64(fromHex(photo.sha256))}:`;
  return call("PUT", `/api/v1/photos/${photo.id}`, { token, body, timeout: 120_000,
    headers: { "Content-Type": photo.mime, "Repr-Digest": digest, ...headers } });
}

/** It cannot go: damaged on this phone, or not a picture the server takes. Its bytes stay; somebody must look. */
async function setAside(store, photo, state, { code, text }) {
  await markPhoto(store, photo.id, { state, problem: { code, text } });
  await note(store, `photo.${state}`, { photo: photo.id, code });
}
