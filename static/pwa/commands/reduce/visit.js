// What a pending act means to the visit's own row. Each function does what webapp/domain/visit.py does, and nothing when
// the server would refuse.

import { revise, takeStep } from "../journey.js";

export default {
  "visit.open"(rows, act, args) {
    if (rows.visit) return;
    const known = rows.get("vehicle", args.vehicle);
    const { vehicle, customer, appointment, ...told } = args;
    rows.put("visit", {
      ...told, id: act.visit, state: "arrived", advisor: act.actor, body: known?.body ?? "saloon", vehicle_id: known?.id,
      customer_id: customer ?? known?.customer_id, appointment_id: appointment, revisions: {}, signed: {}, touched_at: act.acted_at,
    });
    const booked = rows.get("appointment", appointment);
    if (booked) booked.visit_id ??= act.visit;
  },
  "visit.describe"(rows, act, args) {
    Object.assign(rows.visit, args);
  },
  "visit.correct"(rows, act, { reason, ...args }) {
    Object.assign(rows.visit, args);
    for (const kind of ["pre_inspection", "work_order"]) revise(rows.visit, kind);
  },
  "visit.merge"(rows, act, args) {
    rows.visit.merged_into = args.into;
  },
  "visit.mark_ready"(rows, act, args) {
    if (takeStep(rows.visit, "visit.mark_ready")) {
      Object.assign(rows.visit, { ready_at: act.acted_at, checked_by: args.checked_by, ready_note: args.note });
    }
  },
  "visit.release"(rows, act, args) {
    if (!takeStep(rows.visit, "visit.release")) return;
    Object.assign(rows.visit, { released_at: act.acted_at, gate_pass: args.gate_pass, settled_note: args.settled_elsewhere });
  },
  "visit.cancel"(rows, act, args) {
    if (takeStep(rows.visit, "visit.cancel")) rows.visit.cancel_reason = args.reason;
  },
  "consent.record"(rows, act, args) {
    rows.put("consent", { id: act.id, visit_id: act.visit, ...args, recorded_at: act.acted_at, recorded_by: act.actor });
  },
  "status.issue_link"(rows, act, { link, token_sha256, ...args }) {
    rows.put("status_link", { id: link, visit_id: act.visit, ...args, revoked: false, issued_by: act.actor, issued_at: act.acted_at });
  },
  "status.revoke_link"(rows, act, { link, reason }) {
    const row = rows.get("status_link", link);
    if (row) Object.assign(row, { revoked: true, revoke_reason: reason });
  },
};
