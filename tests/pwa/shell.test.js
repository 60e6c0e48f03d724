// What the lane's frame says and where its addresses lead; and that the page of last resort stays small.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ageText, verdict } from "../../static/pwa/screens/outbox_words.js";
import { STEPS } from "../../static/pwa/commands/journey.js";
import { nextStep } from "../../static/pwa/screens/next_step.js";
import { chipWords, clock, sizeText } from "../../static/pwa/widgets/chip.js";
import { mayFollow, plateKind, powertrainOf } from "../../static/pwa/widgets/plate.js";
import { checkVin } from "../../static/pwa/widgets/vin.js";

const NOW = new Date(2026, 10, 23, 12, 0).getTime();
const HOUR = 3_600_000;
const still = { phase: "idle", acts: 0, photos: 0, bytes: 0, attention: 0, synced: false, lastAt: NOW - HOUR };

test("the chip says how much waits, how heavy it is, and since when", () => {
  const { first, second, ring } = chipWords({ ...still, acts: 1, photos: 1, bytes: 1_200_000, lastAt: new Date(2026, 10, 23, 10, 42) }, NOW);

  assert.deepEqual([first, second, ring], ["2 项未同步", "1.2 MB · 上次 10:42", "wait"]);
});

test("the chip is green only by proof", () => {
  assert.equal(chipWords({ ...still, synced: true }, NOW).tone, "is-ok");
  assert.equal(chipWords(still, NOW).tone, "");
  assert.notEqual(chipWords({ ...still, synced: true, acts: 1 }, NOW).tone, "is-ok");
  assert.notEqual(chipWords({ ...still, synced: true, attention: 1 }, NOW).tone, "is-ok");
});

test("what waits turns amber after an hour and red after a day", () => {
  const tone = (age) => chipWords({ ...still, acts: 1, oldestAt: NOW - age }, NOW).tone;

  assert.deepEqual([tone(HOUR / 2), tone(2 * HOUR), tone(25 * HOUR)], ["", "is-look", "is-stop"]);
});

test("a phone may be handed in only when everything has arrived and nothing needs its owner", () => {
  const may = (state) => verdict({ ...still, ...state }).ring === "done";

  assert.deepEqual([may({ synced: true }), may({}), may({ synced: true, acts: 1 }), may({ synced: true, attention: 2 })], [true, false, false, false]);
});

test("times and sizes are short", () => {
  assert.deepEqual([clock(NOW, NOW), clock(NOW - 48 * HOUR, NOW), sizeText(10), sizeText(2_345_678)], ["12:00", "11-21 12:00", "1 KB", "2.3 MB"]);
  assert.deepEqual([ageText(NOW - 20_000, NOW), ageText(NOW - 5 * HOUR, NOW), ageText(NOW - 72 * HOUR, NOW)], ["刚刚", "5 小时前", "3 天前"]);
});

test("keys that cannot follow sleep", () => {
  const typed = (text) => [...text].every((sign, n) => mayFollow(text.slice(0, n), sign));

  for (const plate of ["浙Z8K520", "浙ZD12034", "浙Z01234D", "浙ZA123学", "粤ZA123港", "123456使"]) assert.ok(typed(plate), plate);
  for (const wrong of ["ZZ", "浙I", "浙1", "浙Z8K5200", "浙ZO"]) assert.ok(!typed(wrong), wrong);
});

test("the plate tells the powertrain", () => {
  assert.deepEqual(["浙Z8K520", "浙ZD12034", "浙ZF03388", "浙Z01234D"].map(powertrainOf), ["fuel", "bev", "phev", "bev"]);
  assert.deepEqual([plateKind("浙Z8K520"), plateKind("浙Z8K52"), plateKind("")], ["ordinary", "", ""]);
});

test("a VIN made in China with a wrong check digit is not taken, a foreign one is with a warning", () => {
  assert.ok(checkVin("1M8GDM9AXKP042788").ok);
  assert.ok(checkVin("1M8GDM9A1KP042788").warning);
  assert.ok(!checkVin("L00SA15B4PA100231").ok);
});

test("every state of the journey has a word, and ours have a way", () => {
  const states = new Set(STEPS.flatMap(([, before, after]) => [...before, after]));
  for (const state of states) assert.ok(nextStep({ id: "v", plate: "浙Z8K520", state }).tag, state);
  assert.equal(nextStep({ id: "v", plate: "浙Z8K520", state: "inspecting" }, { walked: true, priced: true }).hash, "#/v/v/sign");
});

test("the rescue page and what it loads stay within six kilobytes when built", async () => {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({ entryPoints: ["static/pwa/rescue.js", "static/pwa/css/rescue.css"], minify: true, write: false, outdir: "x", charset: "utf8" });
  const sizes = outputFiles.map((file) => file.contents.length);
  const html = readFileSync("static/pwa/rescue.html").length;

  assert.ok(sizes[0] + sizes[1] + html <= 6144, `${sizes} ${html}`);
});
