// What the desk does beyond htmx: the red line walks with the clock, rows come to their place, keys walk the rows.
// Everything works without it; it only saves reloading.

const live = document.querySelector('[data-live]')
let etag = live?.dataset.etag

document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (detail.elt === live && etag) detail.headers['If-None-Match'] = etag
})

document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.detail.elt === live && document.hidden) event.preventDefault()
})

document.addEventListener('htmx:afterRequest', ({ detail }) => {
  if (detail.elt !== live) return
  etag = detail.xhr.getResponseHeader('ETag') ?? etag
  tell(detail.xhr.status)
})

// A row that is not on the page yet: put where its arrival belongs, unless that lies on a later page.
document.addEventListener('htmx:oobErrorNoTarget', ({ detail }) => {
  const row = detail.content?.querySelector?.('tr[data-at]') ?? (detail.content?.matches?.('tr[data-at]') ? detail.content : null)
  const body = document.getElementById('rows')
  if (!row || !body || new URLSearchParams(location.search).has('q')) return
  const after = [...body.rows].find((other) => Number(other.dataset.at) > Number(row.dataset.at))
  if (!after && body.hasAttribute('data-more')) return
  row.removeAttribute('hx-swap-oob')
  body.insertBefore(row, after ?? null)
})

document.addEventListener('keydown', (event) => {
  if (!['ArrowDown', 'ArrowUp'].includes(event.key) || event.target.matches('textarea, select')) return
  const links = [...document.querySelectorAll('#rows a.open')]
  if (!links.length || document.querySelector('dialog[open]')) return
  const at = links.indexOf(document.activeElement)
  const next = links[at < 0 ? (event.key === 'ArrowDown' ? 0 : links.length - 1) : at + (event.key === 'ArrowDown' ? 1 : -1)]
  if (!next) return
  event.preventDefault()
  next.focus()
})

document.addEventListener('click', (event) => {
  const row = event.target.closest?.('#rows tr')
  if (row && !event.target.closest('a, button, summary') && !getSelection().toString()) row.querySelector('a.open')?.click()
})

// The lightbox: arrows walk the pictures, as the links on its page do.
document.addEventListener('keydown', (event) => {
  const rel = { ArrowLeft: 'prev', ArrowRight: 'next', Escape: 'up' }[event.key]
  if (rel && !event.target.matches('input, textarea, select')) document.querySelector(`.lightbox a[rel="${rel}"]`)?.click()
})

document.addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-print]')) print()
})

document.addEventListener('submit', ({ target }) => {
  const button = target.querySelector('button:not([type="button"])')
  if (target.method === 'post' && button) setTimeout(() => { button.disabled = true })
})

addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('form button[disabled]')) button.disabled = false
})

setInterval(walk, 30_000)

function walk() {
  const dot = document.querySelector('[data-now][data-begin]')
  if (!dot) return
  const { begin, first, last } = dot.dataset
  const hours = (Date.now() - Number(begin)) / 3_600_000 - Number(first)
  const x = `${Math.min(Math.max(hours / (last - first), 0), 1) * 100}%`
  dot.setAttribute('cx', x)
  for (const line of document.querySelectorAll('line[data-now]')) { line.setAttribute('x1', x); line.setAttribute('x2', x) }
}

function tell(status) {
  let note = document.getElementById('stale')
  const ok = status >= 200 && status < 400
  if (ok) return note?.remove()
  if (note) return
  note = Object.assign(document.createElement('p'), { id: 'stale', className: 'note', role: 'status' })
  const words = document.querySelector('[data-stale-words]')?.dataset
  note.textContent = (status === 401 ? words?.signedOut : words?.staleWords) ?? ''
  live.prepend(note)
}
