// What this visit itself says about an item of the delivery lists: its own jobs, belongings, old parts, times. Shown under the
// item, or offered for one tap; never filled in silently.

import { html } from "lit-html";
import { nextService, unsignedRefusals } from "../commands/papers.js";
import { optionText } from "../commands/shown.js";
import { t } from "../lib/words.js";
import { promiseText } from "./promise.js";

const NOTES = {
  "PD-DO-01": jobs, "PD-CA-01": jobs, "WT-ME-02": jobs,
  "PD-DO-04": ({ view, visit }) => view.order?.promised_at && t("承诺 %(promised)s，完成 %(ready)s", {
    promised: promiseText(view.order.promised_at), ready: visit.ready_at ? promiseText(visit.ready_at) : t("还没报完成") }),
  "PD-DO-06": free, "WT-ME-03": free,
  "PD-CA-02": ({ view }) => list(view.concerns.filter((one) => !one.retracted).map((one) => `“${one.text}”`)),
  "PD-CA-06": ({ view }) => t("接车时有 %(n)s 处损伤", { n: view.marks.filter((mark) => !mark.retracted).length }),
  "PD-CA-11": belongings, "WT-IN-05": belongings,
  "PD-SE-02": oldParts, "WT-OP-01": oldParts,
  "PD-SE-08": ({ view }) => charge(view) !== undefined && t("接车时 %(n)s%%", { n: charge(view) }).replace("%%", "%"),
  "WT-IN-04": ({ view }) => arrival(view),
  "WT-AD-02": ({ view }) => list(view.declined.filter((one) => one.safety).map((one) => one.text)),
  "WT-AD-03": ({ view }) => serviceText(view),
};

const PROPOSALS = {
  "PD-DO-04": ({ view, visit }) => view.order?.promised_at && visit.ready_at && visit.ready_at <= view.order.promised_at
    && { value: { choice: "on_time" }, words: t("按时：完成早于承诺时间") },
  "WT-OP-01": ({ view, list: catalogue }) => view.order?.old_parts
    && { value: { choice: view.order.old_parts }, words: t("工单：%(words)s", { words: optionText(catalogue, "old_parts", view.order.old_parts) }) },
  "WT-AD-02": ({ view }) => refusals(view),
  "WT-AD-04": () => ({ value: { text: t("已告知，白天方便") }, words: t("已告知 3 日内回访，白天方便") }),
};

/** A template or text to stand under the item, or undefined. */
export function noteFor(item, facts) {
  return NOTES[item.id]?.(facts) || undefined;
}

/** {value, words} to offer for an open item, or undefined. */
export function proposalFor(item, facts) {
  return PROPOSALS[item.id]?.(facts) || undefined;
}

/** 71,240 km 或 2027-05-23 */
export function serviceText(view) {
  const service = nextService(view, new Date());
  if (!service) return undefined;
  return t("下次保养 %(when)s", { when: [service.km && `${service.km.toLocaleString("en")} km`, service.on].filter(Boolean).join(t(" 或 ")) });
}

function jobs({ view }) {
  return list(view.lines.filter((line) => !line.removed && line.kind === "job").map((line) => line.text));
}

function free({ view }) {
  const lines = view.lines.filter((line) => !line.removed && (line.price_fen === 0 || line.payer !== "customer")).map((line) => line.text);
  if (view.order?.wash === "accept") lines.push(t("免费洗车"));
  return list(lines);
}

function belongings({ view }) {
  return list(view.belongings.filter((thing) => !thing.retracted && thing.kept_in_car).map((thing) => thing.text));
}

function oldParts({ view, list: catalogue }) {
  return view.order?.old_parts && t("客户选的是：%(words)s", { words: optionText(catalogue, "old_parts", view.order.old_parts) });
}

function arrival(view) {
  const km = view.answers.walkaround?.["WA-DR-02"]?.current?.number;
  return [km !== undefined && t("接车时 %(km)s km", { km: km.toLocaleString("en") }), charge(view) !== undefined && `${charge(view)}%`].filter(Boolean).join(" · ");
}

function charge(view) {
  return view.answers.walkaround?.["WA-DR-04"]?.current?.number;
}

function refusals(view) {
  if (!view.declined.some((one) => one.safety)) return { value: { choice: "none" }, words: t("这次没有不做的安全项") };
  return unsignedRefusals(view).length ? undefined : { value: { choice: "signed" }, words: t("拒修声明已签") };
}

function list(words) {
  return words.length ? html`<ul class="run-list">${words.map((word) => html`<li>${word}</li>`)}</ul>` : undefined;
}

