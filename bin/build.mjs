// Bundles what phones and desks load into static/dist: content-hashed names, gzip beside them, one manifest.
//
// Names in the manifest: lane/<path under static/pwa>, desk/<file under static/desk>, desk/htmx.js,
// verify/page.js, verify/verify.css. Groups are built apart, so
// that a fault in one leaves the others whole; any fault ends in exit 1.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import zopfli from '@gfx/zopfli'
import { build } from 'esbuild'
import { minify } from 'terser'
import { Order, withoutUnused } from './lane_slim.mjs'
import { Words } from './lane_words.mjs'

const PWA = 'static/pwa'
const CARS = join(PWA, 'cars/')
const DESK = 'static/desk'
const VERIFY = 'static/verify'
const DIST = 'static/dist'
const KEPT_DAYS = 180 // a phone that was away may still ask for yesterday's file
const TARGET = ['es2022', 'chrome94', 'safari15']
const PUBLIC = '/static/dist/'
const { version } = JSON.parse(readFileSync('node_modules/terser/package.json', 'utf8')) // in the hash of the names: it changes the bytes
const QUICK = Boolean(process.env.CLOCKWISE_QUICK_BUILD) // for tests that need another edition of the app: the same code, not as small
const common = {
  bundle: true, minify: true, charset: 'utf8', write: false, outdir: DIST, publicPath: PUBLIC, target: TARGET, metafile: true, logLevel: 'warning',
  legalComments: 'none', banner: { js: `//${version}` }, entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]', assetNames: '[name]-[hash]',
  loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
}
const manifest = {}
let faults = 0

