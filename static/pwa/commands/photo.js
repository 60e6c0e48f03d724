import { toWire, deviceNow } from "../lib/clock.js";
import { newId } from "../lib/ids.js";
import { keepPhoto } from "../store/photos.js";
import { command, here, send } from "./here.js";

/**
 * Keeps a picture on this phone and announces it; resolves with the act once the bytes were read back and match.
 * bytes, thumb: ArrayBuffer or Uint8Array; subject: {kind, id}. Throws NotSaved: then hold on to the bytes.
 */
export async function add({ visit, photo = newId(), bytes, thumb, mime, width, height, subject, taken_at = toWire(deviceNow()) }) {
  const row = await keepPhoto(here(), { id: photo, visit, mime, width, height, taken_at, subject }, bytes, thumb);
  const args = { photo, sha256: row.sha256, bytes: row.bytes, mime, width, height, taken_at, subject };
  return send("photo.add", args, visit, { photo });
}
export const annotate = command("photo.annotate");
export const retract = command("photo.retract");
export const restore = command("photo.restore");
