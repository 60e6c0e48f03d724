// 单据 on the phone: from the visit as this phone knows it to the canonical object that the customer signs. Shapes are the
// JSON Schemas of webapp/domain/documents/; a test sends what is built here through them.

import { docToBlocks } from "../lib/blocks.js";
import { base64url, randomBytes } from "../lib/bytes.js";
import { canonical, sha256Hex } from "../lib/canon.js";
import { now, toWire } from "../lib/clock.js";
import { newId } from "../lib/ids.js";
import { APP } from "../lib/version.js";
import { locale, t } from "../lib/words.js";
import { totals } from "./pricing.js";
import {
  belongingsShown, concernsShown, customerShown, declinedShown, linesShown, marksShown, optionText, photosThat, rowsShown, skipsShown,
  storeShown, tidy, vehicleShown,
} from "./shown.js";

const TERMS = {
  pre_inspection: "pre_inspection_terms", work_order: "work_order_terms", refusal_statement: "refusal_statement", handover: "handover_terms",
};
const BODY = { pre_inspection: preInspection, work_order: workOrder, refusal_statement: refusal, handover };
const PAYERS = ["customer", "insurer", "warranty", "recall", "store"];
const HEAVIEST = ["vehicle_repair", "assembly_repair", "secondary_maintenance", "special_repair", "primary_maintenance", "minor_repair"];
const CHOICES = { old_parts: "old_parts", wash: "wash", road_test: "consent" };
export const PAYMENTS = {
  cash: () => t("现金"), card: () => t("银行卡"), wechat: () => t("微信"), alipay: () => t("支付宝"), transfer: () => t("转账"),
  account: () => t("挂账"), insurance: () => t("保险"), warranty: () => t("保修"),
};
export const ADDON_WAYS = { sign_in_store: () => t("到店签字"), phone_then_sign: () => t("电话同意后补签"), online: () => t("手机上确认") };

/** The revision that today's facts of this kind make. A refusal statement names what was declined since the last one. */
export function revisionOf(view, kind) {
  if (kind === "refusal_statement") return (view.visit.signed?.[kind] ?? 0) + (unsignedRefusals(view).length ? 1 : 0);
  return view.visit.revisions?.[kind] ?? 1;
}

/**
 * Builds a document. facts: {catalogue, template (the run's checklist), user {staff}, signedBefore (the row of the last signed
 * one, when this replaces it), previous (its object, when this phone holds it)}. `seal` makes the bytes.
 */
export function buildDoc(kind, view, { catalogue, template, user, previous, signedBefore }) {
  const head = {
    schema: 1, salt: base64url(randomBytes(16)), document: newId(), kind, revision: revisionOf(view, kind), visit: view.visit.id,
    store: storeShown(catalogue), customer: customerShown(view.visit), vehicle: vehicleShown(view, catalogue),
    legal: legalOf(catalogue, TERMS[kind]), locale: locale().startsWith("en") ? "en" : "zh-CN", time_zone: catalogue.store.time_zone,
    prepared_by: { staff: user.staff, name: staffName(catalogue, user.staff) }, prepared_at: toWire(now()), app: APP,
  };
  const doc = { ...head, ...BODY[kind](view, { catalogue, template }) };
  return signedBefore ? { ...doc, differs: differences(previous, doc, signedBefore) } : doc;
}

/** {bytes, sha256, doc, code}: doc is read back from the bytes, so that what is shown is what is signed. */
export async function seal(built) {
  const bytes = canonical(built);
  const sha256 = await sha256Hex(bytes);
  return { bytes, sha256, doc: JSON.parse(new TextDecoder().decode(bytes)), code: codeOf(sha256) };
}

/** `3F9A 07C2`: the first eight characters of the hash, as people compare them. */
export function codeOf(sha256) {
  return `${sha256.slice(0, 4)} ${sha256.slice(4, 8)}`.toUpperCase();
}

/** Is what this document says still what the visit says? Moments of preparation, ids and salts may differ, words may not. */
export function sameContent(a, b) {
  return facts(a) === facts(b);
}

