// What a phone shows without a network is what the server makes of it; and two phones that worked apart see one visit.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as concern from "../../static/pwa/commands/concern.js";
import * as document from "../../static/pwa/commands/document.js";
import * as handover from "../../static/pwa/commands/handover.js";
import * as delivery from "../../static/pwa/commands/internal_delivery.js";
import { buildDoc, seal } from "../../static/pwa/commands/papers.js";
import * as photo from "../../static/pwa/commands/photo.js";
import { allRows } from "../../static/pwa/store/rows.js";
import { needAttention } from "../../static/pwa/store/acts.js";
import * as status from "../../static/pwa/commands/status.js";
import { onChange, today, visitView } from "../../static/pwa/commands/view.js";
import * as visits from "../../static/pwa/commands/visit.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import * as order from "../../static/pwa/commands/work_order.js";
import { another, aVisit, phoneOf, pictures, startServer } from "./rig.js";

const SERVERS_OWN = ["number", "order_number", "touched_at", "said", "vehicle_id", "customer_id", "received_at", "model", "body"];
let server, small;

before(async () => { [server, [small]] = await Promise.all([startServer(), pictures()]); });
after(() => server?.stop());

test("a whole visit done offline looks the same before and after the server has judged it", async () => {
  const phone = await phoneOf("E005", server.url);
  const visit = await aVisit(phone, { plate: "浙Z00001", mode: "full" });
  await wholeVisit(phone, visit);
  const offline = plain(await visitView(visit));
  assert.equal(offline.visit.state, "released");

  await phone.round();

  assert.deepEqual((await needAttention(phone.store)).map(({ act, receipt }) => [act.command, receipt.code, receipt.facts]), []);
  assert.deepEqual(plain(await visitView(visit)), offline);
  await sameAsServer(phone, visit);
});

test("whatever a person taps, in any order, the phone foresees what the server will say", async () => {
  for (const seed of [1, 2, 3, 4]) {
    const phone = await phoneOf("E005", server.url);
    const visit = await aVisit(phone, { plate: `浙Z1000${seed}` });
    await randomTaps(phone, visit, seeded(seed), 150);
    const offline = plain(await visitView(visit));

    await phone.round();

    const refused = await needAttention(phone.store);
    assert.deepEqual(plain(await visitView(visit)), offline, `seed ${seed}`);
    assert.ok(refused.length > 0, "control: some taps were against the rules");
    assert.ok(refused.every(({ receipt }) => receipt.verdict === "refused"), JSON.stringify(refused.map(({ act, receipt }) => [act.command, receipt.code, receipt.facts])));
    await sameAsServer(phone, visit);
  }
});

test("two phones answer 120 items apart: both see one visit, every true conflict flagged and none invented", async () => {
  const [a, b] = [await phoneOf("E005", server.url), await phoneOf("E006", server.url)];
  a.take();
  const visit = await aVisit(a, { plate: "浙Z20001", mode: "full" });
  await a.round();
  await b.round();
  const items = a.lists.checklists.find(({ id }) => id === "walkaround_full").items.filter((item) => item.applies.includes("fuel")).slice(0, 120);
  const said = [];
  for (const [phone, seed] of [[a, 21], [b, 22]]) {
    phone.take();
    said.push(await answerAll(phone, visit, items, seeded(seed)));
  }

  await b.round();
  await a.round();
  await b.round();

  const views = [];
  for (const phone of [a, b]) {
    phone.take();
    assert.deepEqual((await needAttention(phone.store)).map(({ act, receipt }) => [act.args, receipt.code]), []);
    views.push(plain(await visitView(visit)));
    await sameAsServer(phone, visit);
  }
  assert.deepEqual(views[0], views[1]);
  const answers = Object.entries(views[0].answers.walkaround);
  const flagged = answers.filter(([, { current }]) => current.disputed).map(([item]) => item).sort();
  const different = items.map(({ id }) => id).filter((id) => JSON.stringify(said[0][id]) !== JSON.stringify(said[1][id])).sort();
  assert.deepEqual(flagged, different);
  assert.ok(different.length > 20 && different.length < 120, "control: some agree, some do not");
  const severest = answers.filter(([, { current, others }]) => current.disputed && others.some((other) => rank(other) > rank(current)));
  assert.deepEqual(severest, [], "no milder answer hides a worse one");

  a.take();
  const [item] = flagged;
  const { choice, choices, number, text, status: state } = views[0].answers.walkaround[item].others[0];
  await walkaround.resolve({ visit, item, choice, choices, number, text, status: state });
  await a.round();
  await b.round();
  b.take();
  assert.equal((await visitView(visit)).answers.walkaround[item].current.disputed, false, "looking together settles it");
});

