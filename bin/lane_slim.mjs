// Bytes that a phone need not fetch: line breaks of templates, and what a library offers beyond what the lane asks of it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const PWA = 'static/pwa'
const [ROOF, REST] = [`${PWA}/app.js`, `${PWA}/loads/rest.js`]
const KINDS = ['store', 'outbox', 'commands', 'lib', 'widgets', 'screens']

/** Per library: what nobody in the lane asks of it, as shapes of its source. */
const UNUSED = {
  'signature_pad.js': [ // the pad is kept as strokes, never as a picture, and takes every point
    ...['fromDataURL', 'toDataURL', 'toSVG', 'redraw', 'isEmpty', 'equals'].map((method) => new RegExp(`^  ${method}\\([\\s\\S]*?^  \\}\\n`, 'm')),
    /this\.throttle \? throttle\(.*?\) : /,
  ],
  'idb/build/index.js': [ // short cuts for one read or write, and for loops over cursors
    /^const readMethods = [\s\S]*?(?=^export )/m,
  ],
  'fflate/esm/browser.js': [ // photos do not get smaller: nothing is deflated; every browser of ours has a TextEncoder
    /^var fleb = [\s\S]*?(?=^\/\/ find max of array)/m,
    /^try \{\n {4}td\.decode[\s\S]*?^\}\ncatch \(e\) \{ \}\n/m,
    /(?<=^ {8}return te\.encode\(str\);\n)[\s\S]*?(?=^\}\n)/m,
  ],
}

/** One space where a template breaks its line: the browser would draw the same, for nothing in the lane is preformatted. */
export function oneLine(text) {
  return text.replace(/\n +(?=<|\$\{)/g, ' ')
}

/**
 * For esbuild, which keeps the order of imports: modules of a kind stand together, since what is alike packs well only when
 * near. And the rest names the roof, which is running by then: so the roof and what both need become one file.
 */
export class Order {
  heads = {}

  /** From a first build's metafile: which modules came into which file. */
  learn({ outputs }) {
    for (const { entryPoint, inputs } of Object.values(outputs)) {
      const own = Object.keys(inputs).filter((path) => path.startsWith(`${PWA}/`))
      const sorted = KINDS.flatMap((kind) => own.filter((path) => path.startsWith(`${PWA}/${kind}/`)).sort())
      const head = own.find((path) => path === entryPoint) ?? own.find((path) => path === ROOF)
      if (head) this.heads[resolve(head)] = sorted
    }
  }

  ahead(text, path) {
    const first = (this.heads[path] ?? []).map((one) => `import ${JSON.stringify(resolve(one))}\n`).join('')
    return path === resolve(REST) ? `${first}${text}\nimport ${JSON.stringify(resolve(ROOF))}\n` : first + text
  }
}

/** For esbuild: libraries without what nobody calls. What is not there any more ends the build. */
export function withoutUnused() {
  return {
    name: 'unused',
    setup: (build) => {
      for (const [file, parts] of Object.entries(UNUSED)) {
        build.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, ({ path }) => ({ contents: without(parts, path) }))
      }
    },
  }
}

function without(parts, path) {
  return parts.reduce((text, shape) => {
    if (!shape.test(text)) throw new Error(`${path} has no ${shape} to leave out`)
    return text.replace(shape, '')
  }, readFileSync(path, 'utf8'))
}
