// Bytes, as every part of the verifier handles them. Nothing of this folder is shared with the lane or the server: two verifiers
// that were one would be wrong together.

export const utf8 = (text) => new TextEncoder().encode(text)

/** Text of UTF-8 bytes, or null when they are none. A byte-order mark stays: it is no part of JSON. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, n) => byte === other[n])
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const WORTH = (tail) => new Map([...(LETTERS + tail)].map((letter, n) => [letter, n]))
const URL64 = WORTH('-_')
const PEM64 = WORTH('+/')

/** base64url without padding, only in its one way of writing; null for anything else. */
export const fromUrl64 = (text) => decode(text, URL64, true)

/** The same, however the bits that are left over stand. */
export const fromUrl64Loosely = (text) => decode(text, URL64, false)

/** What stands between the lines of a PEM file. */
export function fromPem64(text) {
  const bare = text.replace(/={1,2}$/, '')
  return text.length % 4 ? null : decode(bare, PEM64, false)
}

function decode(text, worth, strict) {
  if (text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let held = 0
  let bits = 0
  let at = 0
  for (const letter of text) {
    const value = worth.get(letter)
    if (value === undefined) return null
    held = ((held << 6) | value) & 0xfff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return strict && held & ((1 << bits) - 1) ? null : bytes
}

/** Everything that comes out of a decompressing stream, up to a limit; null when the bytes are not what they should be. */
export async function inflate(bytes, format, most = 64 * 1024 * 1024) {
  const parts = []
  let size = 0
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader()
    for (;;) {
      const { done, value } = await stream.read()
      if (done) return join(...parts)
      size += value.length
      if (size > most) return null
      parts.push(value)
    }
  } catch {
    return null
  }
}
