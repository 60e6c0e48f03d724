// Walkaround, internal delivery and handover: what is seen on the car.

import { revise, takeStep } from "../journey.js";
import { answer, answerZone, clearAnswers, putRun, reviseSheet, runOf } from "./checklist.js";
import { judge } from "./conflict.js";
import { fill } from "./register.js";

const WORSE = { same: "ok", gone: "attention", worse: "fail", not_same: "fail" };
const CHOICES = { "WA-CF-02": "old_parts", "WA-CF-03": "wash", "WA-CF-04": "road_test" };
const TOO_EARLY = new Set(["arrived", "inspecting", "estimating", "awaiting_signature"]);
const OF_THE_CAR = new Set(["item", "mark", "zone", "belonging", "handover"]);

/** What the customer chose on the walk, for the order. */
export function choicesSoFar(rows) {
  const told = rows.find("answer", (row) => row.run === "walkaround" && row.current && CHOICES[row.item] && row.choice);
  return Object.fromEntries(told.map((row) => [CHOICES[row.item], row.choice]));
}

function ofRun(run) {
  return {
    [`${run}.answer`]: (rows, act, args, ctx) => answer(rows, act, run, args, ctx),
    [`${run}.answer_zone`]: (rows, act, args, ctx) => answerZone(rows, act, run, args, ctx),
    [`${run}.clear_answer`]: (rows, act, args) => clearAnswers(rows, act, run, args.items),
  };
}

/** Old parts, wash and road test feed the order too. */
function answerAndFeed(rows, act, args, ctx, resolving) {
  const order = rows.get("work_order", rows.id);
  if (!answer(rows, act, "walkaround", args, ctx, resolving) || !order || !CHOICES[args.item] || !args.choice) return;
  fill(rows, act, order, { [CHOICES[args.item]]: args.choice });
  revise(rows.visit, "work_order");
}

function retract(rows, table, id, reason, kinds) {
  const row = rows.get(table, id);
  if (!row || row.retracted) return;
  rows.set(row, { retracted: true, retract_reason: reason });
  for (const kind of kinds) revise(rows.visit, kind);
}

function skip(rows, act, kind, subject, reason) {
  if (!runOf(rows, "walkaround")) return;
  rows.put("skip", { id: `${rows.id}.${kind}.${subject}`, visit_id: rows.id, kind, subject, reason, skipped_by: act.actor });
  revise(rows.visit, "pre_inspection");
}

/** One look at one known mark per run; of two people's different looks the worse counts. */
function check(rows, act, run, { mark, now, photos = [], note }) {
  if (!runOf(rows, run)) return;
  reviseSheet(rows, run);
  const [row] = rows.find("mark_check", (other) => other.run === run && other.mark === mark);
  if (!row) {
    rows.put("mark_check", { id: act.id, visit_id: rows.id, run, mark, now, note, photos, checked_by: act.actor, checked_at: act.acted_at });
    return;
  }
  const old = { status: row.now, severity: WORSE[row.now], device_id: row.checked_by, seq: 0, change_no: rows.changeOf(row) };
  const fresh = { status: now, severity: WORSE[now], device_id: act.actor, seq: 1, base: act.base };
  if (judge("status", old, fresh).current === "incoming") rows.set(row, { now, note, checked_by: act.actor, checked_at: act.acted_at });
  row.photos = [...row.photos, ...photos.filter((photo) => !row.photos.includes(photo))];
}

function sheetOf(kind) {
  return kind === "handover" ? "handover" : "pre_inspection";
}

