// Answers of the three runs of a list (walkaround, internal delivery, handover): one rule for all, as in
// webapp/domain/checklist.py. An answer never overwrites: the new one becomes current, the old one stays.

import { revise } from "../journey.js";
import { severityOf } from "../severity.js";
import { judge, seen } from "./conflict.js";

const VALUES = ["status", "number", "choice", "choices", "text", "reason"];
const SHEET = { walkaround: "pre_inspection", handover: "handover" };

export function runOf(rows, run) {
  return rows.get("checklist_run", `${rows.id}.${run}`);
}

export function putRun(rows, act, run, args) {
  rows.put("checklist_run", { id: `${rows.id}.${run}`, visit_id: rows.id, run, ...args, started_at: act.acted_at, started_by: act.actor });
}

/** One answer; it stands beside another person's different one when its sender had not seen that. */
export function answer(rows, act, run, args, ctx, resolving = false) {
  const item = itemOf(rows, run, args.item, ctx);
  if (!item?.applies.includes(rows.visit.powertrain) || !fits(item, args)) return false;
  const placard = placardOf(rows, item);
  const values = Object.fromEntries(VALUES.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]));
  const severity = severityOf(item, values, { optionSets: ctx.optionSets, placard });
  settle(rows, act, fresh(act, run, args.item, act.id, { ...values, severity }), item, placard, resolving);
  reviseSheet(rows, run);
  return true;
}

/** 本区全部正常: safety and other kinds of items are left out by name, the rest is done. */
export function answerZone(rows, act, run, args, ctx) {
  if (!runOf(rows, run)) return;
  for (const id of new Set(args.items)) {
    const item = itemOf(rows, run, id, ctx);
    if (!item || !inBulk(rows, act, run, item, args.zone)) continue;
    settle(rows, act, fresh(act, run, id, `${act.id}.${id}`, { status: "ok", severity: "ok" }), item, undefined, false);
  }
  reviseSheet(rows, run);
}

/** Undo: answers the person saw are no longer current; another's unseen answer stays. */
export function clearAnswers(rows, act, run, items) {
  if (!runOf(rows, run)) return;
  for (const item of items) {
    const kept = [];
    for (const row of standing(rows, run, item)) {
      if (sawIt(rows, act, row)) row.current = row.disputed = false;
      else kept.push(row);
    }
    if (kept.length) Object.assign(kept[0], { current: true, disputed: kept.length > 1 });
  }
  reviseSheet(rows, run);
}

export function reviseSheet(rows, run) {
  if (SHEET[run]) revise(rows.visit, SHEET[run]);
}

function fresh(act, run, item, id, values) {
  return { id, visit_id: act.visit, run, item, ...values, current: true, disputed: false, answered_by: act.actor,
    answered_at: act.acted_at, device_id: act.device, seq: act.seq };
}

function settle(rows, act, row, item, placard, resolving) {
  if (rows.get("answer", row.id)) return;
  const there = standing(rows, row.run, row.item);
  const old = there.find((other) => other.current);
  if (!old) return rows.put("answer", row);
  const judged = judge(kindOf(item), { ...old, change_no: rows.changeOf(old) }, { ...row, base: act.base, resolving }, item.answer, placard);
  if (judged.current === "existing" && judged.verdict === "applied") return;

  const clash = judged.verdict === "conflict";
  for (const other of there) {
    if (!other.current && (other.device_id === act.device || resolving) && sawIt(rows, act, other)) other.disputed = false;
  }
  if (judged.current === "incoming") {
    row.disputed = judged.disputed || there.some((other) => other !== old && other.disputed);
    Object.assign(old, { current: false, disputed: clash });
  } else {
    old.disputed = true;
    Object.assign(row, { current: false, disputed: true });
  }
  rows.put("answer", row);
}

function inBulk(rows, act, run, item, zone) {
  if (item.zone !== zone || item.answer.type !== "status" || item.safety || !item.applies.includes(rows.visit.powertrain)) return false;
  const finding = standing(rows, run, item.id).find((row) => row.current && row.status !== "ok");
  return !(finding && sawIt(rows, act, finding));
}

function standing(rows, run, item) {
  return rows.having("answer", "item", item).filter((row) => row.run === run && (row.current || row.disputed));
}

function sawIt(rows, act, row) {
  return seen({ ...row, change_no: rows.changeOf(row) }, { device_id: act.device, seq: act.seq, base: act.base });
}

function itemOf(rows, run, id, ctx) {
  const sha256 = runOf(rows, run)?.template_sha256;
  return sha256 && ctx.template(sha256)?.items.find((item) => item.id === id);
}

function kindOf({ answer: { type, multiple } }) {
  return type === "choice" && multiple ? "choices" : type;
}

/** One value of the item's kind, within its range; na with a reason fits everywhere. */
function fits(item, args) {
  const filled = VALUES.filter((name) => name !== "reason" && args[name] !== undefined);
  if (filled.length !== 1) return false;
  if (args.status === "na") return Boolean(args.reason);
  return filled[0] === kindOf(item) && (args.number === undefined || (args.number >= item.answer.min && args.number <= item.answer.max));
}

/** The car's own value, scaled like the number it is compared with. */
function placardOf(rows, { answer: limits }) {
  const kpa = rows.get("vehicle", rows.visit.vehicle_id)?.placard_kpa;
  return kpa === undefined ? undefined : kpa * 10 ** (limits.decimals ?? 0);
}
