// DER (the way certificates and signatures are written) and ECDSA over P-256 with SHA-256, by WebCrypto.

import { fromPem64, same, sha256 } from './bytes.js'

export const OID = {
  ecdsaSha256: '2a8648ce3d040302', p256: '2a8648ce3d030107', ecKey: '2a8648ce3d0201', sha256: '608648016503040201',
  signedData: '2a864886f70d010702', data: '2a864886f70d010701', contentType: '2a864886f70d010903', digest: '2a864886f70d010904',
}

/** One element: tag, body, and all its bytes. Throws RangeError for what is not DER. */
export function element(bytes, at = 0) {
  if (at + 2 > bytes.length) throw new RangeError('cut off')
  let length = bytes[at + 1]
  let start = at + 2
  if (length & 0x80) {
    const count = length & 0x7f
    if (count < 1 || count > 3 || start + count > bytes.length) throw new RangeError('length')
    length = 0
    for (let n = 0; n < count; n += 1) length = length * 256 + bytes[start + n]
    if (length < 128 || (count > 1 && length < 256 ** (count - 1))) throw new RangeError('length is not short')
    start += count
  }
  const end = start + length
  if (end > bytes.length) throw new RangeError('cut off')
  return { tag: bytes[at], body: bytes.subarray(start, end), all: bytes.subarray(at, end), end }
}

/** The elements inside one. */
export function inside({ body }) {
  const found = []
  for (let at = 0; at < body.length;) {
    const next = element(body, at)
    found.push(next)
    at = next.end
  }
  return found
}

/** The one element that these bytes are. */
export function whole(bytes) {
  const found = element(bytes)
  if (found.end !== bytes.length) throw new RangeError('more than one element')
  return found
}

export const isOid = (one, oid) => one?.tag === 6 && same(one.body, Uint8Array.from(oid.match(/../g), (h) => Number.parseInt(h, 16)))

/** A certificate's parts that matter here. Throws RangeError, TypeError. */
export async function certificate(der) {
  const [tbs, algorithm, signature] = inside(whole(der))
  const parts = inside(tbs)
  if (parts[0].tag !== 0xa0) throw new RangeError('version')
  const [, serial, inner, issuer, , subject, spki] = parts
  if (!same(inner.all, algorithm.all) || !isOid(inside(algorithm)[0], OID.ecdsaSha256)) throw new RangeError('algorithm')
  return {
    der, serial: serial.all, issuer: issuer.all, subject: subject.all, spki: spki.all, tbs: tbs.all, signature: bits(signature),
    fingerprint: await sha256(der), key: await keyOf(spki.all),
  }
}

/** One certificate in PEM, in its one way of writing; null for anything else. */
export async function fromPem(pem) {
  const found = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\n$/.exec(pem)
  const der = found && fromPem64(found[1].replaceAll('\n', ''))
  try {
    return der ? await certificate(der) : null
  } catch {
    return null
  }
}

/** Whether the one vouches for the other. */
export async function issued(by, one) {
  return same(by.subject, one.issuer) && verifyDer(by.key, one.signature, one.tbs)
}

/** A signature as two numbers in DER. */
export async function verifyDer(key, signature, data) {
  try {
    const [r, s] = inside(whole(signature)).map(({ tag, body }) => {
      if (tag !== 2 || body.length > 33 || body[0] & 0x80) throw new RangeError('number')
      const bare = body[0] === 0 ? body.subarray(1) : body
      const filled = new Uint8Array(32)
      filled.set(bare, 32 - bare.length)
      return filled
    })
    const raw = new Uint8Array(64)
    raw.set(r)
    raw.set(s, 32)
    return verifyRaw(key, raw, data)
  } catch {
    return false
  }
}

/** A signature as r and s, 32 bytes each. */
export function verifyRaw(key, signature, data) {
  if (signature?.length !== 64) return false
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, data)
}

/** The key at this point of P-256; null when there is none. */
export async function keyAt(x, y) {
  if (x?.length !== 32 || y?.length !== 32) return null
  const raw = new Uint8Array(65)
  raw[0] = 4
  raw.set(x, 1)
  raw.set(y, 33)
  try {
    return await crypto.subtle.importKey('raw', raw, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  } catch {
    return null
  }
}

async function keyOf(spki) {
  const [algorithm] = inside(whole(spki))
  const [kind, curve] = inside(algorithm)
  if (!isOid(kind, OID.ecKey) || !isOid(curve, OID.p256)) throw new RangeError('key')
  return crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
}

function bits({ tag, body }) {
  if (tag !== 3 || body[0] !== 0) throw new RangeError('bits')
  return body.subarray(1)
}
