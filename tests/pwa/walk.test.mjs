// The walk's own sums: which items apply, what a zone's state is, what one tap may answer, what a number means.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readHead } from "../../static/pwa/lib/picture.js";
import { toggled } from "../../static/pwa/widgets/toggle.js";
import { numberText } from "../../static/pwa/lib/number.js";
import { judge, outOfRange, readNumber } from "../../static/pwa/widgets/judge.js";
import { bulkItems, itemsFor, nextOpen, reasonsForFull, zoneOfRegion, zoneProgress, zonesFor } from "../../static/pwa/widgets/walk.js";

const status = (id, zone, more = {}) => ({ id, seq: 1, zone, zh: id, answer: { type: "status" }, safety: false, applies: ["fuel", "bev", "phev"], photo: "on_defect", ...more });
const template = {
  zones: [{ id: "ext_left", order: 11 }, { id: "driver", order: 3 }, { id: "ext_lf", order: 4 }, { id: "underbody", order: 13 }],
  items: [status("WA-E1-01", "ext_lf"), status("WA-E1-04", "ext_lf", { safety: true }), status("WA-E8-01", "ext_left"),
    status("WA-DR-04", "driver", { applies: ["bev", "phev"], answer: { type: "number" } }), status("WA-UB-04", "underbody", { applies: ["bev"] })],
};
const regions = [{ id: "door_lf", zone: "driver" }, { id: "fender_lf", zone: "ext_lf" }, { id: "roof", zone: "ext_left" }];
const ok = { current: { status: "ok", severity: "ok" }, others: [] };
const zone = (id, facts = {}) => zoneProgress({ id }, { items: itemsFor(template, "fuel"), answers: {}, marks: [], skips: {}, regions, ...facts });

test("a list shows what applies to the car, in walking order", () => {
  assert.deepEqual(itemsFor(template, "fuel").map((item) => item.id), ["WA-E1-01", "WA-E1-04", "WA-E8-01"]);
  assert.deepEqual(zonesFor(template, "fuel").map((one) => one.id), ["ext_lf", "ext_left"]);
  assert.deepEqual(zonesFor(template, "bev").map((one) => one.id), ["driver", "ext_lf", "ext_left", "underbody"]);
});

test("a zone is unseen, fine, with findings or skipped", () => {
  assert.equal(zone("ext_lf").state, "unseen");
  assert.equal(zone("ext_lf", { answers: { "WA-E1-01": ok } }).state, "unseen");
  assert.equal(zone("ext_lf", { answers: { "WA-E1-01": ok, "WA-E1-04": ok } }).state, "fine");
  const mark = { id: "m", region: "fender_lf" };
  assert.equal(zone("ext_lf", { marks: [mark] }).state, "part");
  assert.equal(zone("ext_lf", { marks: [mark], answers: { "WA-E1-01": ok, "WA-E1-04": ok } }).state, "findings");
  assert.equal(zone("ext_lf", { marks: [{ ...mark, retracted: true }] }).state, "unseen");
  assert.equal(zone("ext_lf", { skips: { ext_lf: { reason: "光线太暗" } } }).state, "skipped");
});

test("a mark and the item it answers are one finding, two marks are two", () => {
  const bad = { current: { status: "attention", severity: "attention" }, others: [] };
  assert.equal(zone("ext_lf", { marks: [{ region: "fender_lf" }], answers: { "WA-E1-01": bad } }).findings, 1);
  assert.equal(zone("ext_lf", { marks: [{ region: "fender_lf" }], answers: { "WA-E1-04": bad } }).findings, 2);
});

test("damage on the driver's door and mirror counts on segment 8", () => {
  assert.equal(zoneOfRegion("door_lf", regions), "ext_left");
  assert.equal(zoneOfRegion("fender_lf", regions), "ext_lf");
  assert.equal(zone("ext_left", { marks: [{ region: "door_lf" }] }).findings, 1);
});

