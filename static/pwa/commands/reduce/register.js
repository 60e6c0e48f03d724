// Fields that one person fills. The first accepted value stays when two fill one unseen; the second is kept beside it as a
// suggestion. The twin of webapp/domain/register.py.

import { judge } from "./conflict.js";

/** Fills what is given into the visit or its order. Returns false when another person's value stays. */
export function fill(rows, act, row, values) {
  let kept = true;
  for (const [field, value] of Object.entries(values)) if (value !== undefined) kept = fillOne(rows, act, row, field, value) && kept;
  return kept;
}

export function stamp(act) {
  return { device_id: act.device, seq: act.seq, by: act.actor };
}

function fillOne(rows, act, row, field, value) {
  const name = row === rows.visit ? field : `work_order.${field}`;
  const filled = row.said?.[field] ?? row.said?.["*"];
  if (row[field] !== undefined && filled) {
    const judged = judge("register", { ...filled, value: String(row[field]) },
      { value: String(value), device_id: act.device, seq: act.seq, base: act.base });
    if (judged.verdict === "conflict") {
      rows.put("discrepancy", { id: `${act.id}.${field}`, visit_id: rows.id, field: name, value: String(value).slice(0, 100),
        said_by: act.actor, said_at: act.acted_at, settled: false });
      return false;
    }
    for (const other of rows.find("discrepancy", (d) => d.field === name)) other.settled = true;
  }
  row[field] = value;
  row.said = { ...row.said, [field]: stamp(act) };
  return true;
}
