// 预估与工单: jobs and parts with stock and price, who pays, what is not done this time, when the car is ready, what the customer
// wishes. Labour and parts stand apart (RC-14). What the customer signs is built from here.

import { html, nothing } from "lit-html";
import { unsignedRefusals } from "../commands/papers.js";
import { orderedLines } from "../commands/shown.js";
import { choose, promise } from "../commands/work_order.js";
import { amount, decimal } from "../lib/blocks.js";
import { yuan } from "../lib/money.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { addSheet } from "./order_add.js";
import { choicesCard, effectiveChoices } from "./order_choices.js";
import { loadOrder, openOnce, stockTag } from "./order_data.js";
import { findingsCard } from "./order_findings.js";
import { changeLine, discountSheet, declinedCard } from "./order_line.js";
import { askPromise, promiseText } from "./promise.js";

const PAYERS = { warranty: () => t("保修"), insurer: () => t("保险"), store: () => t("本店"), recall: () => t("召回") };
const CLASSES = { original: () => t("原厂"), equivalent: () => t("同质"), refurbished: () => t("修复"), customer_supplied: () => t("客户自备") };

export async function draw(params, shell) {
  const order = await loadOrder(params.visit, shell);
  if (!order.view?.visit) return { title: t("预估"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const { view } = order;
  const again = (view.visit.signed?.work_order ?? 0) > 0;
  return {
    title: plate(view.visit.plate),
    back: `#/v/${view.visit.id}`,
    template: html`<div class="between"><h2 class="title">${t("预估")}</h2><span class="small quiet">${t("工时与配件分列，含税")}</span></div>
      ${again ? html`<p class="note">${icon("look")}<span>${t("客户已签过。这里的改动是新的一版，要请客户再签不同之处。")}</span></p>` : nothing}
      ${linesCard(order, shell)}${findingsCard(order, shell)}${declinedCard(order, shell)}${promiseCard(order, shell)}${choicesCard(order, shell)}
      <p class="tiny">${t("超出预估的任何费用，先征得您同意再做。")}</p>`,
    foot: foot(order, shell),
  };
}

function linesCard(order, shell) {
  const { groups, loose } = orderedLines(order.view, order.list);
  const late = order.lines.filter((line) => stockTag(order, line)?.tone === "look");
  return html`<section class="card rows" aria-label=${t("维修项目")}>
    ${groups.length + loose.length ? nothing : html`<p class="empty">${t("还没有项目。点下面加第一个。")}</p>`}
    ${groups.map((group) => jobRow(order, group, shell))}
    ${loose.length ? html`<article class="job"><h3>${t("另加配件")}</h3><ul>${loose.map((line) => partRow(order, line, shell))}</ul></article>` : nothing}
    ${late.length ? html`<p class="note order-late">${icon("look")}<span><b>${t("有配件缺货，请现在告诉客户")}</b><br>${t("可改期、先提供代步车，或另约交车时间。")}</span></p>` : nothing}
    <button class="row tap strong" type="button" @click=${() => addSheet(order, shell)}>${icon("plus")}${t("加项目或配件")}</button></section>`;
}

function jobRow(order, { job, parts }, shell) {
  const whole = [job, ...parts].reduce((sum, line) => sum + order.fen(line), 0);
  return html`<article class="job"><div class="between"><h3>${job.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${job.text}</h3><b>¥${amount(whole)}</b></div>
    <ul><li><button type="button" class="order-line" @click=${() => changeLine(order, job, shell)}>
        <span>${job.hours_centi ? t("工时 %(n)s h", { n: decimal(job.hours_centi, 2) }) : t("工时")}${tags(order, job)}</span><b>${amount(order.fen(job))}<span class="vh">${t("，改这一行")}</span></b></button></li>
      ${parts.map((line) => partRow(order, line, shell))}</ul></article>`;
}

function partRow(order, line, shell) {
  const many = line.quantity_milli === 1000 ? "" : ` × ${decimal(line.quantity_milli, 3)}`;
  return html`<li><button type="button" class="order-line" @click=${() => changeLine(order, line, shell)}>
    <span>${line.text}${many}${tags(order, line)}</span><b>${amount(order.fen(line))}<span class="vh">${t("，改这一行")}</span></b></button></li>`;
}

function tags(order, line) {
  const stock = stockTag(order, line);
  return html`${line.part_class ? html` <i class="tag">${CLASSES[line.part_class]()}</i>` : nothing}
    ${stock ? html` <i class="tag ${stock.tone}">${stock.words}</i>` : nothing}
    ${line.payer !== "customer" ? html` <i class="tag qing">${t("%(payer)s付", { payer: PAYERS[line.payer]() })}</i>` : nothing}
    ${line.high_voltage ? html` <i class="tag">${t("高压")}</i>` : nothing}`;
}

function promiseCard(order, shell) {
  const at = order.promisedAt;
  const change = async () => {
    const chosen = await askPromise(shell, { suggested: order.suggested, opening: order.list.store.opening, chosen: at });
    if (chosen && (await shell.attempt(() => openOnce(order.view.visit.id).then(() => promise({ visit: order.view.visit.id, promised_at: chosen.toISOString() }))))) shell.redraw();
  };
  const { discount_fen: off = 0 } = order.sums;
  return html`<section class="card rows"><div class="row"><span class="grow">${t("预计交车")}${promiseNote(order)}</span>
      <button class="btn small" type="button" aria-label=${t("预计交车 %(at)s，修改", { at: promiseText(at) })} @click=${change}>${promiseText(at)}</button></div>
    <div class="row"><span class="grow">${t("优惠")}${off ? html`<br><span class="small quiet">${order.view.order.discount_reason}</span>` : nothing}</span>
      <button class="btn small" type="button" @click=${() => discountSheet(order, shell)}>${off ? `-${yuan(off)}` : t("没有")}</button></div></section>`;
}

/** Where the time comes from, and a word when the jobs need longer than it leaves. */
function promiseNote({ said, suggested, promisedAt }) {
  if (promisedAt < suggested) return html`<br><span class="small is-look">${t("按工时推算要到 %(at)s，请再看一眼", { at: promiseText(suggested) })}</span>`;
  const words = { booking: t("预约时约好的，点一下可改"), "": t("按工时推算，点一下可改") }[said];
  return words ? html`<br><span class="small quiet">${words}</span>` : nothing;
}

function foot(order, shell) {
  const { sums, view } = order;
  const { visit } = view;
  const empty = !order.lines.length;
  const mine = sums.by_payer.customer ?? 0;
  const show = async () => {
    if (empty) return addSheet(order, shell);
    if (!(await settle(order, shell))) return;
    shell.go(`#/v/${visit.id}/sign`);
  };
  const statements = unsignedRefusals(view).length;
  return html`<p class="total"><span class="tiny">${t("工时 %(labour)s + 配件 %(parts)s", { labour: amount(sums.labour_fen), parts: amount(sums.parts_fen) })}</span><br>
      <b>¥${amount(sums.total_fen)}</b>${mine === sums.total_fen ? nothing : html`<br><span class="small">${t("客户付 %(sum)s", { sum: yuan(mine) })}</span>`}</p>
    <button class="btn main" type="button" @click=${show}>${empty ? t("先加一个项目") : statements ? t("请客户过目，含拒修声明") : t("请客户过目")}</button>`;
}

/** What stands on the screen is what is kept: the promised time and the choices, before the customer reads them. */
async function settle(order, shell) {
  const { view } = order;
  const visit = view.visit.id;
  const choices = effectiveChoices(order);
  const kept = view.order ?? {};
  const open = Object.fromEntries(Object.entries(choices).filter(([key, value]) => kept[key] !== value));
  return shell.attempt(async () => {
    await openOnce(visit);
    if (!kept.promised_at) await promise({ visit, promised_at: order.promisedAt.toISOString() });
    if (Object.keys(open).length) await choose({ visit, ...open });
    return true;
  });
}
