// What the phone shows: rows as last pulled, and over them every act of this phone that they do not contain yet. A visit
// that is open on a screen stays in memory and is brought forward act by act; nothing is read again (offline.md 3.3).

import { listen } from "../outbox/bell.js";
import { needAttention, pendingActs } from "../store/acts.js";
import { byHash, catalogue } from "../store/catalogue.js";
import { allRows, rowOf } from "../store/rows.js";
import { here } from "./here.js";
import { reduce } from "./reduce/index.js";
import { Rows } from "./reduce/rows.js";

const MOST = 12;
const entries = new Map();
const watchers = new Map();
let cars;

/** The visit as this phone knows it, or undefined when it knows none. The shape is in docs/phone.md. */
export async function visitView(visit) {
  const entry = await entryOf(visit);
  entry.view ??= draw(entry);
  return entry.view;
}

/** fn(visit) whenever this visit changes, on this phone or from the server; returns how to stop. "" watches all. */
export function onChange(visit, fn) {
  if (!watchers.has(visit)) watchers.set(visit, new Set());
  watchers.get(visit).add(fn);
  return () => watchers.get(visit).delete(fn);
}

/** {visits: [visit row with pending, refused], appointments: [row with vehicle]}, everything the store has open, newest first. */
export async function today() {
  const store = here();
  const [visits, pending, refused, booked] = await Promise.all(
    [allRows(store, "visit"), pendingActs(store), needAttention(store), allRows(store, "appointment")]);
  const mine = new Set(pending.map((kept) => kept.visit).filter(Boolean));
  const rows = visits.filter((row) => !mine.has(row.id)).map((row) => ({ ...row.data, pending: 0 }));
  for (const visit of mine) {
    const view = await visitView(visit);
    if (view) rows.push({ ...view.visit, pending: view.pending });
  }
  for (const row of rows) row.refused = refused.filter((kept) => kept.visit === row.id).length;
  rows.sort((a, b) => (a.arrived_at < b.arrived_at ? 1 : -1));
  const come = new Set(rows.map((row) => row.appointment_id));
  const waiting = booked.map((row) => row.data).filter((row) => !row.visit_id && !come.has(row.id));
  waiting.sort((a, b) => (a.slot_start_at < b.slot_start_at ? -1 : 1));
  const appointments = await Promise.all(waiting.map(async (row) => ({ ...row, vehicle: await rowOf(store, "vehicle", row.vehicle_id) })));
  return { visits: rows, appointments };
}

/** Known cars whose plate, VIN or owner contains the text: at most 20, the freshest first. */
export async function findCars(text) {
  const wanted = text.replace(/[\s·-]/g, "").toUpperCase();
  cars ??= (await allRows(here(), "vehicle")).map((row) => row.data);
  if (!wanted) return [];
  const found = cars.filter((car) => car.plate?.includes(wanted) || car.vin?.includes(wanted) || car.customer_name?.includes(wanted));
  return found.sort((a, b) => ((a.last_visit_on ?? "") < (b.last_visit_on ?? "") ? 1 : -1)).slice(0, 20);
}

/** Forgets what is in memory: another person signs in, or a test begins. */
export function forgetViews() {
  entries.clear();
  cars = undefined;
}

listen("kept", async ({ visit, act, elsewhere }) => {
  if (!visit) return;
  const waiting = entries.get(visit);
  if (elsewhere) entries.delete(visit);
  else if (waiting) bringForward(await waiting, act);
  tell([visit]);
});
listen("pulled", ({ visits, tables }) => {
  if (tables.includes("vehicle")) cars = undefined;
  for (const visit of tables.includes("vehicle") || tables.includes("appointment") ? [...entries.keys()] : visits) entries.delete(visit);
  tell(visits);
});
listen("settled", ({ visits, refused }) => {
  for (const visit of refused ?? []) entries.delete(visit);
  tell(visits);
});

function tell(visits) {
  for (const visit of [...visits, ""]) for (const fn of watchers.get(visit) ?? []) fn(visit);
}

