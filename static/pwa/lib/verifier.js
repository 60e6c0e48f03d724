// Is it the same secret? Answered by a salted, slow digest; the secret itself is kept nowhere.

import { base64url, fromBase64url, randomBytes } from "./bytes.js";

const ROUNDS = 600_000;

/**
 * {salt, hash, rounds}, or undefined where the browser cannot. bytes: how much of the digest is kept. Two are enough to find
 * a wrong secret out, and too few to find a right one by trying a list against a stolen phone.
 */
export async function makeVerifier(secret, { bytes = 32, rounds = ROUNDS } = {}) {
  const salt = base64url(randomBytes(16));
  const hash = await stretch(secret, salt, rounds, bytes).catch(() => undefined);
  return hash && { salt, hash, rounds };
}

export async function matches({ salt, hash, rounds }, secret) {
  return (await stretch(secret, salt, rounds, fromBase64url(hash).length)) === hash;
}

async function stretch(secret, salt, iterations, bytes) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64url(salt), iterations };
  return base64url(new Uint8Array(await crypto.subtle.deriveBits(how, key, bytes * 8)));
}
