// Words on the screen. A Chinese sentence is its own key. In the bundle it is a number, and the words of one language are one
// file made from the .po files (bin/lane_words.mjs): Chinese as little in the code as any other language.

let current = "zh-CN";
let table = {};

/** What documents say, in both languages, whatever language the screen speaks; the bundle's, filled with the table. */
export const papers = {};

/** The sentence in the person's language, with `%(name)s` filled from facts. */
export function t(zh, facts) {
  const text = table[zh] ?? String(zh);
  return facts ? text.replace(/%\((\w+)\)[sd]/g, (all, name) => facts[name] ?? all) : text;
}

/** The language now spoken, and its table: by Chinese sentence, or by number as the build's files have it. */
export function setLocale(name, words = {}, documents = {}) {
  current = name;
  table = words;
  Object.assign(papers, documents);
}

export function locale() {
  return current;
}

/** One of two names a catalogue row carries: `zh` or `en`. */
export function named(row) {
  return (current.startsWith("en") && row?.en) || row?.zh || row?.text || "";
}