test("an open visit is brought forward act by act and read from storage only once", async (context) => {
  const phone = await phoneOf("E005", server.url);
  const visit = await aVisit(phone, { plate: "浙Z30001", mode: "full" });
  await visitView(visit);
  const told = [];
  const end = onChange(visit, () => told.push(visit));
  const reads = context.mock.method(IDBIndex.prototype, "getAll");

  for (let n = 0; n < 30; n++) {
    await walkaround.recordDamage({ visit, region: "roof", kind: "dent", size: "small", x: n, y: n });
    assert.equal((await visitView(visit)).marks.length, n + 1);
  }
  end();

  assert.deepEqual([reads.mock.callCount(), told.length], [0, 30]);
});

test("today shows visits that only this phone knows, and bookings that have not come", async () => {
  const phone = await phoneOf("E005", server.url);
  const before = await today();
  const [booked] = before.appointments;
  await aVisit(phone, { plate: booked.vehicle.plate, vehicle: booked.vehicle_id, appointment: booked.id, powertrain: booked.vehicle.powertrain });

  const now = await today();

  assert.deepEqual([now.visits.length, now.appointments.length], [before.visits.length + 1, before.appointments.length - 1]);
  assert.equal(now.visits.find((row) => row.plate === booked.vehicle.plate).pending, 3);
});

async function wholeVisit(phone, visit) {
  const random = seeded(9);
  const list = (id) => phone.lists.checklists.find((checklist) => checklist.id === id);
  await visits.describe({ visit, arrival_mode: "booked", waiting_mode: "lounge", business_type: "maintenance" });
  const marks = [];
  for (let n = 0; n < 3; n++) {
    marks.push((await walkaround.recordDamage({ visit, region: "door_lf", kind: "scratch", size: "small", x: 100 * n, y: 5, note: "见照片" })).args.mark);
  }
  await walkaround.retractDamage({ visit, mark: marks[2], reason: "看错了" });
  const { args: { belonging } } = await walkaround.recordBelonging({ visit, text: "行车记录仪", kept_in_car: true });
  await walkaround.recordBelonging({ visit, text: "雨伞", kept_in_car: false });
  await concern.add({ visit, text: "起步异响", when: "早上" });
  const shot = await photo.add({ visit, bytes: another(small), thumb: small, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "mark", id: marks[0] } });
  await photo.annotate({ visit, photo: shot.args.photo, shapes: [{ kind: "arrow", points: [[1, 1], [5000, 5000]] }] });
  await walkaround.skipPhoto({ visit, zone: "ext_rear", reason: "下雨" });
  await answerAll(phone, visit, list("walkaround_full").items.filter((item) => item.applies.includes("fuel")), random);
  await walkaround.answerZone({ visit, zone: "ext_front", status: "ok", items: list("walkaround_full").items.filter(({ zone }) => zone === "ext_front").map(({ id }) => id) });
  await walkaround.clearAnswer({ visit, items: ["WA-PR-01"] });
  await sign(phone, visit, "pre_inspection");
  await walkaround.recordDamage({ visit, region: "hood", kind: "dent", size: "small", x: 1, y: 1 });
  await sign(phone, visit, "pre_inspection");

  await order.open({ visit, ceiling_fen: 200_000 });
  const [operation] = phone.lists.labour_operations;
  const job = await order.addJob({ visit, labour_operation: operation.code, text: operation.text, hours_centi: operation.hours_centi, price_fen: operation.price_fen, payer: "customer" });
  await order.addPart({ visit, text: "机油", quantity_milli: 4500, price_fen: 6800, payer: "customer", part_class: "original" });
  const extra = await order.addJob({ visit, text: "抛光", hours_centi: 100, price_fen: 20_000, payer: "customer" });
  await order.decline({ visit, line: extra.args.line, reason: "下次再做", safety: false });
  await order.discount({ visit, amount_fen: 500, reason: "老客户" });
  await order.promise({ visit, promised_at: new Date(Date.now() + 7_200_000).toISOString() });
  await order.choose({ visit, old_parts: "take", wash: "accept", road_test: "agree", payment: "wechat" });
  await order.addJob({ visit, text: "误加", hours_centi: 10, price_fen: 100, payer: "customer" }).then(({ args }) => order.removeLine({ visit, line: args.line, reason: "误加" }));
  assert.ok(job);
  await sign(phone, visit, "work_order");
  await status.issueLink({ visit });

  await delivery.start({ visit, template_sha256: list("pre_delivery_internal").sha256 });
  await delivery.answer({ visit, item: "PD-DO-01", status: "ok" });
  await visits.markReady({ visit, checked_by: "石调度" });
  await handover.start({ visit, template_sha256: list("white_towel_handover").sha256, person: "赵样例" });
  await handover.findDefect({ visit, text: "左前门有水渍" });
  await visits.markReady({ visit, checked_by: "石调度", note: "已擦净" });
  await handover.start({ visit, template_sha256: list("white_towel_handover").sha256, person: "赵样例" });
  await answerAll(phone, visit, list("white_towel_handover").items.filter((item) => item.applies.includes("fuel")), random, handover);
  await handover.returnBelonging({ visit, belonging, returned: true });
  for (const mark of marks.slice(0, 2)) await handover.compareMark({ visit, mark, same: true });
  await sign(phone, visit, "handover");
  await visits.release({ visit, gate_pass: "CM-1" });
}

