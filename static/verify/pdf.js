// Just enough of PDF to find the seal and the attachment: objects, the table of where they stand, streams. Throws for the rest.

import { inflate } from './bytes.js'

const SPACES = new Set([0, 9, 10, 12, 13, 32])
const ENDS = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)))
const MOST_SECTIONS = 64

export class Name {
  constructor(text) {
    this.text = text
  }
}

export class Ref {
  constructor(number) {
    this.number = number
  }
}

/** A file opened from its end, where the newest table of objects is. */
export async function open(bytes) {
  const file = { bytes, places: new Map(), trailer: null, known: new Map() }
  const tail = latin(bytes.subarray(Math.max(0, bytes.length - 1024)))
  const start = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)
  if (!start) throw new RangeError('no end')
  let at = Number(start[1])
  for (let n = 0; at !== undefined; n += 1) {
    if (n > MOST_SECTIONS) throw new RangeError('too many tables')
    const found = await section(file, at)
    if (found.has('XRefStm')) throw new RangeError('two kinds of table')
    file.trailer ??= found
    at = found.get('Prev')
  }
  return file
}

/** The object itself, wherever it stands. */
export async function follow(file, value) {
  for (let n = 0; value instanceof Ref; n += 1) {
    if (n > 8) throw new RangeError('goes round')
    value = await objectOf(file, value.number)
  }
  return value
}

/** The value of a key, followed; undefined when the thing is no dictionary or has no such key. */
export async function get(file, value, ...names) {
  for (const name of names) {
    const held = await follow(file, value)
    const dictionary = held instanceof Map ? held : held?.dictionary
    value = dictionary?.get(name)
  }
  return follow(file, value)
}

/** The bytes of a stream as its maker meant them. */
export async function dataOf(file, stream) {
  const filter = await get(file, stream, 'Filter')
  const only = Array.isArray(filter) ? (filter.length === 1 ? await follow(file, filter[0]) : undefined) : filter
  if (filter === undefined) return stream.raw
  if (only?.text !== 'FlateDecode') throw new RangeError('filter')
  const data = await inflate(stream.raw, 'deflate')
  if (!data) throw new RangeError('stream')
  return unpredict(data, await get(file, stream, 'DecodeParms'))
}

async function objectOf(file, number) {
  if (!file.known.has(number)) file.known.set(number, await load(file, number))
  return file.known.get(number)
}

async function load(file, number) {
  const place = file.places.get(number)
  if (place === undefined) return null
  if (place.inside === undefined) return indirect(file, place.at, number)
  const holder = await objectOf(file, place.inside)
  const data = await dataOf(file, holder)
  const reader = new Reader(data)
  const first = await get(file, holder, 'First')
  for (let n = await get(file, holder, 'N'); n > 0; n -= 1) {
    const [id, offset] = [reader.value(), reader.value()]
    if (id === number) return new Reader(data, first + offset).value()
  }
  throw new RangeError('not in its holder')
}

async function indirect(file, at, number) {
  const reader = new Reader(file.bytes, at)
  const id = reader.value()
  reader.value()
  if ((number !== undefined && id !== number) || reader.word() !== 'obj') throw new RangeError('no object there')
  const value = reader.value()
  if (!(value instanceof Map) || reader.peek() !== 'stream') return value
  reader.word()
  const start = reader.at + (file.bytes[reader.at] === 13 ? 2 : 1)
  const length = await follow(file, value.get('Length'))
  if (!Number.isInteger(length) || length < 0 || start + length > file.bytes.length) throw new RangeError('length')
  const after = new Reader(file.bytes, start + length)
  if (after.word() !== 'endstream') throw new RangeError('no end of stream')
  return { dictionary: value, raw: file.bytes.subarray(start, start + length) }
}

async function section(file, at) {
  const reader = new Reader(file.bytes, at)
  return reader.peek() === 'xref' ? table(file, reader) : tableStream(file, at)
}

function table(file, reader) {
  reader.word()
  while (reader.peek() !== 'trailer') {
    const [first, count] = [reader.value(), reader.value()]
    if (!Number.isInteger(first) || !Number.isInteger(count)) throw new RangeError('table')
    for (let n = first; n < first + count; n += 1) {
      const offset = reader.value()
      reader.value()
      if (reader.word() === 'n' && !file.places.has(n)) file.places.set(n, { at: offset })
      else if (!file.places.has(n)) file.places.set(n, undefined)
    }
  }
  reader.word()
  const trailer = reader.value()
  if (!(trailer instanceof Map)) throw new RangeError('trailer')
  return trailer
}

