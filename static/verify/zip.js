// A ZIP archive: its files by name, or null when it is none or too large to hold.

import { inflate } from './bytes.js'

const MOST = 512 * 1024 * 1024
const END = 0x06054b50
const LISTED = 0x02014b50
const LOCAL = 0x04034b50

export async function unzip(bytes) {
  try {
    return await open(bytes)
  } catch (fault) {
    if (fault instanceof RangeError) return null
    throw fault
  }
}

async function open(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1
  if (end < 0) return null
  const files = new Map()
  let at = view.getUint32(end + 16, true)
  let size = 0
  for (let n = view.getUint16(end + 10, true); n > 0; n -= 1) {
    if (view.getUint32(at, true) !== LISTED) return null
    const [method, packed, plain] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const [name, extra, remark] = [28, 30, 32].map((place) => view.getUint16(at + place, true))
    const local = view.getUint32(at + 42, true)
    size += plain
    if (size > MOST || view.getUint32(local, true) !== LOCAL) return null
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const raw = bytes.subarray(start, start + packed)
    const data = method === 0 ? raw : method === 8 ? await inflate(raw, 'deflate-raw', plain) : null
    if (data?.length !== plain) return null
    files.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), data)
    at += 46 + name + extra + remark
  }
  return files
}
