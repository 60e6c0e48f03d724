// What a person does at a car, by number: the same number does the same thing to the same view.

import * as concern from "../../static/pwa/commands/concern.js";
import * as consent from "../../static/pwa/commands/consent.js";
import * as document from "../../static/pwa/commands/document.js";
import { here } from "../../static/pwa/commands/here.js";
import { buildDoc, lastSigned, seal } from "../../static/pwa/commands/papers.js";
import * as photo from "../../static/pwa/commands/photo.js";
import { visitView } from "../../static/pwa/commands/view.js";
import * as visits from "../../static/pwa/commands/visit.js";
import * as walkaround from "../../static/pwa/commands/walkaround.js";
import * as order from "../../static/pwa/commands/work_order.js";
import { catalogue } from "../../static/pwa/store/catalogue.js";

const SUBJECT = { kind: "zone", id: "ext_lf" };

/** A visit to its first answer. */
export async function open({ plate, visit }) {
  const list = await catalogue(here());
  const { sha256 } = list.checklists.find(({ id }) => id === "walkaround_quick");
  await visits.open({ visit, plate, powertrain: "fuel", customer_name: "赵样例", mobile: "16400002001", sender: "owner",
    arrived_at: new Date().toISOString(), notice_version: "2026-11-01" });
  await consent.record({ visit, notice_version: "2026-11-01", photos: true, signature: true, marketing: false });
  await walkaround.start({ visit, mode: "quick", template_sha256: sha256, customer_joined: "yes" });
}

/** One tap of this kind (a key of TAPS); false when there is nothing to tap on. */
export async function tap(kind, { visit, number, pictures }) {
  const view = await visitView(visit);
  if (!view?.visit) return false;
  const random = seeded(number);
  const pick = (all) => all[Math.floor(random() * all.length)];
  return (await TAPS[kind]({ visit, view, random, pick, pictures, list: await catalogue(here()) })) ?? true;
}

const TAPS = {
  answer: ({ visit, list, pick, random }) => {
    const item = pick(list.checklists.find(({ id }) => id === "walkaround_quick").items.filter((one) => one.applies.includes("fuel")));
    return walkaround.answer({ visit, item: item.id, ...valuesOf(item.answer, list.option_sets, pick, random) });
  },
  zone: ({ visit, list }) => walkaround.answerZone({ visit, status: "ok", zone: "ext_front",
    items: list.checklists.find(({ id }) => id === "walkaround_quick").items.slice(0, 20).map(({ id }) => id) }),
  clear: ({ visit, view, pick }) => {
    const items = Object.keys(view.answers.walkaround ?? {});
    return items.length ? walkaround.clearAnswer({ visit, items: [pick(items)] }) : false;
  },
  mark: ({ visit, random }) => walkaround.recordDamage({ visit, region: "door_lf", kind: "scratch", size: "small",
    x: Math.floor(random() * 10000), y: Math.floor(random() * 10000) }),
  retract: ({ visit, view, pick }) => (view.marks.length ? walkaround.retractDamage({ visit, mark: pick(view.marks).id, reason: "看错了" }) : false),
  belonging: ({ visit }) => walkaround.recordBelonging({ visit, text: "雨伞", kept_in_car: true }),
  concern: ({ visit, random }) => concern.add({ visit, text: "起步异响".repeat(1 + Math.floor(random() * 50)) }),
  correct: ({ visit, random }) => visits.correct({ visit, customer_name: `赵${Math.floor(random() * 99)}`, reason: "写错" }),
  describe: ({ visit, pick }) => visits.describe({ visit, waiting_mode: pick(["lounge", "leaves"]) }),
  job: ({ visit, random }) => order.addJob({ visit, text: "换油", hours_centi: 80, price_fen: 100 * Math.floor(random() * 99), payer: "customer" }),
  unline: ({ visit, view, pick }) => (view.lines.length ? order.removeLine({ visit, line: pick(view.lines).id, reason: "不要" }) : false),
  photo: ({ visit, pictures, random }) => shoot(visit, pictures[random() < 0.06 ? 1 : 0]),
  twin: async ({ visit, pictures }) => { // two photos with equal bytes are two photos
    const bytes = another(pictures[0]);
    await shoot(visit, bytes, true);
    await shoot(visit, bytes, true);
  },
  unphoto: ({ visit, view, pick }) => (view.photos.length ? photo.retract({ visit, photo: pick(view.photos).id, reason: "糊" }) : false),
  sign: ({ visit, view, list }) => sign(visit, view, list),
  refuse: ({ visit }) => document.refuse({ visit, kind: "handover", revision: 1, reason: "absent" }),
  release: ({ visit }) => visits.release({ visit }), // against the rules: a refusal must be told and stop nothing
};

function shoot(visit, bytes, same = false) {
  return photo.add({ visit, bytes: same ? bytes : another(bytes), thumb: bytes.length < 20_000 ? bytes : undefined, mime: "image/jpeg",
    width: 120, height: 120, subject: SUBJECT });
}

async function sign(visit, view, list) {
  const template = list.checklists.find(({ sha256 }) => sha256 === view.runs.walkaround?.template_sha256);
  if (!template) return false;
  const signedBefore = lastSigned(view, "pre_inspection");
  const built = buildDoc("pre_inspection", view, { catalogue: list, template, user: here().user, ...(signedBefore && { signedBefore }) });
  const { doc } = await seal(built);
  const strokes = [Array.from({ length: 30 }, (_, n) => [10 + n * 5, 40 + (n % 7), n * 20, 500])];
  const at = new Date().toISOString();
  const signature = { signer: "赵样例", relation: "owner", consent_sha256: doc.legal.sha256, strokes, width: 360, height: 200, opened_at: at, signed_at: at };
  return document.sign({ visit, document: doc.document, kind: "pre_inspection", revision: doc.revision, doc, signature });
}

function valuesOf(answer, sets, pick, random) {
  if (random() < 0.1) return { status: "na", reason: "未装" };
  if (answer.validate === "vin") return { text: "L00SA15B3PA100231" };
  if (answer.type === "status") return { status: pick(["ok", "ok", "attention", "fail"]) };
  if (answer.type === "text") return { text: pick(["无", "有划痕"]) };
  if (answer.type === "number") return { number: pick([answer.min, answer.max, Math.min(answer.max, answer.min + 20)]) };
  const { value } = pick(sets[answer.options]);
  return answer.multiple ? { choices: [value] } : { choice: value };
}

/** The same picture with bytes of its own (a comment in the JPEG). */
function another(jpeg) {
  const comment = crypto.getRandomValues(new Uint8Array(16));
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xfe, 0, 18, ...comment, ...jpeg.subarray(2)]);
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