async function randomTaps(phone, visit, random, count) {
  const list = phone.lists.checklists.find(({ id }) => id === "walkaround_quick");
  const pick = (all) => all[Math.floor(random() * all.length)];
  const ids = { mark: ["01900000-0000-7000-8000-000000000000"], line: ["01900000-0000-7000-8000-000000000000"], belonging: [], concern: [], photo: [] };
  const made = (kind) => (act) => ids[kind].push(act.args[kind]);
  const taps = [
    () => answerAll(phone, visit, [pick(list.items)], random),
    () => answerAll(phone, visit, [pick(list.items)], random),
    () => walkaround.clearAnswer({ visit, items: [pick(list.items).id, pick(list.items).id] }),
    () => walkaround.answerZone({ visit, status: "ok", zone: "ext_front", items: list.items.slice(0, 20).map(({ id }) => id) }),
    () => walkaround.recordDamage({ visit, region: "roof", kind: "dent", size: "small", x: 1, y: 2 }).then(made("mark")),
    () => walkaround.retractDamage({ visit, mark: pick(ids.mark), reason: "看错" }),
    () => walkaround.recordBelonging({ visit, text: "伞", kept_in_car: true }).then(made("belonging")),
    () => ids.belonging.length && walkaround.retractBelonging({ visit, belonging: pick(ids.belonging), reason: "带走了" }),
    () => concern.add({ visit, text: "异响" }).then(made("concern")),
    () => ids.concern.length && concern.retract({ visit, concern: pick(ids.concern), reason: "误记" }),
    () => walkaround.skipZone({ visit, zone: "ext_rear", reason: "下雨" }),
    () => walkaround.skipPhoto({ visit, item: "WA-DR-02", reason: "下雨" }),
    () => visits.correct({ visit, customer_name: `赵${Math.floor(random() * 99)}`, reason: "写错" }),
    () => visits.describe({ visit, waiting_mode: pick(["lounge", "leaves"]) }),
    () => order.open({ visit, ceiling_fen: 1000 }),
    () => order.addJob({ visit, text: "换油", hours_centi: 80, price_fen: 9600, payer: "customer" }).then(made("line")),
    () => order.addPart({ visit, text: "机油", quantity_milli: 1000, price_fen: 100, payer: "customer", part_class: "original" }).then(made("line")),
    () => order.removeLine({ visit, line: pick(ids.line), reason: "不要" }),
    () => order.decline({ visit, line: pick(ids.line), reason: "不做", safety: random() < 0.3 }),
    () => order.decline({ visit, item: pick(list.items).id, reason: "不做", safety: false }),
    () => order.choose({ visit, wash: pick(["accept", "decline"]) }),
    () => walkaround.answer({ visit, item: pick(list.items).id, number: 99_999_999 }),
    () => walkaround.answer({ visit, item: pick(list.items).id, status: pick(["na", "ok"]) }),
    () => walkaround.answer({ visit, item: "WA-XX-99", status: "ok" }),
    () => document.refuse({ visit, kind: pick(["pre_inspection", "handover"]), revision: 1, reason: "absent" }),
    () => (random() < 0.3 ? sign(phone, visit, "pre_inspection") : undefined),
    () => visits.markReady({ visit, checked_by: "石" }),
    () => visits.release({ visit }),
    () => handover.findDefect({ visit, text: "x" }),
    () => (random() < 0.2 ? visits.cancel({ visit, reason: "改天" }) : undefined),
    () => photo.add({ visit, bytes: another(small), thumb: small, mime: "image/jpeg", width: 120, height: 120, subject: { kind: "zone", id: "ext_lf" } }).then(made("photo")),
    () => ids.photo.length && photo.retract({ visit, photo: pick(ids.photo), reason: "糊" }),
    () => ids.photo.length && photo.restore({ visit, photo: pick(ids.photo), reason: "还要" }),
  ];
  for (let n = 0; n < count; n++) await pick(taps)();
}

