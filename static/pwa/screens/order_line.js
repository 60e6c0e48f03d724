// One line's own sheet: who pays, how many, not this time, or taken off; and the discount. A change of a line is the old one
// removed and a new one added, so that nothing that was once shown disappears from the ledger.

import { html, nothing } from "lit-html";
import * as workOrder from "../commands/work_order.js";
import { decimal } from "../lib/blocks.js";
import { fen, yuan } from "../lib/money.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { askReason } from "../widgets/reason.js";
import { openOnce } from "./order_data.js";

const PAYERS = { customer: () => t("客户"), warranty: () => t("保修"), insurer: () => t("保险"), store: () => t("本店"), recall: () => t("召回") };
const CLASSES = { original: () => t("原厂件"), equivalent: () => t("同质件"), refurbished: () => t("修复件"), customer_supplied: () => t("客户自备") };
const STEP = 500;

/** The sheet of one line. */
export async function changeLine(order, line, shell) {
  const visit = order.view.visit.id;
  const wish = { payer: line.payer, quantity_milli: line.quantity_milli, part_class: line.part_class };
  const chosen = await shell.sheet((close, update) => html`<div class="stack order-change">
    ${picks(t("谁付"), "payer", PAYERS, wish, update)}
    ${line.kind === "part" ? html`${picks(t("配件类别"), "part_class", CLASSES, wish, update)}${quantity(line, wish, update)}` : nothing}
    <button class="btn main" type="button" @click=${() => close("keep")}>${t("就这样")}</button>
    <div class="order-ways"><button class="btn" type="button" @click=${() => close("decline")}>${t("客户这次不做")}</button>
      <button class="btn warn" type="button" @click=${() => close("remove")}>${t("去掉这一行")}</button></div></div>`, { label: line.text });
  const act = { keep: () => replace(visit, line, wish), remove: () => remove(visit, line), decline: () => declineLine(visit, line) }[chosen];
  if (act && (await shell.attempt(act))) await shell.redraw();
}

/** A reason, and the word about risk when it is a safety item. Resolves with the reason or undefined. */
export function askDecline(text, safety) {
  return askReason(t("为什么这次不做？"), [t("下次再做"), t("价格"), t("没有时间"), t("去别处做")],
    { hint: safety ? t("“%(text)s”是安全项：请说明风险，客户要在拒修声明上签字。", { text }) : "" });
}

export function declinedCard({ view }, shell) {
  if (!view.declined.length) return nothing;
  const toSign = view.declined.some((item) => item.safety);
  return html`<section><h3 class="section-title">${t("本次不做")}</h3><div class="card rows">${view.declined.map((item) => html`<div class="row"><span class="grow">
      ${item.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${item.text}<br><span class="small quiet">${item.reason}</span></span></div>`)}
    ${toSign ? html`<button class="row tap strong" type="button" @click=${() => shell.go(`#/v/${view.visit.id}/sign`)}>${t("安全项不做，请客户签拒修声明")}${icon("next")}</button>` : nothing}</div></section>`;
}

export async function discountSheet({ view, sums }, shell) {
  const visit = view.visit.id;
  const given = await shell.sheet((close) => {
    const keep = (event) => {
      event.preventDefault();
      const form = new FormData(event.target);
      const amount_fen = fen(form.get("amount"));
      if (amount_fen !== null && form.get("reason").trim()) close({ amount_fen, reason: form.get("reason").trim() });
    };
    return html`<form class="stack" @submit=${keep}><p class="small quiet">${t("只从客户付的部分里减，最多 %(sum)s。超过您的权限时，由服务经理来定。", { sum: yuan((sums.by_payer.customer ?? 0) + sums.discount_fen) })}</p>
      <label class="label" for="off">${t("优惠多少元")}</label><input class="input" id="off" name="amount" inputmode="decimal" required pattern="[0-9,]{1,9}(\\.[0-9]{1,2})?" .value=${sums.discount_fen ? String(sums.discount_fen / 100) : ""}>
      <label class="label" for="why">${t("原因")}</label><input class="input" id="why" name="reason" maxlength="300" required .value=${view.order?.discount_reason ?? ""}>
      <button class="btn main">${t("就减这么多")}</button></form>`;
  }, { label: t("优惠") });
  if (given && (await shell.attempt(() => openOnce(visit).then(() => workOrder.discount({ visit, ...given }))))) await shell.redraw();
}

async function replace(visit, line, wish) {
  if (["payer", "quantity_milli", "part_class"].every((key) => wish[key] === line[key])) return true;
  await workOrder.removeLine({ visit, line: line.id, reason: t("改了这一行") });
  const { text, price_fen, hours_centi, safety, high_voltage, code } = line;
  if (line.kind === "job") {
    return workOrder.addJob({ visit, labour_operation: code, text, hours_centi, price_fen, payer: wish.payer, safety: safety || undefined, high_voltage: high_voltage || undefined });
  }
  const free = wish.part_class === "customer_supplied" && line.part_class !== "customer_supplied";
  return workOrder.addPart({ visit, part: code, text, price_fen: free ? 0 : price_fen, ...wish });
}

async function remove(visit, line) {
  const reason = await askReason(t("为什么去掉？"), [t("加错了"), t("客户改了主意"), t("不需要")]);
  return reason && workOrder.removeLine({ visit, line: line.id, reason });
}

async function declineLine(visit, line) {
  const safety = Boolean(line.safety);
  const reason = await askDecline(line.text, safety);
  return reason && workOrder.decline({ visit, line: line.id, reason, safety });
}

function picks(title, key, words, wish, update) {
  return html`<fieldset><legend class="label">${title}</legend><div class="pick">${Object.entries(words).map(([value, say]) => html`<label>
    <input type="radio" name=${key} value=${value} .checked=${wish[key] === value} @change=${() => { wish[key] = value; update(); }}><span>${say()}</span></label>`)}</div></fieldset>`;
}

function quantity(line, wish, update) {
  const step = line.quantity_milli % 1000 ? STEP : 1000;
  const change = (by) => () => { wish.quantity_milli = Math.max(step, wish.quantity_milli + by); update(); };
  return html`<fieldset class="order-many"><legend class="label">${t("数量")}</legend><button class="btn" type="button" aria-label=${t("少一个")} @click=${change(-step)}>−</button>
    <output>${decimal(wish.quantity_milli, 3)}</output><button class="btn" type="button" aria-label=${t("多一个")} @click=${change(step)}>＋</button></fieldset>`;
}
