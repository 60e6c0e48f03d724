// Words on the screen. A Chinese sentence is its own key; other languages come from a table built from the .po files.

let current = "zh-CN";
let table = {};

/** The sentence in the person's language, with `%(name)s` filled from facts. */
export function t(zh, facts) {
  const text = table[zh] || zh;
  return facts ? text.replace(/%\((\w+)\)[sd]/g, (all, name) => facts[name] ?? all) : text;
}

/** The language now spoken, and its table {Chinese: translation}; Chinese needs none. */
export function setLocale(name, words = {}) {
  current = name;
  table = words;
}

export function locale() {
  return current;
}

/** One of two names a catalogue row carries: `zh` or `en`. */
export function named(row) {
  return (current.startsWith("en") && row?.en) || row?.zh || row?.text || "";
}