/** Answers these items, each in its own way; returns {item: values}. */
async function answerAll(phone, visit, items, random, run = walkaround) {
  const said = {};
  for (const { id, answer } of items) {
    said[id] = valuesOf(answer, phone.lists.option_sets, random);
    await run.answer({ visit, item: id, ...said[id] });
  }
  return said;
}

function valuesOf(answer, sets, random) {
  const pick = (all) => all[Math.floor(random() * all.length)];
  if (random() < 0.1) return { status: "na", reason: "未装" };
  if (answer.validate === "vin") return { text: "L00SA15B3PA100231" };
  if (answer.type === "status") return { status: pick(["ok", "ok", "attention", "fail"]) };
  if (answer.type === "text") return { text: pick(["无", "有划痕"]) };
  if (answer.type === "number") return { number: pick([answer.min, answer.max, Math.min(answer.max, answer.min + 20)]) };
  const value = pick(sets[answer.options]).value;
  return answer.multiple ? { choices: [value] } : { choice: value };
}

async function sign(phone, visit, kind) {
  const view = await visitView(visit);
  const sha256 = { pre_inspection: view.runs.walkaround, handover: view.runs.handover }[kind]?.template_sha256;
  const template = phone.lists.checklists.find((checklist) => checklist.sha256 === sha256);
  const previous = view.documents.filter((row) => row.kind === kind).at(-1);
  const built = buildDoc(kind, view, { catalogue: phone.lists, template, user: { staff: "E005" }, ...(previous && { signedBefore: previous }) });
  const { doc } = await seal(built);
  const strokes = [Array.from({ length: 30 }, (_, n) => [10 + n * 5, 40 + (n % 7), n * 20, 500])];
  const at = new Date().toISOString();
  const signature = { signer: "赵样例", relation: "owner", consent_sha256: doc.legal.sha256, strokes, width: 360, height: 200, opened_at: at, signed_at: at };
  return document.sign({ visit, document: doc.document, kind, revision: doc.revision, doc, signature });
}

/** A view without what only the server fills in. */
function plain(view) {
  const { pending, refused, vehicle, appointment, ...rest } = structuredClone(view);
  for (const row of [rest.visit, ...rest.documents, rest.order ?? {}]) for (const name of SERVERS_OWN) delete row[name];
  for (const row of rest.photos) delete row.state;
  return rest;
}

/** The phone's rows are the server's rows. */
async function sameAsServer(phone, visit) {
  const theirs = (await server.ask({ view: visit })).map(({ table, id, data }) => [`${table} ${id}`, data]);
  const ours = [];
  for (const table of new Set(theirs.map(([key]) => key.split(" ")[0]))) {
    for (const { id, data } of await allRows(phone.store, table)) if (data.visit_id === visit || data.id === visit) ours.push([`${table} ${id}`, data]);
  }
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs));
}

function rank({ severity }) {
  return { fail: 3, attention: 2, ok: 1 }[severity] ?? 0;
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
