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

/** Today's facts of this document changed; after a signature that opens the next, unsigned revision. Returns its number. */
export function revise(visit, kind) {
  const current = visit.revisions?.[kind] ?? 1;
  if (visit.signed?.[kind] === current) visit.revisions = { ...visit.revisions, [kind]: current + 1 };
  return visit.revisions?.[kind] ?? 1;
}
