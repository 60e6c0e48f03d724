// canon.js against its Python twin: the same bytes, the same refusals.

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, digest, NotCanonical, sha256Hex } from "../../static/pwa/lib/canon.js";
import { python } from "./rig.js";

const WORDS = ["车", "浙ZA1056", "e\u0301", "é", "😀", "\u0000\u001f", "\u2028", "\\\"/", "", "\ufeff", "\u{10ffff}", "k", "ab", "zz"];
const HASHES = "import json,sys\nfrom webapp.foundation.canon import digest\nprint(json.dumps([digest(d,nulls=True) for d in json.load(sys.stdin)]))";
const REFUSED = `import json,sys
from webapp.foundation.canon import NotCanonical, canonical
def no(text):
    try: canonical(json.loads(text))
    except NotCanonical: return True
    return False
print(json.dumps([no(text) for text in json.load(sys.stdin)]))`;

test("2,000 random documents have the same hash here and on the server", async () => {
  const random = seeded(7);
  const documents = Array.from({ length: 2000 }, () => document(random, 0));

  const ours = await Promise.all(documents.map((d) => digest(d, { nulls: true })));
  const theirs = await python(HASHES, documents);

  assert.deepEqual(ours, theirs);
  const naive = await Promise.all(documents.map((d) => sha256Hex(new TextEncoder().encode(JSON.stringify(d)))));
  assert.ok(naive.filter((hash, n) => hash !== theirs[n]).length > 100, "control: plain JSON must differ");
});

test("what one side refuses, the other refuses", async () => {
  const deep = (n) => "[".repeat(n) + "]".repeat(n);
  const texts = ["1.5", "null", '{"a":null}', "9007199254740992", "-9007199254740992", '"\\ud800"', '{"\\udc00":1}', '[1,[2.5]]', deep(66)];
  const fine = ["1", "-0", "9007199254740991", '"\\ud83d\\ude00"', "true", "{}", deep(65), '{"a":[1,"车"]}'];

  assert.deepEqual(await python(REFUSED, texts), texts.map(() => true));
  for (const text of texts) assert.throws(() => canonical(JSON.parse(text)), NotCanonical, text);
  assert.deepEqual(await python(REFUSED, fine), fine.map(() => false), "control: what is fine passes");
  for (const text of fine) canonical(JSON.parse(text));
});

test("what JSON would drop or change in silence is refused", () => {
  for (const value of [undefined, () => 1, Symbol("s"), 1n, new Date(0), new Map(), [, 1], { a: undefined }, Number.NaN, new Uint8Array(1)]) {
    assert.throws(() => canonical(value), NotCanonical);
  }
});

test("a refusal names the place", () => {
  assert.throws(() => canonical({ args: { items: [1, { x: 1.5 }] } }), /\$\.args\.items\[1\]\.x/);
});

function document(random, depth) {
  const pick = random();
  if (depth > 3 || pick < 0.3) return leaf(random);
  if (pick < 0.55) return Array.from({ length: Math.floor(random() * 5) }, () => document(random, depth + 1));
  const entries = Array.from({ length: Math.floor(random() * 6) }, () => [word(random), document(random, depth + 1)]);
  return Object.fromEntries(entries.filter(([key]) => key !== "__proto__"));
}

function leaf(random) {
  const pick = random();
  if (pick < 0.1) return null;
  if (pick < 0.2) return random() < 0.5;
  if (pick < 0.55) return Math.floor((random() - 0.5) * 2 ** (random() * 54));
  return word(random);
}

function word(random) {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => WORDS[Math.floor(random() * WORDS.length)]).join("");
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