mkdirSync(DIST, { recursive: true })
keepFiles()
await group('desk', buildDesk)
await group('verify', buildVerify)
await group('lane', buildLane)
await squeeze()
prune()
writeWhole(join(DIST, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
process.exit(faults ? 1 : 0)

async function group(name, make) {
  try {
    await make()
  } catch (fault) {
    faults += 1
    console.error(`${name}: ${fault.message}`)
  }
}

/** Drawings and icons: copied under hashed names, so that pages and phones may keep them for ever. */
function keepFiles() {
  for (const file of walk(PWA).filter((path) => /\.(svg|png|webp|woff2)$/.test(path) && !path.startsWith(CARS))) {
    keep(`lane/${relative(PWA, file)}`, basename(file), readFileSync(file))
  }
  for (const file of walk(DESK).filter((path) => /\.(svg|png|webp|woff2)$/.test(path))) {
    keep(`desk/${relative(DESK, file)}`, basename(file), readFileSync(file))
  }
}

/** Twice: the second time in the order that the first has taught. */
async function bundleLane(options) {
  const order = new Order()
  const words = readWords()
  const plugins = [words.plugin(order), withoutUnused()]
  const drawings = walk(CARS).map((path) => [relative(PWA, path), readFileSync(path)])
  const define = { __MARKS__: JSON.stringify({ svg: keepAlike(drawings), json: keepAlike(Object.entries(words.files())) }) }
  const all = { ...options, format: 'esm', splitting: true, define, plugins, mangleProps: /^_[a-z]/ } // such names are signature_pad's own
  order.learn((await build({ ...common, ...all })).metafile)
  return bundle('lane', all, (path) => relative(PWA, path))
}

/** Files that the scripts ask for by name: one hash for all of a kind, so that the scripts need no list of names. */
function keepAlike(files) {
  const mark = hash(files.map(([, bytes]) => hash(bytes)).join('')).slice(0, 8)
  for (const [name, bytes] of files) keep(`lane/${name}`, basename(name), Buffer.from(bytes), mark)
  return mark
}

/** What the phone says: a sentence that cannot be said ends the build. */
function readWords() {
  const apart = ['rescue.js', 'sw.js'] // one says both languages itself, the other nothing
  const paths = walk(PWA).filter((path) => path.endsWith('.js') && !apart.includes(relative(PWA, path)))
  return new Words(paths, JSON.parse(readFileSync(join(DIST, 'english.json'), 'utf8')))
}

async function buildDesk() {
  const entries = walk(DESK).filter((path) => /\.(js|css)$/.test(path) && !basename(path).startsWith('_'))
  if (entries.length) {
    await bundle('desk', { entryPoints: entries.map((path) => `./${path}`), format: 'esm', splitting: true }, (path) => relative(DESK, path))
  }
  const htmx = 'node_modules/htmx.org/dist/htmx.min.js'
  if (existsSync(htmx)) keep('desk/htmx.js', 'htmx.js', readFileSync(htmx))
}

/** The public verifier: its own bundle, nothing of the lane's and nothing for the lane. */
async function buildVerify() {
  const entryPoints = ['page.js', 'verify.css'].map((file) => `./${join(VERIFY, file)}`)
  await bundle('verify', { entryPoints, format: 'esm' }, (path) => relative(VERIFY, path))
}

async function buildLane() {
  const entries = [join(PWA, 'app.js'), join(PWA, 'css/app.css')].filter(existsSync)
  if (entries.length) markFirst((await bundleLane({ entryPoints: entries.map((p) => `./${p}`) })).metafile)
  await single('rescue.js', {})
  if (existsSync(join(PWA, 'css/rescue.css'))) {
    await bundle('lane', { entryPoints: [`./${join(PWA, 'css/rescue.css')}`] }, (path) => relative(PWA, path))
  }
  for (const name of ['rescue.html', 'manifest.webmanifest']) {
    const page = join(PWA, name)
    if (!existsSync(page)) continue
    const text = readFileSync(page, 'utf8').replace(/\/static\/pwa\/([\w./-]+)/g, (all, path) => urlOf(`lane/${path}`) ?? all)
    keep(`lane/${name}`, name, Buffer.from(text))
  }
  const precache = Object.entries(manifest).filter(([name]) => name.startsWith('lane/'))
    .map(([name, { file, sha256, bytes }]) => ({ name, url: PUBLIC + file, sha256, bytes })).sort((a, b) => (a.url < b.url ? -1 : 1))
  await single('sw.js', { __PRECACHE__: JSON.stringify(precache), __BUILD__: JSON.stringify(hash(JSON.stringify(precache)).slice(0, 12)) })
}

/** A classic script in one file: what must run without modules. */
async function single(name, define) {
  const path = join(PWA, name)
  if (existsSync(path)) await bundle('lane', { entryPoints: [`./${path}`], format: 'iife', define }, (p) => relative(PWA, p))
}

async function bundle(area, options, nameOf) {
  const { outputFiles, metafile } = await build({ ...common, ...options })
  for (const output of outputFiles) {
    const file = basename(output.path)
    const meta = metafile.outputs[`${DIST}/${file}`]
    const name = meta?.entryPoint ? nameOf(meta.entryPoint) : file
    const bytes = Buffer.from(output.contents) // also icons that only a style sheet names: phones keep them
    record(`${area}/${name}`, file, extname(file) === '.js' ? await shorter(bytes, options.format) : bytes)
  }
  return { metafile }
}

/** A second opinion: what esbuild left, three times over. Names a file asks of another stay. */
async function shorter(bytes, format) {
  if (QUICK) return bytes
  const { code } = await minify(bytes.toString(), { module: format === 'esm', ecma: 2022, compress: { passes: 3, keep_fargs: false } })
  return Buffer.from(code)
}

/** The phone's scripts and styles once more, by a packer that takes its time. */
async function squeeze() {
  if (QUICK) return
  for (const [name, entry] of Object.entries(manifest)) {
    if (!/^lane\/.*\.(js|css)$/.test(name)) continue
    const packed = await zopfli.gzipAsync(readFileSync(join(DIST, entry.file)), { numiterations: 15 })
    writeWhole(join(DIST, `${entry.file}.gz`), packed)
    entry.gzip = packed.length
  }
}

/** What the first screen waits for: the entry, what it imports without asking, and the style sheet. */
function markFirst(metafile) {
  const seen = new Set()
  const follow = (path) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') follow(next.startsWith(PUBLIC) ? `${DIST}/${next.slice(PUBLIC.length)}` : next)
    }
  }
  for (const name of ['lane/app.js', 'lane/css/app.css']) if (manifest[name]) follow(`${DIST}/${manifest[name].file}`)
  for (const entry of Object.values(manifest)) if (seen.has(`${DIST}/${entry.file}`)) entry.first = true
}

function keep(name, file, bytes, mark = hash(bytes).slice(0, 8)) {
  const extension = extname(file)
  record(name, `${basename(file, extension)}-${mark}${extension}`, bytes)
}

function record(name, file, bytes) {
  put(file, bytes)
  manifest[name] = { file, sha256: hash(bytes), bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, first: false }
}

function put(file, bytes) {
  writeWhole(join(DIST, file), bytes)
  if (/\.(js|css|svg|json|html)$/.test(file)) writeWhole(join(DIST, `${file}.gz`), gzipSync(bytes, { level: 9 }))
}

/** A running server may read at any moment: it sees the old file or the new one. */
function writeWhole(path, bytes) {
  const spool = `${path}.${process.pid}.new`
  writeFileSync(spool, bytes)
  renameSync(spool, path)
}

function urlOf(name) {
  return manifest[name] && PUBLIC + manifest[name].file
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

function walk(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
}

function prune() {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000
  for (const file of readdirSync(DIST)) if (statSync(join(DIST, file)).mtimeMs < oldest) unlinkSync(join(DIST, file))
}
