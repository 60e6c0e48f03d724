// Every reducer under its command. A command that is not here changes no row that a phone shows.

import visit from "./visit.js";
import walkaround from "./walkaround.js";
import workOrder from "./work_order.js";

const REDUCERS = { ...visit, ...walkaround, ...workOrder };

/** Applies one act to the rows of its visit, as the server will. ctx: {template(sha256), optionSets, item(id), labour(code)}. */
export function reduce(rows, act, ctx) {
  if (act.command !== "visit.open" && !rows.visit) return;
  const nested = Object.values(act.args).some((value) => typeof value === "object");
  REDUCERS[act.command]?.(rows, act, nested ? structuredClone(act.args) : { ...act.args }, ctx);
}