test("one tap never answers a safety item, an answered one, a number, or one with a mark of its own", () => {
  const items = itemsFor(template, "bev");
  assert.deepEqual(bulkItems(items, {}, []).map((item) => item.id), ["WA-E1-01", "WA-E8-01", "WA-UB-04"]);
  assert.deepEqual(bulkItems(items, { "WA-E8-01": ok }, [{ region: "fender_lf" }]).map((item) => item.id), ["WA-UB-04"]);
});

test("the walk goes on clockwise and comes back for what was left", () => {
  const zones = [{ id: "a", open: 1 }, { id: "b", open: 0 }, { id: "c", open: 2, state: "skipped" }, { id: "d", open: 1 }];
  assert.equal(nextOpen(zones, "b").id, "d");
  assert.equal(nextOpen(zones, "d").id, "a");
  assert.equal(nextOpen(zones.slice(1, 3), "b"), undefined);
});

test("RC-19 proposes the full list", () => {
  const today = new Date(2026, 10, 23);
  const car = { last_visit_on: "2026-05-24", last_full_walkaround_on: "2026-05-24" };
  assert.deepEqual(reasonsForFull({}, undefined, today), ["first_visit"]);
  assert.deepEqual(reasonsForFull({}, car, today), []);
  assert.deepEqual(reasonsForFull({}, { ...car, last_full_walkaround_on: "2026-05-23" }, today), ["six_months"]);
  assert.deepEqual(reasonsForFull({ business_type: "accident", rework_of: "x" }, { ...car, special_flag: "open_complaint" }, today), ["accident", "rework", "complaint"]);
});

const tread = { zh: "左前轮胎花纹深度", note: "Legal minimum for passenger cars 1.6 mm", answer: { type: "number", unit: "mm", decimals: 1, min: 0, max: 120, attention_lt: 30, fail_lt: 16 } };

test("a number is read, judged and said at once", () => {
  assert.equal(readNumber("1.5", 1), 15);
  assert.equal(readNumber("１．５", 1), 15);
  assert.equal(readNumber("3", 1), 30);
  assert.equal(readNumber("-25", 0), -25);
  assert.equal(readNumber("1.55", 1), undefined);
  assert.equal(readNumber("2.5", 0), undefined);
  assert.equal(readNumber("abc", 1), undefined);
  assert.equal(numberText(-5, 1), "-0.5");
  assert.deepEqual(judge(tread, 15), { severity: "fail", text: "花纹 1.5 mm，低于 1.6 mm 法定下限" });
  assert.equal(judge(tread, 16).severity, "attention");
  assert.deepEqual(judge(tread, 30), { severity: "ok", text: "" });
  assert.match(outOfRange(tread, 121), /0\.0–12\.0 mm/);
  assert.equal(outOfRange(tread, 120), "");
});

test("tyre pressure is judged by the car's own label", () => {
  const tyre = { zh: "胎压", answer: { type: "number", unit: "kPa", decimals: 0, attention_dev: 20, fail_dev: 50 } };
  assert.equal(judge(tyre, 200, { placard: 220 }).severity, "ok");
  assert.equal(judge(tyre, 199, { placard: 220 }).severity, "attention");
  assert.deepEqual(judge(tyre, 169, { placard: 220 }), { severity: "fail", text: "比标签值 220 kPa 低 51 kPa" });
  assert.match(judge(tyre, 100).text, /门框标签/);
});

test("无 shuts out the others, and they shut it out", () => {
  assert.deepEqual(toggled(["abs", "oil"], "none"), ["none"]);
  assert.deepEqual(toggled(["none"], "abs"), ["abs"]);
  assert.deepEqual(toggled(["abs"], "abs"), []);
});

test("a picture's head tells its kind and upright size", () => {
  const jpeg = (orientation) => new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
    0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(readHead(jpeg(1)), { mime: "image/jpeg", width: 4000, height: 3000 });
  assert.deepEqual(readHead(jpeg(6)), { mime: "image/jpeg", width: 3000, height: 4000 });
  assert.equal(readHead(jpeg(1).slice(0, 30)), undefined);
  assert.equal(readHead(new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>")), undefined);
});