/** When and after how many kilometres the car should come again; undefined where neither is known. */
export function nextService(view, today) {
  const { service_km, service_months } = view.vehicle ?? {};
  const km = view.answers?.walkaround?.["WA-DR-02"]?.current?.number ?? view.vehicle?.odometer_km;
  const made = tidy({ km: service_km && km !== undefined ? km + service_km : undefined, on: service_months ? monthsLater(today, service_months) : undefined });
  return Object.keys(made).length ? made : undefined;
}

/** The repair category: as said, or the heaviest of the jobs (it decides the warranty, WO-05). */
export function categoryOf(view, catalogue) {
  const said = view.order?.repair_category ?? view.visit.repair_category;
  if (said) return said;
  const codes = new Set((view.lines ?? []).filter((line) => line.kind === "job" && !line.removed).map((line) => line.code));
  const found = (catalogue.labour_operations ?? []).filter((operation) => codes.has(operation.code)).map((operation) => operation.repair_category);
  return HEAVIEST.find((category) => found.includes(category));
}

/** Lines that stand and what they come to. */
export function sumsOf(view) {
  return totals((view.lines ?? []).filter((line) => !line.removed), view.order?.discount_fen ?? 0);
}

/** The last signed document of a kind, or undefined. */
export function lastSigned(view, kind) {
  return view.documents.filter((doc) => doc.kind === kind && !doc.void_reason).sort((a, b) => b.revision - a.revision)[0];
}

/** Was this kind, at today's revision, signed, or did it end another way? The row, or undefined. */
export function settledBy(view, kind) {
  const revision = revisionOf(view, kind);
  return [...view.documents, ...view.refusals].find((row) => row.kind === kind && row.revision === revision && !row.void_reason
    && !["absent", "disputed"].includes(row.reason));
}

/** Declined safety items that no statement names yet, signed, on paper or refused before a witness (G-REFUSE). */
export function unsignedRefusals(view) {
  const otherwise = view.refusals.filter((row) => row.kind === "refusal_statement" && (row.reason === "paper" || row.witness));
  const written = [lastSigned(view, "refusal_statement")?.signed_at ?? "", ...otherwise.map((row) => row.refused_at)].sort().at(-1);
  return (view.declined ?? []).filter((item) => item.safety && item.declined_at > written);
}

function preInspection(view, { catalogue, template }) {
  const run = view.runs.walkaround;
  return {
    arrived_at: view.visit.arrived_at, mode: run.mode, customer_joined: run.customer_joined,
    template: { id: template.id, version: template.version, sha256: template.sha256 },
    rows: rowsShown(view, "walkaround", template, catalogue), marks: marksShown(view, catalogue), belongings: belongingsShown(view),
    concerns: concernsShown(view), skips: skipsShown(view, template), photos: photosThat(view, () => true), notice_version: view.visit.notice_version,
  };
}

function workOrder(view, { catalogue }) {
  const { order = {} } = view;
  const sums = sumsOf(view);
  const category = categoryOf(view, catalogue);
  const promise = (catalogue.store.warranty_promise ?? []).find((one) => one.category === category);
  return {
    ...tidy({
      pre_inspection: lastSigned(view, "pre_inspection")?.id,
      repair_category: category && { value: category, text: optionText(catalogue, "category", category) },
      discount_reason: sums.discount_fen ? order.discount_reason : undefined, ceiling_fen: order.ceiling_fen,
      promised_at: order.promised_at ?? view.visit.promised_at, warranty: promise && { km: promise.km, days: promise.days },
    }),
    concerns: concernsShown(view), lines: linesShown(view, catalogue), choices: choicesShown(order, catalogue), declined: declinedShown(view),
    totals: {
      labour_fen: sums.labour_fen, parts_fen: sums.parts_fen, discount_fen: sums.discount_fen, total_fen: sums.total_fen,
      payers: PAYERS.filter((payer) => payer in sums.by_payer).map((payer) => ({ payer, amount_fen: sums.by_payer[payer] })),
    },
  };
}

function choicesShown(order, catalogue) {
  const told = Object.entries(CHOICES).filter(([choice]) => order[choice]).map(([choice, set]) =>
    ({ choice, value: order[choice], text: optionText(catalogue, set, order[choice]) }));
  for (const [choice, words] of [["payment", PAYMENTS], ["addon_agreement", ADDON_WAYS]]) {
    if (order[choice]) told.push({ choice, value: order[choice], text: words[order[choice]]?.() ?? order[choice] });
  }
  return told;
}

