// Walkaround, internal delivery and handover: what is seen on the car.

import { revise, takeStep } from "../journey.js";
import { answerItem, clearItems, startRun, startStep } from "./checklist.js";

const SHEET = { walkaround: "pre_inspection", handover: "handover" };

function answersOf(run) {
  return {
    [`${run}.answer`](rows, act, args, ctx) {
      answerItem(rows, act, run, args, ctx);
      if (SHEET[run]) revise(rows.visit, SHEET[run]);
    },
    [`${run}.answer_zone`](rows, act, args, ctx) {
      for (const item of args.items) answerItem(rows, act, run, { item, status: args.status }, ctx, { id: `${act.id}.${item}` });
      if (SHEET[run]) revise(rows.visit, SHEET[run]);
    },
    [`${run}.clear_answer`](rows, act, args) {
      clearItems(rows, run, args.items);
      if (SHEET[run]) revise(rows.visit, SHEET[run]);
    },
  };
}

function retract(rows, table, id, reason) {
  const row = rows.get(table, id);
  if (row) Object.assign(row, { retracted: true, retract_reason: reason });
}

function skip(rows, act, kind, subject, reason) {
  rows.put("skip", { id: `${act.visit}.${kind}.${subject}`, visit_id: act.visit, kind, subject, reason, skipped_by: act.actor });
}

export default {
  ...answersOf("walkaround"), ...answersOf("internal_delivery"), ...answersOf("handover"),
  "walkaround.start": (rows, act, args) => startStep(rows, act, "walkaround", args),
  "internal_delivery.start": (rows, act, args) => startRun(rows, act, "internal_delivery", args),
  "handover.start": (rows, act, args) => startStep(rows, act, "handover", args),
  "walkaround.resolve"(rows, act, args, ctx) {
    answerItem(rows, act, "walkaround", args, ctx, { resolving: true });
    revise(rows.visit, "pre_inspection");
  },
  "walkaround.skip_zone": (rows, act, args) => skip(rows, act, "zone", args.zone, args.reason),
  "walkaround.skip_photo": (rows, act, args) => skip(rows, act, "photo", args.item, args.reason),
  "walkaround.record_damage"(rows, act, { mark, photos = [], ...args }) {
    const revision = revise(rows.visit, "pre_inspection");
    rows.put("damage_mark", { id: mark, visit_id: act.visit, ...args, photos, retracted: false, recorded_by: act.actor,
      recorded_at: act.acted_at, revision });
  },
  "walkaround.retract_damage"(rows, act, args) {
    retract(rows, "damage_mark", args.mark, args.reason);
    revise(rows.visit, "pre_inspection");
  },
  "walkaround.compare_mark"(rows, act, { photos = [], ...args }) {
    rows.put("mark_check", { id: act.id, visit_id: act.visit, run: "walkaround", ...args, photos, checked_by: act.actor,
      checked_at: act.acted_at });
    revise(rows.visit, "pre_inspection");
  },
  "walkaround.record_belonging"(rows, act, { belonging, photos = [], ...args }) {
    rows.put("belonging", { id: belonging, visit_id: act.visit, ...args, photos, retracted: false, recorded_by: act.actor,
      recorded_at: act.acted_at });
    revise(rows.visit, "pre_inspection");
  },
  "walkaround.retract_belonging"(rows, act, args) {
    retract(rows, "belonging", args.belonging, args.reason);
    revise(rows.visit, "pre_inspection");
  },
  "concern.add"(rows, act, { concern, ...args }) {
    rows.put("concern", { id: concern, visit_id: act.visit, ...args, retracted: false, recorded_by: act.actor,
      recorded_at: act.acted_at });
    revise(rows.visit, "work_order");
  },
  "concern.retract"(rows, act, args) {
    retract(rows, "concern", args.concern, args.reason);
    revise(rows.visit, "work_order");
  },
  "photo.add"(rows, act, { photo, subject, ...args }) {
    rows.put("photo", { id: photo, visit_id: act.visit, ...args, subject_kind: subject.kind, subject_id: subject.id,
      state: "expected", retracted: false, shapes: [], taken_by: act.actor, device_id: act.device });
  },
  "photo.annotate"(rows, act, args) {
    const row = rows.get("photo", args.photo);
    if (row) row.shapes = args.shapes;
  },
  "photo.retract": (rows, act, args) => retract(rows, "photo", args.photo, args.reason),
  "photo.restore"(rows, act, args) {
    const row = rows.get("photo", args.photo);
    if (row) Object.assign(row, { retracted: false });
  },
  "handover.return_belonging"(rows, act, args) {
    const row = rows.get("belonging", args.belonging);
    if (row) Object.assign(row, { returned: args.returned, return_note: args.note });
    revise(rows.visit, "handover");
  },
  "handover.compare_mark"(rows, act, { same, photos = [], ...args }) {
    rows.put("mark_check", { id: act.id, visit_id: act.visit, run: "handover", ...args, now: same ? "same" : "not_same", photos,
      checked_by: act.actor, checked_at: act.acted_at });
    revise(rows.visit, "handover");
  },
  "handover.find_defect"(rows, act, { photos = [], ...args }) {
    if (!takeStep(rows.visit, act.command)) return;
    rows.put("defect", { id: act.id, visit_id: act.visit, ...args, photos, found_at: act.acted_at });
  },
};
