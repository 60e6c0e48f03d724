// The small modules of lib/, and their twins in Python.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { base32, base64url, concat, fromHex, hex } from "../../static/pwa/lib/bytes.js";
import * as clock from "../../static/pwa/lib/clock.js";
import { isId, newId, startAfter } from "../../static/pwa/lib/ids.js";
import { fen, timesMilli, yuan } from "../../static/pwa/lib/money.js";
import { readPlate, shownPlate } from "../../static/pwa/lib/plate.js";
import { APP } from "../../static/pwa/lib/version.js";
import { readVin, vinBlocks, vinProblem } from "../../static/pwa/lib/vin.js";
import { locale, named, setLocale, t } from "../../static/pwa/lib/words.js";
import { python } from "./rig.js";

const cases = JSON.parse(readFileSync(new URL("../domain/plate_cases.json", import.meta.url), "utf8"));

test("ids rise though the clock is set back, and after a restart too", (context) => {
  const before = Array.from({ length: 5000 }, newId);
  context.mock.method(Date, "now", () => 1_000_000);
  const after = Array.from({ length: 5000 }, newId);
  startAfter("ff000000-0000-7000-8000-000000000000");
  const later = newId();

  const all = [...before, ...after, later];
  assert.deepEqual([...all].sort(), all);
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.every((id) => isId(id) && id[14] === "7" && "89ab".includes(id[19])));
  assert.ok(new Date(1_000_000).getTime() < parseInt(after[0].replace("-", "").slice(0, 12), 16), "control: the clock was behind");
});

test("plates and VINs are judged as on the server", () => {
  for (const { written, powertrain, ...expected } of cases.plates) assert.deepEqual(readPlate(written, powertrain), expected, written);
  for (const { written, problem, blocks } of cases.vins) {
    assert.deepEqual([vinProblem(readVin(written)), vinBlocks(readVin(written), problem)], [problem, blocks], written);
  }
  assert.deepEqual(["浙ZA1B23", "123456使", ""].map(shownPlate), ["浙Z·A1B23", "123456使", ""]);
});

test("money is summed and written as on the server", async () => {
  const sums = [[333, 1500], [1, 499], [1, 500], [99_999_999, 10_000_000], [12_345, 1]];
  const amounts = [0, 5, 100, 123_450, 100_000_000, -2_500];
  const code = `import json,sys
from webapp.foundation.money import times_milli, yuan
sums, amounts = json.load(sys.stdin)
print(json.dumps([[times_milli(*s) for s in sums], [yuan(a) for a in amounts]]))`;

  const [theirSums, theirWords] = await python(code, [sums, amounts]);

  assert.deepEqual(sums.map(([a, b]) => timesMilli(a, b)), theirSums);
  assert.deepEqual(amounts.map(yuan), theirWords);
  assert.deepEqual(["1,234.5", "0.05", "12", "1.234", "", "-1", "abc"].map(fen), [123_450, 5, 1200, null, null, null, null]);
});

test("bytes go to text and back", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, n) => (n * 37) % 256);
  assert.deepEqual(fromHex(hex(bytes)), bytes);
  assert.equal(base32(new TextEncoder().encode("foobar")), "MZXW6YTBOI");
  assert.match(base32(bytes), /^[A-Z2-7]{32}$/);
  assert.equal(base64url(Uint8Array.of(251, 255)), "-_8");
  assert.deepEqual(concat([Uint8Array.of(1), Uint8Array.of(2, 3).buffer]), Uint8Array.of(1, 2, 3));
});

test("the clock learns what it is off by", () => {
  clock.learn(new Date(Date.now() + 60_000).toISOString(), Date.now() - 100, Date.now() + 100);
  assert.ok(Math.abs(clock.offsetMs() - 60_000) < 50);
  assert.ok(Math.abs(clock.now() - Date.now() - 60_000) < 60);
  clock.learn("not a time", 0, 0);
  assert.ok(clock.offsetMs() > 0, "nonsense changes nothing");
  clock.setOffset(0);
});

test("words are Chinese first, and facts are filled in", () => {
  assert.equal(t("还有 %(n)s 项", { n: 3 }), "还有 3 项");
  setLocale("en", { "还有 %(n)s 项": "%(n)s left" });
  assert.deepEqual([t("还有 %(n)s 项", { n: 3 }), t("没有译文"), locale(), named({ zh: "划痕", en: "Scratch" })], ["3 left", "没有译文", "en", "Scratch"]);
  setLocale("zh-CN");
  assert.equal(named({ zh: "划痕", en: "Scratch" }), "划痕");
});

test("acts name the version of the app", () => {
  assert.equal(APP, JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version);
});
