// Finger or face instead of a code: what the phone's own authenticator says, checked here against the public key that was kept
// when it was registered, over a challenge made just now. So it also opens the app without a network.

import { base64url, fromBase64url, randomBytes } from "./bytes.js";

const ES256 = -7;
const PRESENT_AND_VERIFIED = 0x05;
const HOW = { name: "ECDSA", hash: "SHA-256" };
const text = new TextDecoder();

/** Has this phone a finger or face to ask, at an address that passkeys hold for (https and a name, or this machine itself)? */
export async function canHavePasskey() {
  const named = !/^[\d.]+$|:/.test(location.hostname);
  return Boolean(named && isSecureContext && (await globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => false)));
}

/** Registers one on this phone: {id, spki, rp}. Throws what the browser throws when the person puts it away. */
export async function makePasskey({ name, id }) {
  const { rawId, response } = await navigator.credentials.create({ publicKey: {
    challenge: randomBytes(32), rp: { id: location.hostname, name: "Clockwise" },
    user: { id: new TextEncoder().encode(id), name: id, displayName: name }, pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
    authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required" }, attestation: "none",
  } });
  return { id: base64url(new Uint8Array(rawId)), spki: base64url(new Uint8Array(response.getPublicKey())), rp: location.hostname };
}

/** Asks for finger or face. passkey: {id, spki, rp}. True only when this very key answered, with its owner verified. */
export async function assertHere(passkey) {
  const challenge = randomBytes(32);
  const { response } = await navigator.credentials.get({ publicKey: { challenge, rpId: passkey.rp, userVerification: "required",
    allowCredentials: [{ type: "public-key", id: fromBase64url(passkey.id) }] } });
  return isAnswer(response, { ...passkey, challenge, origin: location.origin });
}

/** Every part is looked at: what was asked, where, for whom, by a verified person, signed by the key (WebAuthn 7.2). */
export async function isAnswer({ clientDataJSON, authenticatorData, signature }, { spki, rp, challenge, origin }) {
  const asked = JSON.parse(text.decode(clientDataJSON));
  const data = new Uint8Array(authenticatorData);
  if (asked.type !== "webauthn.get" || asked.origin !== origin || !same(fromBase64url(asked.challenge), challenge)) return false;
  if (!same(data.subarray(0, 32), await digest(new TextEncoder().encode(rp)))) return false;
  if ((data[32] & PRESENT_AND_VERIFIED) !== PRESENT_AND_VERIFIED) return false;
  const key = await crypto.subtle.importKey("spki", fromBase64url(spki), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const signed = new Uint8Array([...data, ...(await digest(clientDataJSON))]);
  return crypto.subtle.verify(HOW, key, rawOf(new Uint8Array(signature)), signed);
}

/** DER's two integers as WebCrypto wants them: 32 bytes each. */
function rawOf(der) {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const number = der.subarray(at + 2, at + 2 + der[at + 1]);
    const tail = number.subarray(Math.max(0, number.length - 32));
    raw.set(tail, end - tail.length);
    at += 2 + number.length;
  }
  return raw;
}

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function same(a, b) {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}
