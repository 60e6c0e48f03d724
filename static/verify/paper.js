// A sealed PDF: one signature, over the whole file, against any change, by whom the root vouches for; and the bundle inside.

import { join, sha256, textOf } from './bytes.js'
import { checkBundle } from './bundle.js'
import { chain, look } from './cms.js'
import { fromPem, whole } from './der.js'
import { dataOf, follow, get, Name, open, Ref } from './pdf.js'

const BUNDLE = 'clockwise-bundle.json'

/** Adds what it finds to the report; the bundle when there is one. */
export async function checkPaper(bytes, pinned, report) {
  let file
  let attached
  let seals
  try {
    file = await open(bytes)
    attached = await attachment(file)
    seals = await signatures(file)
  } catch {
    report.tampered('pdf.unreadable')
    return null
  }
  const bundle = attached ? await checkBundle(attached, pinned, report) : null
  if (!attached) report.tampered('pdf.attachment')
  if (seals.length !== 1) report.tampered('pdf.signatures')
  else await seal(file, seals[0], bundle, pinned, report)
  return bundle
}

async function attachment(file) {
  const names = await get(file, file.trailer.get('Root'), 'Names', 'EmbeddedFiles', 'Names')
  if (!Array.isArray(names) || names.length !== 2 || textOf(await follow(file, names[0])) !== BUNDLE) return null
  const stream = await get(file, names[1], 'EF', 'F')
  return stream?.raw ? dataOf(file, stream) : null
}

async function signatures(file) {
  const fields = await get(file, file.trailer.get('Root'), 'AcroForm', 'Fields')
  const found = []
  for (const field of Array.isArray(fields) ? fields : []) {
    const value = (await follow(file, field)).get('V')
    if ((await get(file, field, 'FT'))?.text === 'Sig' && value) found.push(value)
  }
  return found
}

async function seal(file, value, bundle, pinned, report) {
  let found
  try {
    const signature = await follow(file, value)
    if (!(await forbids(file, value, signature))) report.tampered('pdf.docmdp')
    const range = (await follow(file, signature.get('ByteRange'))) ?? []
    const contents = await follow(file, signature.get('Contents'))
    if (!covers(file.bytes, range)) report.tampered('pdf.coverage')
    const [first, until, then, length] = range
    const signed = join(file.bytes.subarray(first, first + until), file.bytes.subarray(then, then + length))
    const { der, plain } = exact(file.bytes, until, then, contents)
    if (!plain) report.tampered('pdf.padding')
    found = await look(der, Uint8Array.from((await sha256(signed)).match(/../g), (h) => Number.parseInt(h, 16)))
  } catch {
    report.tampered('pdf.signature')
    return
  }
  if (!found.intact) report.tampered('pdf.changed')
  if (!found.valid || !found.plain) report.tampered('pdf.signature')
  const root = bundle && await fromPem(bundle.get('keys').get('root'))
  const path = await chain(found, root ? [root] : [])
  if (found.stamped) report.note('seal.stamped')
  if (!path) report.tampered('pdf.signature')
  else if (!pinned.has(path.at(-1).fingerprint) && !report.kinds.includes('root.unknown')) report.unknown('seal.unknown')
}

/** From the first byte to the last, but for the signature itself. */
function covers(bytes, range) {
  const [first, until, then, length] = range
  return range.length === 4 && range.every(Number.isInteger) && first === 0 && until > 0 && then > until
    && then + length === bytes.length && length > 0
}

/** Between the ranges stands <, the signature in capital hexadecimal, noughts, >; nothing else is possible. */
function exact(bytes, until, then, contents) {
  let der = contents
  for (let end = contents.length; ; end -= 1) {
    try {
      der = whole(contents.subarray(0, end)).all
      break
    } catch (fault) {
      if (contents[end - 1] !== 0 || end < 2) throw fault
    }
  }
  const capital = Array.from(der, (byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase()
  const gap = bytes.subarray(until, then)
  const plain = gap.length >= capital.length + 2 && gap.every((byte, n) => {
    const wanted = n === 0 ? '<' : n === gap.length - 1 ? '>' : capital[n - 1] ?? '0'
    return byte === wanted.charCodeAt(0)
  })
  return { der, plain }
}

/** Certified, and no change is allowed afterwards. */
async function forbids(file, value, signature) {
  const certified = (await get(file, file.trailer.get('Root'), 'Perms'))?.get('DocMDP')
  const references = await follow(file, signature.get('Reference'))
  const first = await follow(file, references?.[0])
  const method = await get(file, first, 'TransformMethod')
  return certified instanceof Ref && value instanceof Ref && certified.number === value.number && references.length === 1
    && method instanceof Name && method.text === 'DocMDP' && (await get(file, first, 'TransformParams', 'P')) === 1
}

