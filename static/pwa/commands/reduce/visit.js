// What a pending act means to the visit's own row. Each function does what its namesake in webapp/domain does, and nothing
// where the server would refuse.

import { revise, takeStep } from "../journey.js";
import { openRefusals } from "../refusals.js";
import { fill, stamp } from "./register.js";

export default {
  "visit.open"(rows, act, args) {
    if (rows.visit) return;
    const known = rows.get("vehicle", args.vehicle);
    const { vehicle, customer, appointment, ...told } = args;
    rows.put("visit", {
      ...told, id: act.visit, state: "arrived", advisor: act.actor, body: known?.body ?? "saloon", vehicle_id: vehicle,
      vin: args.vin ?? known?.vin, model: args.model ?? known?.model, customer_id: customer ?? known?.customer_id,
      appointment_id: appointment, revisions: {}, signed: {}, said: { "*": stamp(act) }, touched_at: act.acted_at,
    });
    const booked = rows.get("appointment", appointment);
    if (booked) booked.visit_id ??= act.visit;
  },
  "visit.describe": (rows, act, args) => fill(rows, act, rows.visit, args),
  "visit.correct"(rows, act, { reason, ...args }) {
    fill(rows, act, rows.visit, args);
    for (const kind of ["pre_inspection", "work_order"]) revise(rows.visit, kind);
  },
  "visit.merge"(rows, act, args) {
    if (!rows.visit.signed || !Object.keys(rows.visit.signed).length) {
      rows.set(rows.visit, { state: "cancelled", merged_into: args.into, cancel_reason: args.reason });
    }
  },
  "visit.mark_ready"(rows, act, args) {
    if (takeStep(rows.visit, act.command)) rows.set(rows.visit, { ready_at: act.acted_at, checked_by: args.checked_by, ready_note: args.note });
  },
  "visit.release"(rows, act, args) {
    const [declined, documents, refusals] = ["declined_item", "document", "document_refusal"].map((table) => rows.all(table));
    if (openRefusals({ visit: rows.visit, declined, documents, refusals }).length || !takeStep(rows.visit, act.command)) return;
    rows.set(rows.visit, { released_at: act.acted_at, gate_pass: args.gate_pass, settled_note: args.settled_elsewhere });
  },
  "visit.cancel"(rows, act, args) {
    if (takeStep(rows.visit, act.command)) rows.visit.cancel_reason = args.reason;
  },
  "consent.record"(rows, act, args) {
    rows.put("consent", { id: act.id, visit_id: act.visit, ...args, recorded_at: act.acted_at, recorded_by: act.actor });
  },
  "status.issue_link"(rows, act, { link, token_sha256, ...args }) {
    rows.put("status_link", { id: link, visit_id: act.visit, ...args, revoked: false, issued_by: act.actor, issued_at: act.acted_at });
  },
  "status.revoke_link"(rows, act, { link, reason }) {
    const row = rows.get("status_link", link);
    if (row && !row.revoked) rows.set(row, { revoked: true, revoke_reason: reason });
  },
};
