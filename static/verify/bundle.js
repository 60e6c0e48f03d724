// Does a bundle hold together, from the signed bytes to the signed head? Steps 2 to 7 of docs/evidence.md; nobody is asked.

import { fromUrl64, fromUrl64Loosely, same, sha256, textOf, utf8 } from './bytes.js'
import { fromPem, issued, keyAt, verifyRaw } from './der.js'
import { Outside, read, without, write } from './json.js'
import { shaped } from './shape.js'

const hash = (value) => sha256(utf8(write(value, true)))

/** Adds what it finds to the report; the bundle when it could be read. pinned: fingerprints of roots that are believed. */
export async function checkBundle(bytes, pinned, report) {
  const bundle = readBundle(bytes, report)
  if (!bundle) return null
  const key = await keys(bundle, pinned, report)
  const doc = await documentOf(bundle, report)
  const last = await acts(bundle, report)
  signing(bundle, doc, last, report)
  await entries(bundle, report)
  await head(bundle, key, report)
  photos(bundle, doc, report)
  return bundle
}

/** A JSON value of these bytes, or undefined when they are none. */
export function json(bytes) {
  const text = bytes && textOf(bytes)
  try {
    return text === null || text === undefined || bytes === null ? undefined : read(text)
  } catch {
    return undefined
  }
}

/** The photos that a document speaks of, each once. Throws TypeError. */
export function photosOf(doc) {
  const named = [...(doc.get('photos') ?? []), ...(doc.get('marks') ?? []).flatMap((mark) => mark.get('photos'))]
  const first = new Map()
  for (const photo of named) {
    if (typeof photo.get('photo') !== 'string' || typeof photo.get('sha256') !== 'string') throw new TypeError('photo')
    if (!first.has(photo.get('photo'))) first.set(photo.get('photo'), photo.get('sha256'))
  }
  return first
}

function readBundle(bytes, report) {
  const bundle = json(bytes)
  if (bundle === undefined) report.tampered('bundle.unreadable')
  else if (!isCanonical(bundle, bytes, true)) report.tampered('bundle.not_canonical')
  else if (!shaped(bundle)) report.tampered('bundle.shape', { why: '' })
  else return bundle
  return null
}

function isCanonical(value, bytes, nulls) {
  try {
    return same(utf8(write(value, nulls)), bytes)
  } catch (fault) {
    if (fault instanceof Outside) return false
    throw fault
  }
}

async function keys(bundle, pinned, report) {
  const [root, mine] = await Promise.all(['root', 'head'].map((name) => fromPem(bundle.get('keys').get(name))))
  if (!root || !mine || !(await issued(root, root)) || !(await issued(root, mine))) {
    report.tampered('keys.bad')
    return null
  }
  if (!pinned.has(root.fingerprint)) report.unknown('root.unknown', { root: root.fingerprint })
  return { ...mine, root, id: (await sha256(mine.spki)).slice(0, 16) }
}

async function documentOf(bundle, report) {
  const made = bundle.get('document')
  const signature = made.get('signature')
  const body = fromUrl64(made.get('body'))
  const told = made.get('doc_sha256')
  if (!body || (await sha256(body)) !== told || signature.get('doc_sha256') !== told) report.tampered('document.hash')
  const doc = json(body)
  let said
  let legal
  try {
    if (!isCanonical(doc, body, false)) throw new TypeError('other bytes')
    said = ['document', 'kind', 'revision', 'visit'].map((name) => must(doc, name)).concat(must(must(doc, 'store'), 'id'))
    const text = must(must(doc, 'legal'), 'text')
    if (typeof text !== 'string') throw new TypeError('legal')
    legal = [must(must(doc, 'legal'), 'sha256'), await sha256(utf8(text))]
    photosOf(doc)
  } catch {
    report.tampered('document.unreadable')
    return null
  }
  const meant = [made.get('id'), made.get('kind'), made.get('revision'), bundle.get('visit'), bundle.get('store').get('id')]
  if (said.some((value, n) => value !== meant[n])) report.tampered('document.other')
  if (legal.some((value) => value !== signature.get('consent_sha256'))) report.tampered('document.legal')
  return doc
}

function must(map, name) {
  if (!(map instanceof Map) || !map.has(name)) throw new TypeError(name)
  return map.get(name)
}

async function acts(bundle, report) {
  const phones = new Map()
  for (const phone of bundle.get('devices')) {
    const jwk = phone.get('public_key')
    if ((await hash(jwk)).slice(0, 16) !== phone.get('key_id')) report.tampered('device.key', { device: phone.get('device') })
    phones.set(phone.get('device'), phone)
  }
  const [kept, linked] = [bundle.get('acts'), bundle.get('entries')]
  if (kept.length !== linked.length) report.tampered('acts.count')
  let last = null
  for (let n = 0; n < Math.min(kept.length, linked.length); n += 1) {
    last = await actOf(kept[n], linked[n], phones, report)
  }
  return last
}

