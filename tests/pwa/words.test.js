// What the build makes of sentences: every one has a number that both languages know, or there is no build.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Words } from "../../bin/lane_words.mjs";
import { papers, setLocale, t } from "../../static/pwa/lib/words.js";

const source = join(mkdtempSync(join(tmpdir(), "words-")), "said.js");
const made = (text, english = { 好: "Good", "还差 %(n)s 项": "%(n)s missing" }) => {
  writeFileSync(source, text);
  return new Words([source], english).numbered(text, source);
};

test("a sentence becomes its number, also inside a template inside a call, and comments stay Chinese", () => {
  assert.equal(made(`// 好话\nf(html\`<b>\${t("好")}</b>\`, t("还差 %(n)s 项", { n }), t("好"))`),
    `// 好话\nf(html\`<b>\${t(0)}</b>\`, t(1, { n }), t(0))`);
});

test("no English, a call that cannot be read, words outside t: each ends the build", () => {
  assert.throws(() => made('t("没有")'), /no English for "没有"/);
  assert.throws(() => made("t(`好`)"), /no plain sentence/);
  assert.throws(() => made("t(好)"), /no plain sentence/);
  assert.throws(() => made('const bare = "裸话";'), /"裸话" stands outside t/);
});

test("both files say the same numbers, with the words of documents beside them, and t speaks from them", () => {
  writeFileSync(source, 't("好"); t("还差 %(n)s 项", { n });');
  const files = new Words([source], { 好: "Good", "还差 %(n)s 项": "%(n)s missing" }).files();
  const [zh, en] = ["words-zh.json", "words-en.json"].map((name) => JSON.parse(files[name]));

  setLocale("en", en.said, en.papers);
  assert.deepEqual([t(0), t(1, { n: 2 }), papers.work_order], ["Good", "2 missing", ["任务委托书", "Work order"]]);
  setLocale("zh-CN", zh.said, zh.papers);
  assert.deepEqual([t(0), t(1, { n: 2 })], ["好", "还差 2 项"]);
  setLocale("zh-CN");
  assert.equal(t("好"), "好");
});