async function tableStream(file, at) {
  const stream = await indirect(file, at)
  const data = await dataOf(file, stream)
  const widths = stream.dictionary.get('W')
  const index = stream.dictionary.get('Index') ?? [0, stream.dictionary.get('Size')]
  let place = 0
  const field = (width, missing) => {
    let value = width ? 0 : missing
    for (let n = 0; n < width; n += 1) value = value * 256 + data[place++]
    return value
  }
  for (let n = 0; n < index.length; n += 2) {
    for (let id = index[n]; id < index[n] + index[n + 1]; id += 1) {
      if (place >= data.length) throw new RangeError('table')
      const [kind, one] = [field(widths[0], 1), field(widths[1], 0)]
      field(widths[2], 0)
      if (!file.places.has(id)) file.places.set(id, kind === 1 ? { at: one } : kind === 2 ? { inside: one } : undefined)
    }
  }
  return stream.dictionary
}

function unpredict(data, parms) {
  const predictor = parms?.get?.('Predictor') ?? 1
  if (predictor === 1) return data
  const width = parms.get('Columns') ?? 1
  if (predictor < 10) throw new RangeError('predictor')
  const out = new Uint8Array(Math.floor(data.length / (width + 1)) * width)
  for (let row = 0; row * (width + 1) < data.length; row += 1) {
    const kind = data[row * (width + 1)]
    if (kind !== 0 && kind !== 2) throw new RangeError('predictor')
    for (let n = 0; n < width; n += 1) {
      const above = kind === 2 && row ? out[(row - 1) * width + n] : 0
      out[row * width + n] = data[row * (width + 1) + 1 + n] + above
    }
  }
  return out
}

const latin = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/** Reads values one after the other. */
class Reader {
  constructor(bytes, at = 0) {
    if (!Number.isInteger(at) || at < 0 || at >= bytes.length) throw new RangeError('outside')
    this.bytes = bytes
    this.at = at
  }

  word() {
    this.skip()
    const start = this.at
    while (this.at < this.bytes.length && !SPACES.has(this.bytes[this.at]) && !ENDS.has(this.bytes[this.at])) this.at += 1
    return latin(this.bytes.subarray(start, this.at))
  }

  peek() {
    const { at } = this
    const word = this.word()
    this.at = at
    return word
  }

  value() {
    this.skip()
    const [first, second] = latin(this.bytes.subarray(this.at, this.at + 2))
    if (first === '<' && second === '<') return this.dictionary()
    if (first === '<') return this.hexText()
    if (first === '(') return this.text()
    if (first === '/') return this.name()
    if (first === '[') return this.list()
    const word = this.word()
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) return this.number(word)
    const found = { true: true, false: false, null: null }[word]
    if (found === undefined) throw new RangeError(`no value at ${this.at}`)
    return found
  }

  number(word) {
    const { at } = this
    if (/^\d+$/.test(word) && /^\d+$/.test(this.word()) && this.word() === 'R') return new Ref(Number(word))
    this.at = at
    return Number(word)
  }

  dictionary() {
    const found = new Map()
    this.at += 2
    for (;;) {
      this.skip()
      if (this.bytes[this.at] === 62 && this.bytes[this.at + 1] === 62) break
      const name = this.value()
      if (!(name instanceof Name)) throw new RangeError('a key is a name')
      found.set(name.text, this.value())
    }
    this.at += 2
    return found
  }

  list() {
    const found = []
    this.at += 1
    for (this.skip(); this.bytes[this.at] !== 93; this.skip()) found.push(this.value())
    this.at += 1
    return found
  }

  name() {
    this.at += 1
    return new Name(this.word().replace(/#([0-9a-fA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))))
  }

  hexText() {
    const end = this.bytes.indexOf(62, this.at)
    const digits = latin(this.bytes.subarray(this.at + 1, end)).replace(/\s/g, '')
    if (end < 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError('hexadecimal')
    this.at = end + 1
    return Uint8Array.from(digits.padEnd(digits.length + (digits.length % 2), '0').match(/../g) ?? [], (h) => Number.parseInt(h, 16))
  }

  text() {
    const found = []
    let depth = 1
    this.at += 1
    while (depth) {
      if (this.at >= this.bytes.length) throw new RangeError('no end of text')
      const byte = this.bytes[this.at++]
      if (byte === 92) found.push(...this.escaped())
      else {
        depth += byte === 40 ? 1 : byte === 41 ? -1 : 0
        if (depth) found.push(byte)
      }
    }
    return Uint8Array.from(found)
  }

  escaped() {
    const octal = /^[0-7]{1,3}/.exec(latin(this.bytes.subarray(this.at, this.at + 3)))
    if (octal) {
      this.at += octal[0].length
      return [Number.parseInt(octal[0], 8) & 255]
    }
    const byte = this.bytes[this.at++]
    return byte === 10 ? [] : [{ 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 }[byte] ?? byte]
  }

  skip() {
    for (;;) {
      while (SPACES.has(this.bytes[this.at])) this.at += 1
      if (this.bytes[this.at] !== 37) return
      while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at += 1
    }
  }
}