async function actOf(kept, entry, phones, report) {
  const place = placeOf(entry)
  const erased = kept.get('body') === null
  if (kept.get('id') !== entry.get('act_id') || erased !== (kept.get('erased') === true)) report.tampered('act.other', place)
  if (erased) {
    report.redacted('act.erased', place)
    return null
  }
  const { act, signed, kind } = await opened(fromUrl64(kept.get('body')), entry)
  if (kind) report.tampered(kind, place)
  if (entry.get('key_id') !== null) {
    const phone = phones.get(entry.get('device'))
    if (phone?.get('key_id') !== entry.get('key_id')) report.tampered('act.unknown_key', place)
    else if (!(await isSigned(phone.get('public_key'), act?.get('sig'), signed))) report.tampered('act.signature', place)
  }
  return act
}

/** The act, the bytes that were hashed and signed, and what is wrong with it. */
async function opened(body, entry) {
  if (!body) return { act: null, signed: new Uint8Array(), kind: 'act.hash' }
  const value = json(body)
  const act = value instanceof Map ? value : null
  let signed = body // what cannot be read is kept under the hash of its bytes
  try {
    if (act) signed = utf8(write(without(act, 'sig'), true))
  } catch (fault) {
    if (!(fault instanceof Outside)) throw fault
  }
  if ((await sha256(signed)) !== entry.get('act_sha256')) return { act, signed, kind: 'act.hash' }
  const sig = act?.get('sig')
  const told = typeof sig === 'string' && [...sig].length <= 200 ? await sha256(utf8(sig)) : null
  return { act, signed, kind: told === entry.get('sig_sha256') ? '' : 'act.sig' }
}

async function isSigned(jwk, sig, data) {
  const key = jwk.get('kty') === 'EC' && jwk.get('crv') === 'P-256'
    && await keyAt(fromUrl64Loosely(jwk.get('x')), fromUrl64Loosely(jwk.get('y')))
  return Boolean(key) && typeof sig === 'string' && verifyRaw(key, fromUrl64(sig), data)
}

/** The last act is the signing of this document by this hand. */
function signing(bundle, doc, act, report) {
  const last = bundle.get('acts').at(-1)
  if (act === null && last.get('body') === null) return
  try {
    if (!act || !isSigning(bundle, doc, act)) report.tampered('signing.differs')
  } catch {
    report.tampered('signing.differs')
  }
}

function isSigning(bundle, doc, act) {
  const made = bundle.get('document')
  const said = made.get('signature')
  const args = must(act, 'args')
  const hand = must(args, 'signature')
  const alike = (one, other, names) => names.every((name) => write(must(one, name)) === write(must(other, name)))
  return must(act, 'command') === 'document.sign' && bundle.get('entries').at(-1)?.get('verdict') === 'applied'
    && must(args, 'document') === made.get('id') && alike(args, made, ['kind', 'revision', 'doc_sha256'])
    && (doc === null || write(must(args, 'doc')) === write(doc))
    && alike(hand, said, ['signer', 'relation', 'consent_sha256', 'strokes', 'width', 'height'])
    && ['opened_at', 'signed_at'].every((name) => moment(must(hand, name)) === moment(said.get(name)))
    && alike(act, said, ['device', 'seq', 'actor'])
}

/** A moment in microseconds, which is as finely as either side writes one. */
function moment(text) {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!found) throw new TypeError('moment')
  const at = Date.parse(`${found[1]}T${found[2]}${found[4]}`)
  if (Number.isNaN(at)) throw new TypeError('moment')
  return at * 1000 + Number((found[3] ?? '').padEnd(6, '0'))
}

async function entries(bundle, report) {
  let before = null
  let index = 0
  for (const entry of bundle.get('entries')) {
    const place = placeOf(entry)
    if ((await hash(without(entry, 'hash'))) !== entry.get('hash')) report.tampered('entry.hash', place)
    if (entry.get('visit_prev') !== before || entry.get('index') <= index || entry.get('store') !== bundle.get('store').get('id')
      || entry.get('visit') !== bundle.get('visit')) report.tampered('entry.link', place)
    before = entry.get('hash')
    index = entry.get('index')
  }
}

async function head(bundle, key, report) {
  const told = bundle.get('head')
  const last = bundle.get('entries').at(-1)
  if (!last || ['store', 'index', 'hash'].some((name) => told.get(name) !== last.get(name))) report.tampered('head.place')
  if (key && !(await isHead(told, key))) report.tampered('head.signature')
}

/** Whether this head was signed by this key. */
export async function isHead(told, key) {
  const signed = new Map([['typ', 'clockwise-head/1'], ...['store', 'index', 'hash'].map((name) => [name, told.get(name)])])
  return told.get('key_id') === key.id && verifyRaw(key.key, fromUrl64(told.get('sig')), utf8(write(signed)))
}

function photos(bundle, doc, report) {
  const listed = bundle.get('photos')
  const told = doc && photosOf(doc)
  if (told && (told.size !== listed.length || new Set(listed.map((p) => p.get('photo'))).size !== listed.length
    || listed.some((photo) => told.get(photo.get('photo')) !== photo.get('sha256')))) report.tampered('photos.differ')
  for (const photo of listed) {
    if (photo.get('state') === 'missing') report.incomplete('photo.missing', { photo: photo.get('photo') })
  }
}

function placeOf(entry) {
  return { store: entry.get('store'), visit: entry.get('visit'), index: entry.get('index') }
}
