// The order and what customers sign.

import { revise, stepFor, takeStepOrLater } from "../journey.js";
import { runOf } from "./checklist.js";
import { fill, stamp } from "./register.js";
import { choicesSoFar } from "./walkaround.js";

const RUN = { pre_inspection: "walkaround", handover: "handover" };

/** Acts on an order that is open; nothing before. */
function onOrder(work) {
  return (rows, act, args, ctx) => {
    const order = rows.get("work_order", rows.id);
    if (order && work(rows, act, args, order, ctx) !== false) revise(rows.visit, "work_order");
  };
}

function addLine(rows, act, kind, { line, labour_operation, part, ...args }, known) {
  if (rows.get("order_line", line)) return false;
  const { safety = false, high_voltage = false } = known ?? {};
  rows.put("order_line", { id: line, visit_id: rows.id, kind, code: labour_operation ?? part, safety, high_voltage, ...args,
    removed: false, added_by: act.actor, revision: revise(rows.visit, "work_order") });
}

/** A sheet needs its walk, an order needs to be open. */
function hasBegun(rows, kind) {
  if (kind === "work_order") return Boolean(rows.get("work_order", rows.id));
  return !RUN[kind] || Boolean(runOf(rows, RUN[kind]));
}

export default {
  "work_order.open"(rows, act, args) {
    const order = rows.get("work_order", rows.id);
    if (order) fill(rows, act, order, args);
    else rows.put("work_order", { id: rows.id, visit_id: rows.id, opened_by: act.actor, discount_fen: 0, said: { "*": stamp(act) },
      ...choicesSoFar(rows), ...args });
    revise(rows.visit, "work_order");
  },
  "work_order.add_job": onOrder((rows, act, args, order, ctx) => addLine(rows, act, "job", args, ctx.labour(args.labour_operation))),
  "work_order.add_part": onOrder((rows, act, args) => addLine(rows, act, "part", args)),
  "work_order.discount": onOrder((rows, act, args, order) => {
    if (fill(rows, act, order, { discount_fen: args.amount_fen })) order.discount_reason = args.reason;
  }),
  "work_order.remove_line": onOrder((rows, act, args) => {
    const line = rows.get("order_line", args.line);
    if (!line || line.removed) return false;
    rows.set(line, { removed: true, remove_reason: args.reason });
  }),
  "work_order.decline"(rows, act, args, ctx) {
    const line = rows.get("order_line", args.line);
    const item = args.item && ctx.item(args.item);
    if (!line && !item) return;
    const safety = Boolean(args.safety || line?.safety || item?.safety);
    const [there] = rows.find("declined_item", (row) => row.line === args.line && row.item === args.item);
    if (there) rows.set(there, { reason: args.reason, safety: there.safety || safety });
    else rows.put("declined_item", { id: act.id, visit_id: rows.id, line: args.line, item: args.item, text: line?.text ?? item.zh.slice(0, 200),
      reason: args.reason, safety, declined_at: act.acted_at });
    if (line) rows.set(line, { removed: true, remove_reason: args.reason });
    if (safety) revise(rows.visit, "refusal_statement");
    revise(rows.visit, "work_order");
  },
  "work_order.promise": onOrder((rows, act, args, order) => {
    fill(rows, act, order, { promised_at: new Date(args.promised_at).toISOString() });
    rows.visit.promised_at = order.promised_at;
  }),
  "work_order.choose": onOrder((rows, act, args, order) => { fill(rows, act, order, args); }),
  "document.sign"(rows, act, { document, kind, revision, doc_sha256, signature }) {
    const mayNot = rows.all("consent").at(-1)?.signature === false;
    if (rows.get("document", document) || mayNot || !hasBegun(rows, kind)) return;
    if (!takeStepOrLater(rows.visit, `document.sign:${kind}`, kind)) return;
    rows.put("document", { id: document, visit_id: rows.id, kind, revision, doc_sha256, signer: signature.signer,
      relation: signature.relation, signed_at: signature.signed_at, received_at: act.acted_at, prepared_by: act.actor });
    const visit = rows.visit;
    const signed = Math.max(revision, visit.signed?.[kind] ?? 0);
    visit.signed = { ...visit.signed, [kind]: signed };
    visit.revisions = { ...visit.revisions, [kind]: Math.max(signed, visit.revisions?.[kind] ?? 1) };
  },
  "document.refuse"(rows, act, { photos = [], ...args }) {
    const exact = `document.refuse:${args.kind}:${args.reason}`;
    const event = stepFor(rows.visit.state, exact) ? exact : `document.refuse:${args.kind}`;
    if (!hasBegun(rows, args.kind) || !takeStepOrLater(rows.visit, event, args.kind)) return;
    rows.put("document_refusal", { id: act.id, visit_id: rows.id, ...args, photos, refused_at: act.acted_at, recorded_by: act.actor });
  },
  "document.void"(rows, act, args) {
    const row = rows.get("document", args.document);
    if (!row || row.void_reason) return;
    row.void_reason = args.reason;
    const { visit } = rows;
    const current = visit.revisions?.[row.kind] ?? 1;
    if (visit.signed?.[row.kind] === row.revision && row.revision === current) visit.revisions = { ...visit.revisions, [row.kind]: current + 1 };
  },
};