export default {
  ...ofRun("walkaround"), ...ofRun("internal_delivery"), ...ofRun("handover"),
  "walkaround.answer": answerAndFeed,
  "walkaround.resolve": (rows, act, args, ctx) => answerAndFeed(rows, act, args, ctx, true),
  "walkaround.start"(rows, act, args) {
    const run = runOf(rows, "walkaround");
    if (!rows.all("consent").length) return;
    if (!run && takeStep(rows.visit, act.command)) putRun(rows, act, "walkaround", args);
    if (run?.mode === "quick" && args.mode === "full") {
      rows.set(run, { mode: "full", template_sha256: args.template_sha256 });
      revise(rows.visit, "pre_inspection");
    }
  },
  "internal_delivery.start"(rows, act, args) {
    if (!TOO_EARLY.has(rows.visit.state) && !runOf(rows, "internal_delivery")) putRun(rows, act, "internal_delivery", args);
  },
  "handover.start"(rows, act, args) {
    const run = runOf(rows, "handover");
    if (!takeStep(rows.visit, act.command)) return;
    if (!run) return putRun(rows, act, "handover", args);
    rows.set(run, { ...args, started_at: act.acted_at });
    for (const row of rows.find("answer", (other) => other.run === "handover")) if (row.current) row.current = row.disputed = false;
    revise(rows.visit, "handover");
  },
  "walkaround.skip_zone": (rows, act, args) => skip(rows, act, "zone", args.zone, args.reason),
  "walkaround.skip_photo": (rows, act, args) => skip(rows, act, "photo", args.zone ?? args.item, args.reason),
  "walkaround.record_damage"(rows, act, { mark, photos = [], ...args }) {
    if (!runOf(rows, "walkaround") || rows.get("damage_mark", mark)) return;
    const revision = revise(rows.visit, "pre_inspection");
    rows.put("damage_mark", { id: mark, visit_id: rows.id, ...args, photos, retracted: false, recorded_by: act.actor,
      recorded_at: act.acted_at, revision });
  },
  "walkaround.retract_damage": (rows, act, args) => retract(rows, "damage_mark", args.mark, args.reason, ["pre_inspection"]),
  "walkaround.compare_mark": (rows, act, args) => check(rows, act, "walkaround", args),
  "walkaround.record_belonging"(rows, act, { belonging, photos = [], ...args }) {
    if (!runOf(rows, "walkaround") || rows.get("belonging", belonging)) return;
    revise(rows.visit, "pre_inspection");
    rows.put("belonging", { id: belonging, visit_id: rows.id, ...args, photos, retracted: false, recorded_by: act.actor,
      recorded_at: act.acted_at });
  },
  "walkaround.retract_belonging": (rows, act, args) => retract(rows, "belonging", args.belonging, args.reason, ["pre_inspection"]),
  "concern.add"(rows, act, { concern, ...args }) {
    if (rows.get("concern", concern)) return;
    rows.put("concern", { id: concern, visit_id: rows.id, ...args, retracted: false, recorded_by: act.actor, recorded_at: act.acted_at });
    for (const kind of ["pre_inspection", "work_order"]) revise(rows.visit, kind);
  },
  "concern.retract": (rows, act, args) => retract(rows, "concern", args.concern, args.reason, ["pre_inspection", "work_order"]),
  "photo.add"(rows, act, { photo, subject, ...args }) {
    const refused = OF_THE_CAR.has(subject.kind) && rows.all("consent").at(-1)?.photos === false;
    if (rows.get("photo", photo) || refused) return;
    rows.put("photo", { id: photo, visit_id: rows.id, ...args, subject_kind: subject.kind, subject_id: subject.id,
      state: "expected", retracted: false, shapes: [], taken_by: act.actor, device_id: act.device });
    if (subject.kind !== "other") revise(rows.visit, sheetOf(subject.kind));
  },
  "photo.annotate"(rows, act, args) {
    const row = rows.get("photo", args.photo);
    if (row) row.shapes = args.shapes;
  },
  "photo.retract"(rows, act, args) {
    const kind = rows.get("photo", args.photo)?.subject_kind;
    retract(rows, "photo", args.photo, args.reason, kind === "other" ? [] : [sheetOf(kind)]);
  },
  "photo.restore"(rows, act, args) {
    const row = rows.get("photo", args.photo);
    if (!row?.retracted) return;
    rows.set(row, { retracted: false, retract_reason: args.reason });
    if (row.subject_kind !== "other") revise(rows.visit, sheetOf(row.subject_kind));
  },
  "handover.return_belonging"(rows, act, args) {
    const row = rows.get("belonging", args.belonging);
    if (!row || !runOf(rows, "handover")) return;
    rows.set(row, { returned: args.returned, return_note: args.note });
    revise(rows.visit, "handover");
  },
  "handover.compare_mark": (rows, act, { same, ...args }) => check(rows, act, "handover", { ...args, now: same ? "same" : "not_same" }),
  "handover.find_defect"(rows, act, { photos = [], ...args }) {
    if (!takeStep(rows.visit, act.command)) return;
    rows.put("defect", { id: act.id, visit_id: rows.id, ...args, photos, found_at: act.acted_at });
  },
};
