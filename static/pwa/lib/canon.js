// One way to write an object as bytes (RFC 8785), so that a hash made here can be made again on the server.
// Narrow profile: objects, arrays, strings, whole numbers within 2^53, true and false. The twin is
// webapp/foundation/canon.py; a number written 1.0 cannot be told from 1 in JavaScript and is 1 here.

import canonicalize from "canonicalize";
import { hex } from "./bytes.js";

const DEEPEST = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();

/** The object has something that two languages could write differently; the message names the place. */
export class NotCanonical extends Error {}

/** RFC 8785 bytes. Throws NotCanonical with the path of the first thing outside the profile. */
export function canonical(value, { nulls = false } = {}) {
  check(value, { nulls });
  return encoder.encode(canonicalize(value));
}

/** Throws NotCanonical when the value is outside the profile. */
export function check(value, { nulls = false } = {}) {
  look(value, "$", 0, nulls);
}

/** SHA-256 as 64 lower-case hexadecimal characters. */
export async function sha256Hex(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** SHA-256 of the canonical bytes. */
export async function digest(value, options) {
  return sha256Hex(canonical(value, options));
}

function look(value, path, depth, nulls) {
  if (depth > DEEPEST) throw new NotCanonical(`${path}: deeper than ${DEEPEST}`);
  if (typeof value === "string") return lookAtText(value, path);
  if (typeof value === "boolean" || (nulls && value === null)) return;
  if (typeof value === "number") {
    if (!Number.isInteger(value)) throw new NotCanonical(`${path}: number is not whole`);
    if (!Number.isSafeInteger(value)) throw new NotCanonical(`${path}: number too large`);
    return;
  }
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length; n++) look(value[n], `${path}[${n}]`, depth + 1, nulls);
    return;
  }
  if (!isPlain(value)) throw new NotCanonical(`${path}: ${value === null ? "null" : typeof value} is not allowed`);
  for (const key of Object.keys(value)) {
    lookAtText(key, path);
    look(value[key], `${path}.${key}`, depth + 1, nulls);
  }
}

function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function lookAtText(text, path) {
  if (LONE_SURROGATE.test(text)) throw new NotCanonical(`${path}: lone surrogate`);
}