function refusal(view) {
  return { declined: declinedShown({ declined: unsignedRefusals(view) }) };
}

function handover(view, { catalogue, template }) {
  const checks = view.checks?.handover ?? {};
  const oldParts = view.answers?.handover?.["WT-OP-01"]?.current?.choice ?? view.order?.old_parts;
  return {
    ...tidy({
      work_order: lastSigned(view, "work_order")?.id, pre_inspection: lastSigned(view, "pre_inspection")?.id,
      received_by: view.runs.handover?.person, checked_by: view.visit.checked_by, ready_note: view.visit.ready_note,
      total_fen: sumsOf(view).total_fen, old_parts: oldParts && optionText(catalogue, "old_parts", oldParts), next_service: nextService(view, now()),
    }),
    template: { id: template.id, version: template.version, sha256: template.sha256 },
    jobs: linesShown(view, catalogue), rows: rowsShown(view, "handover", template, catalogue), belongings: belongingsShown(view),
    marks: arrivalMarks(view, catalogue).map(({ known, ...mark }) => compared(view, mark, checks[mark.mark])),
    declined: declinedShown(view), photos: photosThat(view, (photo) => photo.subject_kind === "handover"),
  };
}

/** Marks of arrival that must be compared at handover: all but those that were gone already. */
export function arrivalMarks(view, catalogue) {
  return marksShown(view, catalogue).filter((mark) => mark.known !== "gone");
}

function compared(view, mark, check) {
  const photos = [...mark.photos, ...(check?.photos ?? []).flatMap((id) => photosThat(view, (photo) => photo.id === id))];
  return { ...mark, now: check?.now ?? "unseen", photos, ...(check?.note ? { note: [mark.note, check.note].filter(Boolean).join("；") } : {}) };
}

function legalOf(catalogue, id) {
  const { version, sha256, text } = catalogue.legal_texts.find((one) => one.id === id);
  return { id, version, sha256, text };
}

function staffName(catalogue, staff) {
  return catalogue.staff?.find((one) => one.id === staff)?.name ?? staff;
}

function differences(previous, doc, signedBefore) {
  const lines = previous ? changedLines(previous, doc) : [t("上一版在另一部手机上签的，这里没有存，请整份过目。")];
  return { document: signedBefore.id, revision: signedBefore.revision, lines: (lines.length ? lines : [t("内容与上一版相同。")]).slice(0, 60) };
}

function changedLines(before, after) {
  const [old, fresh] = [sentences(before), sentences(after)];
  return [
    ...fresh.filter((line) => !old.includes(line)).map((line) => t("新：%(line)s", { line })),
    ...old.filter((line) => !fresh.includes(line)).map((line) => t("原：%(line)s", { line })),
  ];
}

/** Every line that a document draws, as one sentence each. */
function sentences(doc) {
  const { differs, ...plain } = doc;
  return docToBlocks(plain).flatMap((block) => SENTENCES[block.kind]?.(block) ?? []);
}

const SENTENCES = {
  fields: (block) => block.rows.map((row) => `${row.label} ${row.text}`),
  totals: (block) => block.rows.map((row) => `${row.label} ${row.text}`),
  lines: (block) => block.rows.map((row) => [row.text, row.detail, ...row.tags, row.amount].filter(Boolean).join(" ")),
  marks: (block) => block.rows.map((row) => [row.text, row.size, row.result, row.note].filter(Boolean).join(" ")),
  note: (block) => [block.text],
  photos: (block) => [block.title],
  rows: (block) => [
    ...block.rows.map((row) => [block.title, row.text, row.answer, row.note].filter(Boolean).join(" ")),
    ...["fine", "unseen"].flatMap((key) => block[key]?.items.map((text) => `${block.title} ${text} ${block[key].label}`) ?? []),
  ],
};

function facts({ salt, document, prepared_at, differs, ...rest }) {
  return new TextDecoder().decode(canonical(rest));
}

function monthsLater(date, months) {
  const day = new Date(Date.UTC(date.getFullYear(), date.getMonth() + months, 1));
  const last = new Date(Date.UTC(date.getFullYear(), date.getMonth() + months + 1, 0)).getUTCDate();
  day.setUTCDate(Math.min(date.getDate(), last));
  return day.toISOString().slice(0, 10);
}
