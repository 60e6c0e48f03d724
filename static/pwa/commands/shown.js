// What a document shows of a visit, in words: people, car, answers, marks, belongings, lines. Papers are put together from these.

import { measureText } from "../lib/number.js";
import { named, t } from "../lib/words.js";
import { lineFen } from "./pricing.js";

const ODOMETER = "WA-DR-02";
const FUEL = "WA-DR-03";
const CHARGE = "WA-DR-04";
const STORE_KEYS = ["address", "uscc", "service_phone", "rescue_phone", "complaint_phone", "filing_no"];
const STATUS = { ok: () => t("正常"), attention: () => t("需关注"), fail: () => t("不合格"), na: () => t("不适用") };

/** An object without what is not known: a canonical document has no empty places. */
export function tidy(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

/** `164****2002`: what a sheet shows of a number. */
export function masked(mobile) {
  return mobile.length >= 8 ? `${mobile.slice(0, 3)}****${mobile.slice(-4)}` : mobile;
}

export function storeShown({ store }) {
  return tidy({ id: store.id, name: store.name, ...Object.fromEntries(STORE_KEYS.map((key) => [key, store[key] && String(store[key])])) });
}

export function customerShown({ customer_name, mobile, sender, sender_name }) {
  return tidy({ name: customer_name, mobile: masked(mobile), sender, sender_name });
}

export function vehicleShown(view, catalogue) {
  const { visit, vehicle } = view;
  const answers = view.answers?.walkaround ?? {};
  const fuel = answers[FUEL]?.current?.choice;
  const charge = answers[CHARGE]?.current?.number;
  const energy = [fuel && optionText(catalogue, "fuel_eighth", fuel), charge !== undefined && `${charge}%`].filter(Boolean);
  const known = tidy({
    vin: visit.vin, model: visit.model ?? vehicle?.model, colour: vehicle?.colour, odometer_km: answers[ODOMETER]?.current?.number,
    energy: energy.join(" · "),
  });
  return { plate: visit.plate ?? "", powertrain: visit.powertrain, ...known };
}

/** The words of one choice of a set. */
export function optionText(catalogue, set, value) {
  return named((catalogue.option_sets?.[set] ?? []).find((option) => option.value === value)) || value;
}

/** Items of a run in their order, each with its answer; what nobody answered is 未查. */
export function rowsShown(view, run, template, catalogue) {
  const zones = new Map(template.zones.map((zone) => [zone.id, named(zone)]));
  return template.items
    .filter((item) => !item.applies || item.applies.includes(view.visit.powertrain))
    .map((item) => rowShown(item, view.answers?.[run]?.[item.id], zones.get(item.zone) ?? item.zone, catalogue));
}

/** An answer in words: 正常, 1.5 mm, 客户带走 */
export function answerText(item, answer, catalogue) {
  if (answer.status) return STATUS[answer.status]();
  if (answer.number !== undefined) return measureText(answer.number, item.answer);
  const chosen = answer.choices ?? (answer.choice === undefined ? [] : [answer.choice]);
  return chosen.length ? chosen.map((value) => optionText(catalogue, item.answer.options, value)).join("、") : (answer.text ?? "");
}

function rowShown(item, entry, zone, catalogue) {
  const base = { zone, item: item.id, text: named(item) };
  const answer = entry?.current;
  if (!answer) return { ...base, answer: "", status: "unseen" };
  const others = (entry.others ?? []).filter((other) => other.disputed);
  const note = [answer.reason, ...others.map((other) => t("另有一人记为 %(answer)s", { answer: answerText(item, other, catalogue) }))];
  return tidyRow({ ...base, answer: answerText(item, answer, catalogue), status: statusOf(item, answer), note: note.filter(Boolean).join("；") });
}

function tidyRow({ note, ...row }) {
  return note ? { ...row, note } : row;
}

/** ok is for what was only looked at: a number or a choice is told with its value, however fine it is. */
function statusOf(item, answer) {
  const severity = answer.status ?? answer.severity;
  if (severity === "ok" && item.answer.type !== "status") return "told";
  return severity ?? "told";
}

/** Marks of this visit, and those known from the last one that were looked at again; in walking order. */
export function marksShown(view, catalogue) {
  const own = view.marks.filter((mark) => !mark.retracted).map((mark) => ({ mark }));
  const checks = view.checks?.walkaround ?? {};
  const known = (view.vehicle?.marks ?? []).filter((mark) => checks[mark.id]).map((mark) => ({ mark, check: checks[mark.id] }));
  const order = new Map((catalogue.damage?.regions ?? []).map((region, at) => [region.id, at]));
  return [...known, ...own]
    .map(({ mark, check }) => markShown(view, catalogue, mark, check))
    .sort((a, b) => (order.get(a.region) ?? 99) - (order.get(b.region) ?? 99) || (a.mark < b.mark ? -1 : 1));
}

function markShown(view, catalogue, mark, check) {
  const { kinds = [], sizes = [], regions = [] } = catalogue.damage ?? {};
  const kind = kinds.find((one) => one.code === mark.kind);
  const row = {
    mark: mark.id, region: mark.region, region_text: named(regions.find((one) => one.id === mark.region)) || mark.region,
    kind: mark.kind, kind_text: named(kind) || mark.kind, symbol: kind?.symbol ?? "?",
    size: mark.size, size_text: named(sizes.find((one) => one.code === mark.size)) || mark.size,
    x: mark.x, y: mark.y, photos: photosShown(view, [...(mark.photos ?? []), ...(check?.photos ?? [])], mark.id),
  };
  if (check) row.known = check.now;
  return mark.note ? { ...row, note: mark.note } : row;
}

/** Photos by id, and those taken of a subject; what was withdrawn is left out. */
export function photosShown(view, ids, subject) {
  const wanted = new Set(ids);
  return photosThat(view, (photo) => wanted.has(photo.id) || (subject && photo.subject_id === subject));
}

/** Photos that fit and were not withdrawn. */
export function photosThat(view, fits) {
  return view.photos.filter((photo) => !photo.retracted && fits(photo)).map((photo) => ({ photo: photo.id, sha256: photo.sha256 }));
}

export function belongingsShown(view) {
  return view.belongings.filter((thing) => !thing.retracted).map((thing) =>
    tidy({ belonging: thing.id, text: thing.text, kept_in_car: thing.kept_in_car, returned: thing.returned, note: thing.return_note }));
}

/** The customer's own words, with when, where and how behind them. */
export function concernsShown(view) {
  return view.concerns.filter((concern) => !concern.retracted).map((concern) =>
    [concern.text, ...["when", "where", "condition", "frequency"].map((key) => concern[key])].filter(Boolean).join(" · "));
}

/** Zones and guided photos passed over, each with its reason; they print as 未查. */
export function skipsShown(view, template) {
  const zones = new Map(template.zones.map((zone) => [zone.id, named(zone)]));
  const items = new Map(template.items.map((item) => [item.id, named(item)]));
  return ["zone", "photo"].flatMap((kind) => Object.values(view.skips?.[kind] ?? {})).map((skip) => {
    const name = zones.get(skip.subject) ?? items.get(skip.subject) ?? skip.subject;
    return { text: skip.kind === "photo" ? t("照片：%(name)s", { name }) : name, reason: skip.reason };
  });
}

/** Lines that stand, each job followed by the parts that go with it (WO-08); what goes with none comes last. */
export function orderedLines(view, catalogue) {
  const standing = (view.lines ?? []).filter((line) => !line.removed);
  const parts = standing.filter((line) => line.kind === "part");
  const groups = standing.filter((line) => line.kind === "job").map((job) => {
    const wanted = catalogue.labour_operations?.find((operation) => operation.code === job.code)?.default_parts ?? [];
    const codes = wanted.map((part) => part.part ?? part.code ?? part);
    const own = codes.map((code) => parts.findIndex((part) => part.code === code)).filter((at) => at >= 0);
    return { job, parts: [...new Set(own)].sort((a, b) => a - b).reverse().map((at) => parts.splice(at, 1)[0]).reverse() };
  });
  return { groups, loose: parts };
}

export function linesShown(view, catalogue) {
  const { groups, loose } = orderedLines(view, catalogue);
  return [...groups.flatMap(({ job, parts }) => [job, ...parts]), ...loose].map((line) => lineShown(line, catalogue));
}

function lineShown(line, catalogue) {
  const part = line.kind === "part" ? catalogue.parts?.find((one) => one.code === line.code) : undefined;
  return tidy({
    line: line.id, kind: line.kind, code: line.code, text: line.text, hours_centi: line.kind === "job" ? line.hours_centi : undefined,
    quantity_milli: line.kind === "part" ? line.quantity_milli : undefined, unit: part && unitText(part.unit), price_fen: line.price_fen,
    amount_fen: lineFen(line), payer: line.payer, part_class: line.part_class, safety: line.safety || undefined,
    high_voltage: line.high_voltage || undefined,
  });
}

/** The unit of a part as people say it. */
export function unitText(unit) {
  const words = { set: () => t("套"), pcs: () => t("件") };
  return words[unit]?.() ?? unit;
}

export function declinedShown(view) {
  return (view.declined ?? []).map(({ id, text, reason, safety }) => ({ declined: id, text, reason, safety: Boolean(safety) }));
}
