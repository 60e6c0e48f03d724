// Bytes that a phone need not fetch: line breaks of templates, and what a library offers beyond what the lane asks of it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const PWA = 'static/pwa'
const [ROOF, REST] = [`${PWA}/app.js`, `${PWA}/loads/rest.js`]
const KINDS = ['store', 'outbox', 'commands', 'lib', 'widgets', 'screens']

const UNUSED = { 'signature_pad.js': ['fromDataURL', 'toDataURL', 'toSVG'] } // the pad is kept as strokes, never as a picture

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

/** For esbuild: classes of libraries without the methods that nobody calls. One that is not there any more ends the build. */
export function withoutUnused() {
  return {
    name: 'unused',
    setup: (build) => build.onLoad({ filter: /signature_pad\/dist\/signature_pad\.js$/ }, ({ path }) => {
      let text = readFileSync(path, 'utf8')
      for (const method of UNUSED['signature_pad.js']) {
        const body = new RegExp(`^  ${method}\\([\\s\\S]*?^  \\}\\n`, 'm')
        if (!body.test(text)) throw new Error(`${path} has no ${method} to leave out`)
        text = text.replace(body, '')
      }
      return { contents: text }
    }),
  }
}
