// Answers of the three runs of a list (walkaround, internal delivery, handover): one rule for all, as on the server.

import { takeStep } from "../journey.js";
import { severityOf } from "../severity.js";
import { judge } from "./conflict.js";

const VALUES = ["status", "number", "choice", "choices", "text", "reason"];

/** The run begins, with one version of the list. */
export function startRun(rows, act, run, args) {
  rows.put("checklist_run", { id: `${act.visit}.${run}`, visit_id: act.visit, run, ...args, started_at: act.acted_at,
    started_by: act.actor });
}

/** Begins it when the journey has such a step. */
export function startStep(rows, act, run, args) {
  if (takeStep(rows.visit, act.command)) startRun(rows, act, run, args);
}

/** One answer: it counts at once, or stands beside another person's. resolving: somebody looked together. */
export function answerItem(rows, act, run, args, ctx, { id = act.id, resolving = false } = {}) {
  if (rows.get("answer", id)) return;
  const item = itemOf(rows, act, run, args.item, ctx);
  const known = { optionSets: ctx.optionSets, placard: rows.get("vehicle", rows.visit?.vehicle_id)?.placard_kpa };
  const values = Object.fromEntries(VALUES.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]));
  const fresh = { id, visit_id: act.visit, run, item: args.item, ...values, severity: item && severityOf(item, values, known),
    current: true, disputed: false, answered_by: act.actor, answered_at: act.acted_at, device_id: act.device, seq: act.seq };

  const before = currentAnswer(rows, run, args.item);
  if (before) place(rows, act, before, fresh, item, known.placard, resolving);
  rows.put("answer", fresh);
}

export function currentAnswer(rows, run, item) {
  return rows.all("answer").find((row) => row.current && row.run === run && row.item === item);
}

/** Undo: no answer counts any more; the earlier one stays beside. */
export function clearItems(rows, run, items) {
  for (const item of items) {
    const before = currentAnswer(rows, run, item);
    if (before) before.current = false;
  }
}

function place(rows, act, before, fresh, item, placard, resolving) {
  const verdict = judge(item?.answer.type ?? "text", { ...before, change_no: rows.changeOf(before) },
    { ...fresh, base: act.base, resolving }, item?.answer, placard);
  before.current = verdict.current === "existing";
  fresh.current = !before.current;
  (before.current ? before : fresh).disputed = verdict.disputed;
}

function itemOf(rows, act, run, id, ctx) {
  const sha256 = rows.get("checklist_run", `${act.visit}.${run}`)?.template_sha256;
  return ctx.template(sha256)?.items.find((item) => item.id === id);
}
