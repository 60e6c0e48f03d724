// The phone's words, one file per language (words-zh.json, words-en.json): the sources say t("中文"), the bundle says t(17),
// and both files hold the sentence 17. A sentence without English, or Chinese that stands outside t(), ends the build.
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { oneLine } from './lane_slim.mjs'

const CALL = /(?<![\w.$])t\(\s*("(?:[^"\\\n]|\\.)*")(?=\s*[,)])/g // bin/extract.py reads the same calls
const COMMENT = /\/\*[\s\S]*?\*\/|(?<![:"'`\w\\])\/\/.*/g
const CHINESE = /[\u3400-\u9fff]{2,}/
const PLATES = new Set(['plate.js', 'plate_keyboard.js']) // their signs are no words; nor is the name by which a language calls itself
const PAPERS = 'webapp/domain/documents/words.json'

/** The sentences of these files, numbered in the order they are met: neighbours get like numbers, which pack well. */
export class Words {
  constructor(paths, english) {
    this.number = new Map()
    for (const path of paths) for (const [, literal] of readFileSync(path, 'utf8').matchAll(CALL)) this.#add(JSON.parse(literal), english)
    this.english = english
    this.papers = JSON.parse(readFileSync(PAPERS, 'utf8'))
  }

  #add(sentence, english) {
    if (!english[sentence]) throw new Error(`no English for "${sentence}": run bin/extract.py and fill it in`)
    if (!this.number.has(sentence)) this.number.set(sentence, this.number.size)
  }

  /** {file name: text}: sentences by number, and the words of documents, which are in both languages everywhere. */
  files() {
    const chinese = [...this.number.keys()]
    const written = (said) => JSON.stringify({ said, papers: this.papers })
    return { 'words-zh.json': written(chinese), 'words-en.json': written(chinese.map((sentence) => this.english[sentence])) }
  }

  /** For esbuild: numbers for sentences, and the words of documents from the file that the phone has read already. */
  plugin(order) {
    return {
      name: 'words',
      setup: (build) => {
        build.onLoad({ filter: /static\/pwa\/.*\.js$/ }, ({ path }) =>
          ({ contents: order.ahead(oneLine(this.numbered(readFileSync(path, 'utf8'), path)), path) }))
        build.onLoad({ filter: /documents\/words\.json$/ }, () => ({
          contents: `export { papers as default } from ${JSON.stringify(resolve('static/pwa/lib/words.js'))}`, loader: 'js', resolveDir: resolve('.') }))
      },
    }
  }

  numbered(text, path) {
    const made = text.replace(CALL, (_all, literal) => {
      const number = this.number.get(JSON.parse(literal))
      if (number === undefined) throw new Error(`${path}: ${literal} was not counted`)
      return `t(${number}`
    })
    const code = made.replace(COMMENT, '')
    const unread = code.match(/(?<![\w.$])(?<!function )t\((?!\d+[,)])[^)]*/)
    if (unread) throw new Error(`${path}: ${unread[0]}) is no plain sentence in double quotes`)
    const left = code.replaceAll('"中文"', '').match(CHINESE)
    if (left && !PLATES.has(basename(path))) throw new Error(`${path}: "${left[0]}" stands outside t()`)
    return made
  }
}