/** The visit in memory: {rows, done: ids of acts in it, acts, refused, ctx, view}. Built once, by whoever asks first. */
function entryOf(visit) {
  const known = entries.get(visit);
  const entry = known ?? build(visit);
  entries.delete(visit);
  entries.set(visit, entry);
  if (entries.size > MOST) entries.delete(entries.keys().next().value);
  if (!known) entry.catch(() => entries.delete(visit));
  return entry;
}

async function build(visit) {
  const store = here();
  const both = store.read(["rows", "acts"], (tx) => Promise.all(["rows", "acts"].map((name) => tx.objectStore(name).index("visit").getAll(visit))));
  const [[pulled, pending], refused] = await Promise.all([both, needAttention(store, visit), catalogue(store)]);
  const entry = { rows: new Rows(visit, pulled), done: new Set(), refused };
  const acts = pending.map((kept) => kept.act);
  [entry.ctx] = await Promise.all([context(store, entry.rows, acts), bring(store, entry.rows, acts)]);
  for (const { act } of pending) bringForward(entry, act);
  return entry;
}

/** The car's card and the booking belong to the view though they belong to no visit. */
async function bring(store, rows, acts) {
  const open = acts.find((act) => act.command === "visit.open")?.args;
  const booking = rows.visit?.appointment_id ?? open?.appointment;
  const wanted = [["vehicle", rows.visit?.vehicle_id ?? open?.vehicle], ["appointment", booking]];
  await Promise.all(wanted.map(async ([table, id]) => {
    const row = id && !rows.get(table, id) && (await rowOf(store, table, id));
    if (row) rows.put(table, row);
  }));
}

async function context(store, rows, acts) {
  const list = await catalogue(store);
  const named = new Set([...rows.all("checklist_run").map((run) => run.template_sha256), ...acts.map((act) => act.args.template_sha256)]);
  const old = new Map();
  for (const sha256 of named) if (sha256) old.set(sha256, await byHash(store, sha256));
  const template = (sha256) => old.get(sha256) ?? list?.checklists?.find((checklist) => checklist.sha256 === sha256);
  const walk = () => template(rows.get("checklist_run", `${rows.id}.walkaround`)?.template_sha256);
  return {
    template, optionSets: list?.option_sets ?? {}, item: (id) => walk()?.items.find((item) => item.id === id),
    labour: (code) => code && list?.labour_operations?.find((operation) => operation.code === code),
  };
}

function bringForward(entry, act) {
  if (entry.done.has(act.id)) return;
  entry.done.add(act.id);
  reduce(entry.rows, act, entry.ctx);
  entry.view = undefined;
}

function draw({ rows, done, refused }) {
  if (!rows.visit) return undefined;
  const visit = rows.visit;
  const by = (table, key) => Object.fromEntries(rows.all(table).map((row) => [row[key], row]));
  return {
    visit, consent: rows.all("consent").at(-1), runs: by("checklist_run", "run"), answers: answers(rows.all("answer")),
    skips: skips(rows.all("skip")), marks: rows.all("damage_mark"), checks: checks(rows.all("mark_check")),
    belongings: rows.all("belonging"), concerns: rows.all("concern"), defects: rows.all("defect"), photos: rows.all("photo"),
    discrepancies: rows.all("discrepancy"), order: rows.get("work_order", visit.id), lines: rows.all("order_line"),
    declined: rows.all("declined_item"), documents: rows.all("document"), refusals: rows.all("document_refusal"),
    links: rows.all("status_link"), vehicle: rows.get("vehicle", visit.vehicle_id),
    appointment: rows.get("appointment", visit.appointment_id), pending: done.size, refused,
  };
}

function answers(all) {
  const runs = { walkaround: {}, internal_delivery: {}, handover: {} };
  for (const row of all) {
    runs[row.run][row.item] ??= { current: undefined, others: [] };
    const item = runs[row.run][row.item];
    if (row.current) item.current = row;
    else item.others.push(row);
  }
  return runs;
}

function skips(all) {
  const found = { zone: {}, photo: {} };
  for (const row of all) found[row.kind][row.subject] = row;
  return found;
}

function checks(all) {
  const found = { walkaround: {}, handover: {} };
  for (const row of all) found[row.run][row.mark] = row;
  return found;
}
