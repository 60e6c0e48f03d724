// The journey of a visit as the phone sees it before the server has answered. The twin of webapp/domain/journey.py; a
// test compares the two.

/** [event, before, after]: from any of `before`, by `event` (a command, or command:kind), to `after`. */
export const STEPS = [
  ["walkaround.start", ["arrived"], "inspecting"],
  ["document.sign:pre_inspection", ["inspecting"], "estimating"],
  ["document.refuse:pre_inspection", ["inspecting"], "estimating"],
  ["document.sign:work_order", ["estimating", "awaiting_signature"], "authorised"],
  ["document.refuse:work_order:refused", ["estimating", "awaiting_signature"], "cancelled"],
  ["document.refuse:work_order:paper", ["estimating", "awaiting_signature"], "authorised"],
  ["document.refuse:work_order", ["estimating", "awaiting_signature"], "awaiting_signature"],
  ["visit.mark_ready", ["authorised", "internal_rework"], "ready"],
  ["handover.start", ["ready"], "handover"],
  ["handover.find_defect", ["handover"], "internal_rework"],
  ["document.sign:handover", ["handover"], "settling"],
  ["document.refuse:handover", ["handover"], "settling"],
  ["visit.release", ["settling"], "released"],
  ["visit.cancel", ["arrived", "inspecting", "estimating", "awaiting_signature"], "cancelled"],
];

/** The states in the order of the journey. */
export const STATES = ["arrived", "inspecting", "estimating", "awaiting_signature", "authorised", "internal_rework", "ready", "handover",
  "settling", "released", "cancelled"];
const SETTLED_AT = { pre_inspection: "estimating", work_order: "authorised", handover: "settling" };

export const ENDED = new Set(["released", "cancelled"]);

/** Where `event` leads from this state, or undefined. */
export function stepFor(state, event) {
  return STEPS.find(([name, before]) => name === event && before.includes(state))?.[2];
}

/** Moves the visit on; false when there is no such step from here, and then the server will refuse the act too. */
export function takeStep(visit, event) {
  const after = stepFor(visit.state, event);
  if (after) visit.state = after;
  return Boolean(after);
}

/** As takeStep for the first ending of a document of this kind; past it, what is signed again moves nothing and is fine too. */
export function takeStepOrLater(visit, event, kind) {
  return takeStep(visit, event) || isPast(visit.state, kind);
}

/** Today's facts of this document changed; after a signature that opens the next, unsigned revision. Returns its number. */
export function revise(visit, kind) {
  const current = visit.revisions?.[kind] ?? 1;
  if (visit.signed?.[kind] === current) visit.revisions = { ...visit.revisions, [kind]: current + 1 };
  return visit.revisions?.[kind] ?? 1;
}

/** A cancelled visit still takes its sheet, not an order. */
function isPast(state, kind) {
  const after = SETTLED_AT[kind];
  if (!after || state === "cancelled") return kind !== "work_order" && kind !== "handover";
  return STATES.indexOf(state) >= STATES.indexOf(after);
}
