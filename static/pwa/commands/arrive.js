// A car is received: the visit, what the customer chose when the notice was shown, and what the booking already says,
// each as its own act, so that a booked car needs no second typing.

import { deviceNow, toWire } from "../lib/clock.js";
import * as concern from "./concern.js";
import * as consent from "./consent.js";
import * as visit from "./visit.js";
import * as order from "./work_order.js";

/**
 * Resolves with the id of the visit. car: the known vehicle's card or undefined; booking: the appointment's row or
 * undefined; lists: the catalogue; form: the fields of visit.open; choices: {photos, signature, marketing}.
 */
export async function receive({ car, booking, lists, form, words, mode, choices, notice_version }) {
  const opened = await visit.open({ ...form, vehicle: car?.id, customer: car?.customer_id, appointment: booking?.id,
    arrived_at: toWire(deviceNow()), notice_version });
  const here = { visit: opened.visit };
  await consent.record({ ...here, notice_version, ...choices });
  await visit.describe({ ...here, arrival_mode: mode });
  if (words) await concern.add({ ...here, text: words });
  if (booking) await orderOf(here, car, booking, lists);
  return opened.visit;
}

/** The booking's jobs and parts at today's catalogue prices; the advisor goes on from there. */
async function orderOf(here, car, booking, lists) {
  const jobs = (booking.jobs ?? []).map((code) => lists.labour_operations.find((job) => job.code === code)).filter(Boolean);
  const parts = (booking.parts ?? []).map((line) => ({ ...line, known: lists.parts.find((part) => part.code === line.part) })).filter((line) => line.known);
  if (!jobs.length && !parts.length) return;
  const payer = booking.payer ?? "customer";
  await order.open({ ...here, ceiling_fen: car?.ceiling_fen, repair_category: jobs[0]?.repair_category });
  for (const { code, text, hours_centi, price_fen, safety, high_voltage } of jobs) {
    await order.addJob({ ...here, labour_operation: code, text, hours_centi, price_fen, payer, safety: safety || undefined, high_voltage: high_voltage || undefined });
  }
  for (const { part, quantity_milli, known } of parts) {
    await order.addPart({ ...here, part, text: known.text, quantity_milli, price_fen: known.price_fen, payer, part_class: known.part_class });
  }
  if (booking.promised_at && new Date(booking.promised_at) > deviceNow()) await order.promise({ ...here, promised_at: booking.promised_at });
}
