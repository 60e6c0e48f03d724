// JSON read strictly and written in its one way (RFC 8785). An object's key stands once; numbers are whole and within 2^53.

const LARGEST = 2 ** 53 - 1
const DEEPEST = 64
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const SPACE = /[ \t\n\r]*/y
const PLAIN = /[^"\\]*/y
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Outside the profile (a fraction, a number too large, half a character, too deep): readable, but never hashed as JSON. */
export class Outside extends Error {}

/** The value of a text. Objects are Maps, so that no name of theirs means anything to this language. Throws SyntaxError. */
export function read(text) {
  const reader = { text, at: 0 }
  const value = anyValue(reader, 0)
  skip(reader)
  if (reader.at !== text.length) throw new SyntaxError('more than one value')
  return value
}

/** The RFC 8785 text. Throws Outside. */
export function write(value, nulls = false, depth = 0) {
  if (depth > DEEPEST) throw new Outside('too deep')
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return String(value)
  if (value === null && nulls) return 'null'
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= LARGEST) return String(value)
  if (Array.isArray(value)) return `[${value.map((inner) => write(inner, nulls, depth + 1)).join(',')}]`
  if (value instanceof Map) {
    const names = [...value.keys()].sort((one, other) => (one < other ? -1 : 1)) // by UTF-16 units, as RFC 8785 wants
    return `{${names.map((name) => `${quote(name)}:${write(value.get(name), nulls, depth + 1)}`).join(',')}}`
  }
  throw new Outside('not in the profile')
}

/** A copy without one key. */
export function without(map, name) {
  const rest = new Map(map)
  rest.delete(name)
  return rest
}

function quote(text) {
  if (!text.isWellFormed?.() && /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw new Outside('half a character')
  }
  return JSON.stringify(text)
}

function anyValue(reader, depth) {
  if (depth > 900) throw new SyntaxError('too deep')
  skip(reader)
  const { text, at } = reader
  const first = text[at]
  if (first === '{') return object(reader, depth)
  if (first === '[') return list(reader, depth)
  if (first === '"') return string(reader)
  for (const [word, value] of [['true', true], ['false', false], ['null', null]]) {
    if (text.startsWith(word, at)) {
      reader.at += word.length
      return value
    }
  }
  const number = match(reader, NUMBER)
  if (!number) throw new SyntaxError(`nothing at ${at}`)
  return number[1] || number[2] ? Number.NaN : Number(number[0]) // a fraction is not in the profile, whatever it comes to
}

function object(reader, depth) {
  const found = new Map()
  reader.at += 1
  skip(reader)
  if (take(reader, '}')) return found
  do {
    skip(reader)
    if (reader.text[reader.at] !== '"') throw new SyntaxError('a key is text')
    const name = string(reader)
    if (found.has(name)) throw new SyntaxError('a key stands twice')
    skip(reader)
    if (!take(reader, ':')) throw new SyntaxError('no colon')
    found.set(name, anyValue(reader, depth + 1))
    skip(reader)
  } while (take(reader, ','))
  if (!take(reader, '}')) throw new SyntaxError('no end of object')
  return found
}

function list(reader, depth) {
  const found = []
  reader.at += 1
  skip(reader)
  if (take(reader, ']')) return found
  do {
    found.push(anyValue(reader, depth + 1))
    skip(reader)
  } while (take(reader, ','))
  if (!take(reader, ']')) throw new SyntaxError('no end of list')
  return found
}

function string(reader) {
  reader.at += 1
  let found = ''
  for (;;) {
    const plain = match(reader, PLAIN)[0]
    for (let n = 0; n < plain.length; n += 1) if (plain.charCodeAt(n) < 32) throw new SyntaxError('a control character')
    found += plain
    const next = reader.text[reader.at++]
    if (next === '"') return found
    if (next !== '\\') throw new SyntaxError('no end of text')
    const kind = reader.text[reader.at++]
    if (kind === 'u') {
      const digits = reader.text.slice(reader.at, reader.at + 4)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new SyntaxError('bad escape')
      found += String.fromCharCode(Number.parseInt(digits, 16))
      reader.at += 4
    } else if (ESCAPES[kind]) {
      found += ESCAPES[kind]
    } else {
      throw new SyntaxError('bad escape')
    }
  }
}

function match(reader, pattern) {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)
  if (found) reader.at = pattern.lastIndex
  return found
}

function skip(reader) {
  match(reader, SPACE)
}

function take(reader, letter) {
  if (reader.text[reader.at] !== letter) return false
  reader.at += 1
  return true
}
