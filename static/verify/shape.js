// The bundle's shape (docs/evidence.md), strictly: every field is there, of its type, and nothing else is.

const text = (value) => typeof value === 'string'
const whole = (value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 53 - 1
const maybe = (kind) => (value) => value === null || kind(value)
const one = (...words) => (value) => words.includes(value)
const list = (kind, least = 0) => (value) => Array.isArray(value) && value.length >= least && value.every(kind)
const absent = (kind) => Object.assign((value) => value === undefined || kind(value), { absent: true })

function object(fields) {
  return (value) => value instanceof Map && [...value.keys()].every((name) => Object.hasOwn(fields, name))
    && Object.entries(fields).every(([name, kind]) => (value.has(name) ? kind(value.get(name)) : Boolean(kind.absent)))
}

const all = (kind, ...names) => Object.fromEntries(names.map((name) => [name, kind]))

export const shaped = object({
  typ: one('clockwise-bundle/1'),
  store: object(all(text, 'id', 'name')),
  visit: text,
  document: object({
    ...all(text, 'id', 'kind', 'doc_sha256', 'body'), revision: whole,
    signature: object({
      ...all(text, 'signer', 'relation', 'consent_sha256', 'opened_at', 'signed_at', 'doc_sha256', 'device', 'actor'),
      ...all(whole, 'width', 'height', 'seq'), strokes: list(list(list(whole))),
    }),
  }),
  acts: list(object({ id: text, body: maybe(text), erased: absent(one(true)) }), 1),
  entries: list(object({
    ...all(text, 'store', 'store_prev', 'act_id', 'act_sha256', 'actor', 'device', 'verdict', 'code', 'received_at', 'hash'),
    ...all(maybe(text), 'visit', 'visit_prev', 'sig_sha256', 'key_id'), ...all(whole, 'index', 'skew_ms', 'epoch'),
  })),
  photos: list(object({ ...all(text, 'photo', 'sha256'), bytes: whole, state: one('present', 'missing') })),
  devices: list(object({ ...all(text, 'device', 'key_id'), public_key: object(all(text, 'kty', 'crv', 'x', 'y')) })),
  head: object({ ...all(text, 'store', 'hash', 'key_id', 'sig'), index: whole }),
  keys: object(all(text, 'root', 'head')),
  tsa: text,
  earlier: absent(text),
})
