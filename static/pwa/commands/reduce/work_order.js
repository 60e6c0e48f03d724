// The order and what customers sign.

import { revise, takeStep } from "../journey.js";

function orderOf(rows, act) {
  return rows.get("work_order", act.visit)
    ?? rows.put("work_order", { id: act.visit, visit_id: act.visit, discount_fen: 0, opened_by: act.actor });
}

function addLine(rows, act, kind, { line, labour_operation, part, ...args }) {
  orderOf(rows, act);
  const revision = revise(rows.visit, "work_order");
  rows.put("order_line", { id: line, visit_id: act.visit, kind, code: labour_operation ?? part, safety: false, high_voltage: false,
    ...args, removed: false, added_by: act.actor, revision });
}

export default {
  "work_order.open"(rows, act, args) {
    Object.assign(orderOf(rows, act), args);
    revise(rows.visit, "work_order");
  },
  "work_order.add_job": (rows, act, args) => addLine(rows, act, "job", args),
  "work_order.add_part": (rows, act, args) => addLine(rows, act, "part", args),
  "work_order.discount"(rows, act, args) {
    Object.assign(orderOf(rows, act), { discount_fen: args.amount_fen, discount_reason: args.reason });
    revise(rows.visit, "work_order");
  },
  "work_order.remove_line"(rows, act, args) {
    const line = rows.get("order_line", args.line);
    if (line) Object.assign(line, { removed: true, remove_reason: args.reason });
    revise(rows.visit, "work_order");
  },
  "work_order.decline"(rows, act, args, ctx) {
    const line = rows.get("order_line", args.line);
    if (line) Object.assign(line, { removed: true, remove_reason: args.reason });
    rows.put("declined_item", { id: act.id, visit_id: act.visit, ...args, text: line?.text ?? ctx.itemName(args.item) ?? args.item,
      declined_at: act.acted_at });
    revise(rows.visit, "work_order");
  },
  "work_order.promise"(rows, act, args) {
    orderOf(rows, act).promised_at = args.promised_at;
    rows.visit.promised_at = args.promised_at;
    revise(rows.visit, "work_order");
  },
  "work_order.choose"(rows, act, args) {
    Object.assign(orderOf(rows, act), args);
    revise(rows.visit, "work_order");
  },
  "document.sign"(rows, act, { document, kind, revision, doc_sha256, signature }) {
    if (rows.get("document", document)) return;
    takeStep(rows.visit, `document.sign:${kind}`);
    rows.put("document", { id: document, visit_id: act.visit, kind, revision, doc_sha256, signer: signature.signer,
      relation: signature.relation, signed_at: signature.signed_at, received_at: act.acted_at, prepared_by: act.actor });
    const visit = rows.visit;
    visit.signed = { ...visit.signed, [kind]: Math.max(revision, visit.signed?.[kind] ?? 0) };
    visit.revisions = { ...visit.revisions, [kind]: Math.max(revision, visit.revisions?.[kind] ?? 1) };
  },
  "document.refuse"(rows, act, { photos = [], ...args }) {
    rows.put("document_refusal", { id: act.id, visit_id: act.visit, ...args, photos, refused_at: act.acted_at, recorded_by: act.actor });
    const exact = `document.refuse:${args.kind}:${args.reason}`;
    takeStep(rows.visit, exact) || takeStep(rows.visit, `document.refuse:${args.kind}`);
  },
  "document.void"(rows, act, args) {
    const row = rows.get("document", args.document);
    if (row) row.void_reason = args.reason;
  },
};
