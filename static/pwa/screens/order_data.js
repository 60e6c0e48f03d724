// What the order screen shows of one visit, gathered once per drawing; a booked car's lines are there when it opens.

import { here } from "../commands/here.js";
import { categoryOf, sumsOf } from "../commands/papers.js";
import { lineFen } from "../commands/pricing.js";
import { visitView } from "../commands/view.js";
import * as workOrder from "../commands/work_order.js";
import { decimal } from "../lib/blocks.js";
import { named, t } from "../lib/words.js";
import { byHash, catalogue } from "../store/catalogue.js";
import { suggestPromise } from "./promise.js";

const filling = new Map();

/** {store, view, list, lines, sums, fen(line), part(code), operation(code), template, promisedAt, said, suggested, …} */
export async function loadOrder(visit, shell) {
  const store = here();
  const list = await catalogue(store);
  const first = await visitView(visit);
  if (!first?.visit || !list) return { list };
  const view = (await prefill(first, list, shell)) ? await visitView(visit) : first;
  const lines = view.lines.filter((line) => !line.removed);
  const hours = lines.reduce((sum, line) => sum + (line.kind === "job" ? (line.hours_centi ?? 0) : 0), 0);
  const suggested = suggestPromise(hours, list.store.opening);
  const told = view.order?.promised_at ?? bookedPromise(view);
  const run = view.runs.walkaround;
  return {
    store, view, list, lines, sums: sumsOf(view), fen: lineFen, suggested, said: view.order?.promised_at ? "order" : told ? "booking" : "",
    promisedAt: told ? new Date(told) : suggested,
    part: (code) => list.parts.find((part) => part.code === code),
    operation: (code) => list.labour_operations.find((operation) => operation.code === code),
    template: run && (await byHash(store, run.template_sha256)),
  };
}

/** 有货 6 · 缺货，11-26 到: asked before anything is promised (RC-13, WO-07). */
export function stockTag(order, line) {
  const part = line.kind === "part" && line.code ? order.part(line.code) : undefined;
  if (!part || line.part_class === "customer_supplied") return undefined;
  return stockOf(part, line.quantity_milli ?? 1000);
}

export function stockOf(part, wanted = 1000) {
  const have = part.stock_milli ?? 0;
  if (have >= wanted) return { tone: "ok", words: t("有货 %(n)s", { n: decimal(have, 3) }) };
  if (part.eta_on) return { tone: "look", words: t("缺货，%(day)s 到", { day: part.eta_on.slice(5) }) };
  return { tone: "look", words: have ? t("只有 %(n)s", { n: decimal(have, 3) }) : t("缺货") };
}

/** Nothing is added, promised or chosen before the order is open. */
export async function openOnce(visit) {
  const { order } = await visitView(visit);
  if (!order) await workOrder.open({ visit });
}

/** A job with the parts that go with it (WO-08). Resolves when all of them are kept. */
export async function addOperation(visit, list, operation, { payer = "customer", withParts = true } = {}) {
  await openOnce(visit);
  await workOrder.addJob({
    visit, labour_operation: operation.code, text: named(operation), hours_centi: operation.hours_centi, price_fen: operation.price_fen, payer,
    safety: operation.safety || undefined, high_voltage: operation.high_voltage || undefined,
  });
  if (!withParts) return;
  for (const wanted of operation.default_parts ?? []) {
    const part = list.parts.find((one) => one.code === (wanted.part ?? wanted.code ?? wanted));
    if (part) await addPart(visit, part, { payer, quantity_milli: wanted.quantity_milli ?? 1000 });
  }
}

export async function addPart(visit, part, { payer = "customer", quantity_milli = 1000 } = {}) {
  await openOnce(visit);
  return workOrder.addPart({ visit, part: part.code, text: named(part), quantity_milli, price_fen: part.price_fen, payer, part_class: part.part_class });
}

/** The booking's own time, while it has not passed. */
function bookedPromise({ appointment }) {
  return appointment?.promised_at && new Date(appointment.promised_at) > new Date() ? appointment.promised_at : undefined;
}

/** A booked car comes with its jobs. Once: an order that exists, or had lines, is left as it is. */
function prefill(view, list, shell) {
  const { appointment, visit } = view;
  if (!appointment?.jobs?.length || view.order || view.lines.length || ["released", "cancelled", "arrived"].includes(visit.state)) return false;
  if (!filling.has(visit.id)) filling.set(visit.id, shell.attempt(() => fill(view, list)).finally(() => filling.delete(visit.id)));
  return filling.get(visit.id);
}

async function fill({ appointment, visit, vehicle }, list) {
  const operations = appointment.jobs.map((code) => list.labour_operations.find((one) => one.code === code)).filter(Boolean);
  const lines = operations.map((operation) => ({ id: "", kind: "job", code: operation.code }));
  await workOrder.open({ visit: visit.id, repair_category: categoryOf({ visit, lines }, list), ceiling_fen: vehicle?.ceiling_fen });
  const booked = appointment.parts ?? [];
  for (const operation of operations) await addOperation(visit.id, list, operation, { payer: appointment.payer, withParts: !booked.length });
  for (const { part: code, quantity_milli } of booked) {
    const part = list.parts.find((one) => one.code === code);
    if (part) await addPart(visit.id, part, { payer: appointment.payer, quantity_milli });
  }
  return true;
}
