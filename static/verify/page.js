// The page: files in, plain words out. Every sentence comes with the page; what is shown is text, never markup.

import { check } from './check.js'
import { WORDS } from './report.js'

const words = new Map(Array.from(document.getElementById('words').content.querySelectorAll('[data-kind]'), (one) => [one.dataset.kind, one.textContent]))
const results = document.getElementById('results')
const CLEAN = /[\s:]/g

if (!globalThis.crypto?.subtle) document.getElementById('unsafe').hidden = false

document.getElementById('file').addEventListener('change', ({ target }) => {
  take([...target.files])
  target.value = ''
})
document.getElementById('ask').addEventListener('submit', askCode)
listenForDrops(document.getElementById('drop'))

function listenForDrops(place) {
  for (const kind of ['dragenter', 'dragover']) {
    document.addEventListener(kind, (event) => {
      event.preventDefault()
      place.classList.add('over')
    })
  }
  for (const kind of ['dragleave', 'drop']) document.addEventListener(kind, () => place.classList.remove('over'))
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    take([...event.dataTransfer.files])
  })
}

async function take(files) {
  if (!files.length) return
  results.setAttribute('aria-busy', 'true')
  results.replaceChildren(made('p', '', say('look.working')))
  const shown = []
  for (const file of files) shown.push(...await look(file))
  results.replaceChildren(...shown)
  results.setAttribute('aria-busy', 'false')
  results.scrollIntoView({ block: 'start' })
}

async function look(file) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const reports = await check(bytes, file.name, pinned())
    return reports.map((report) => card(report))
  } catch (fault) {
    console.error(fault)
    return [made('p', 'note', `${file.name}：${say('look.failed')}`)]
  }
}

/** What is believed: what somebody wrote down themselves, else what this page brought. */
function pinned() {
  const own = document.getElementById('root').value.replace(CLEAN, '').toLowerCase()
  return new Set([own || document.body.dataset.root])
}

function card(report) {
  const word = WORDS[report.word]
  const box = made('article', `card ${word}`)
  const verdict = made('div', 'verdict')
  verdict.append(made('p', 'title', report.title), made('h2', '', say(`verdict.${word}`)), made('p', '', say(`means.${word}`)))
  box.append(verdict)
  if (report.bundle) box.append(facts(report.bundle))
  box.append(...part('found', report.findings.filter(({ kind }) => kind !== 'act.erased').map(sentence)))
  if (report.word !== 1) box.append(...part('checked', checked(report)))
  box.append(...part('notes', report.notes.map(sentence)), ...part('unchecked', unchecked(report)))
  if (report.facts.pdf) box.append(server(report.facts.sha256))
  return box
}

function facts(bundle) {
  const paper = bundle.get('document')
  const list = made('dl')
  const rows = {
    paper: `${say(`paper.${paper.get('kind')}`)} · ${paper.get('revision')}`, code: paper.get('doc_sha256').slice(0, 8).toUpperCase(),
    store: bundle.get('store').get('name'), signed: when(paper.get('signature').get('signed_at')),
    received: when(bundle.get('entries').at(-1)?.get('received_at')),
  }
  for (const [name, text] of Object.entries(rows)) list.append(made('dt', '', say(`fact.${name}`)), made('dd', '', text))
  return list
}

function checked({ bundle, facts: { pdf }, kinds }) {
  if (!bundle) return [say('did.files')]
  const root = kinds.includes('root.unknown') || kinds.includes('seal.unknown') ? [] : ['did.root']
  return [...(pdf ? ['did.seal'] : []), 'did.document', 'did.chain', ...root].map((kind) => say(kind))
}

function unchecked({ bundle, facts: { pdf } }) {
  return bundle ? [...(pdf ? [] : ['not.seal']), 'not.photos', 'not.ledger', 'not.person'].map((kind) => say(kind)) : []
}

function part(name, lines) {
  if (!lines.length) return []
  const list = made('ul', name)
  list.append(...lines.map((line) => made('li', '', line)))
  return [made('h3', '', say(`look.${name}`)), list]
}

function sentence({ kind, facts: told }) {
  const place = told.index ? `${say('look.place', told)}：` : ''
  return place + say(kind, told)
}

/** The house is asked about the hash only; the answer comes when it comes. */
function server(sha256) {
  const line = made('p', 'quiet')
  ask(sha256).then((text) => {
    line.textContent = text
  })
  return line
}

async function ask(hash) {
  try {
    const answer = await fetch(`/verify/known?hash=${hash}`, { headers: { Accept: 'application/json' } })
    if (answer.status === 429) return say('server.busy')
    const { known, since } = await answer.json()
    return known ? say('server.yes', { at: when(since) }) : say('server.no')
  } catch {
    return say('server.away')
  }
}

async function askCode(event) {
  event.preventDefault()
  const answer = document.getElementById('answer')
  const code = document.getElementById('code').value.replace(CLEAN, '').toLowerCase()
  answer.textContent = /^[0-9a-f]{8}$/.test(code) ? await ask(code) : say('server.bad')
}

function say(kind, told = {}) {
  return (words.get(kind) ?? kind).replace(/%\((\w+)\)s/g, (_, name) => told[name] ?? '')
}

function when(text) {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? '' : at.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
}

function made(tag, look = '', text = '') {
  const element = document.createElement(tag)
  if (look) element.className = look
  if (text) element.textContent = text
  return element
}
