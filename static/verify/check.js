// One file in hand: a sealed PDF, a bundle, or an exported ZIP with all of a visit. Everything happens here; nothing is sent.

import { fromUrl64, sha256, textOf } from './bytes.js'
import { checkBundle, json, photosOf } from './bundle.js'
import { checkPaper } from './paper.js'
import { Report } from './report.js'
import { unzip } from './zip.js'

/** One report per paper or bundle, and for an archive one of the archive itself, first. pinned: a Set of fingerprints. */
export async function check(bytes, title, pinned) {
  const start = String.fromCharCode(...bytes.subarray(0, 1024))
  return start.startsWith('PK\x03\x04') ? archive(bytes, title, pinned) : [await one(bytes, title, pinned)]
}

async function one(bytes, title, pinned) {
  const report = new Report(title)
  const start = String.fromCharCode(...bytes.subarray(0, 1024))
  let bundle = null
  if (start.includes('%PDF-')) {
    bundle = await checkPaper(bytes, pinned, report)
    report.facts.pdf = true
  } else if (/^\s*\{/.test(start)) {
    bundle = await checkBundle(bytes, pinned, report)
    report.note('bundle.alone')
  } else {
    report.tampered('file.unknown')
  }
  report.facts.sha256 = await sha256(bytes)
  report.bundle = bundle
  return report
}

async function archive(bytes, title, pinned) {
  const archived = new Report(title)
  const files = await unzip(bytes)
  if (!files) {
    archived.tampered('file.unknown')
    return [archived]
  }
  await sums(files, archived)
  const papers = []
  for (const name of [...files.keys()].sort()) {
    if (/^(papers|bundles)\//.test(name)) papers.push(await one(files.get(name), `${title} › ${name}`, pinned))
  }
  await pictures(files, papers, archived)
  const later = new Set(papers.map(({ bundle }) => bundle?.get('earlier')))
  for (const paper of papers) {
    if (later.has(paper.facts.sha256)) paper.findings = paper.findings.filter(({ kind }) => kind !== 'photo.missing')
  }
  return [archived, ...papers]
}

async function sums(files, report) {
  const listed = new Map((textOf(files.get('SHA256SUMS') ?? new Uint8Array()) ?? '').split('\n').filter(Boolean)
    .map((line) => [line.slice(66), line.slice(0, 64)]))
  for (const file of [...new Set([...listed.keys(), ...files.keys()])].filter((name) => name !== 'SHA256SUMS').sort()) {
    if (!files.has(file)) report.tampered('file.missing', { file })
    else if (!listed.has(file)) report.tampered('file.extra', { file })
    else if ((await sha256(files.get(file))) !== listed.get(file)) report.tampered('file.sum', { file })
  }
}

/** Photos of the archive against the hashes that stand in signed documents. */
async function pictures(files, papers, report) {
  const told = new Map()
  for (const { bundle } of papers) {
    const doc = bundle && json(fromUrl64(bundle.get('document').get('body')))
    try {
      for (const [photo, hash] of doc ? photosOf(doc) : []) told.set(photo, hash)
    } catch {
      // its own report says that it cannot be read
    }
  }
  for (const [name, bytes] of files) {
    const photo = /^photos\/(.+)\.[^.]*$/.exec(name)?.[1]
    if (told.has(photo) && (await sha256(bytes)) !== told.get(photo)) report.tampered('file.photo', { photo })
  }
}
