// Ids are UUIDv7 in lower-case text; whoever makes a thing makes its id, so that a thing made offline has one.

import { hex, randomBytes } from "./bytes.js";

let lastMs = 0;
let count = 0;

/** A fresh UUIDv7, always greater than the one before, though the clock be set back. */
export function newId() {
  const ms = Math.max(Date.now(), lastMs);
  count = ms === lastMs ? count + 1 : randomBytes(1)[0];
  lastMs = count > 0xfff ? ms + 1 : ms;
  if (count > 0xfff) count = 0;

  const bytes = randomBytes(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(lastMs / 2 ** 32));
  view.setUint32(2, lastMs % 2 ** 32);
  view.setUint16(6, 0x7000 | count);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** From here on ids come after this one: a clock set back between two starts cannot reorder them. */
export function startAfter(id) {
  lastMs = Math.max(lastMs, parseInt(id.replace("-", "").slice(0, 12), 16) + 1);
}

export function isId(value) {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
