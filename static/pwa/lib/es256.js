// A key pair that never leaves this phone, and signatures as the server reads them: ES256, r and s, base64url.

import { base64url, fromBase64url } from "./bytes.js";

const KIND = { name: "ECDSA", namedCurve: "P-256" };
const HOW = { name: "ECDSA", hash: "SHA-256" };

/** {secret, jwk}: a CryptoKey nobody can read, and its public half. Undefined where the browser cannot. */
export async function makeKey() {
  try {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(KIND, false, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    return { secret: privateKey, jwk: { kty, crv, x, y } };
  } catch {
    return undefined;
  }
}

export async function sign({ secret }, bytes) {
  return base64url(new Uint8Array(await crypto.subtle.sign(HOW, secret, bytes)));
}

/** True when the owner of this public key signed these bytes. */
export async function verify({ kty, crv, x, y }, signature, bytes) {
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, KIND, false, ["verify"]);
  return crypto.subtle.verify(HOW, key, fromBase64url(signature), bytes);
}
