// Adding to the order: search over jobs and parts, with price and stock beside each; and a line that no list knows.

import { html, nothing } from "lit-html";
import * as workOrder from "../commands/work_order.js";
import { decimal } from "../lib/blocks.js";
import { fen, yuan } from "../lib/money.js";
import { named, t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { addOperation, addPart, openOnce, stockOf } from "./order_data.js";

const MOST = 40;

/** Opens the search; lines are kept as they are tapped, and the screen is drawn again when it closes. */
export async function addSheet(order, shell, { text = "" } = {}) {
  const { view, list } = order;
  const visit = view.visit.id;
  const added = new Map();
  let query = known(list, text);
  await shell.sheet((close, update) => {
    const put = (code, act) => async () => {
      if (!(await shell.attempt(act))) return;
      added.set(code, (added.get(code) ?? 0) + 1);
      shell.buzz();
      shell.announce(t("已加"));
      update();
    };
    const search = (event) => { query = event.target.value; update(); };
    const jobs = found(list.labour_operations, query).map((one) => jobRow(list, one, added, put(one.code, () => addOperation(visit, list, one).then(() => true))));
    const parts = found(list.parts, query).map((one) => partRow(one, added, put(one.code, () => addPart(visit, one))));
    return html`<div class="stack order-add"><input class="input" type="search" placeholder=${t("搜项目或配件：名称、编号")} aria-label=${t("搜项目或配件")} .value=${query} @input=${search}>
      ${jobs.length ? html`<section><h3 class="section-title">${t("项目，连同配件")}</h3><div class="card rows">${jobs}</div></section>` : nothing}
      ${parts.length ? html`<section><h3 class="section-title">${t("单加配件")}</h3><div class="card rows">${parts}</div></section>` : nothing}
      ${jobs.length + parts.length ? nothing : html`<p class="empty">${t("目录里没有“%(query)s”。", { query })}</p>`}
      ${ownLine(visit, query, shell, close)}
      <button class="btn main wide" type="button" @click=${() => close()}>${added.size ? t("加好了") : t("返回")}</button></div>`;
  }, { label: t("加项目或配件"), full: true });
  await shell.redraw();
  return added.size > 0;
}

/** The longest beginning of what was found on the car that the lists know: 前制动片 of 前制动片剩余 3.5 mm. */
function known(list, text) {
  for (let most = text.length; most >= 2; most--) {
    const query = text.slice(0, most);
    if (found(list.labour_operations, query).length + found(list.parts, query).length) return query;
  }
  return "";
}

function found(rows, query) {
  const words = query.trim().toUpperCase().split(/\s+/).filter(Boolean);
  const has = (row) => words.every((word) => `${row.code} ${row.text} ${row.en ?? ""}`.toUpperCase().includes(word));
  return rows.filter(has).slice(0, MOST);
}

function jobRow(list, operation, added, onAdd) {
  const parts = (operation.default_parts ?? []).map((wanted) => list.parts.find((part) => part.code === (wanted.part ?? wanted.code ?? wanted))).filter(Boolean);
  const late = parts.map((part) => [part, stockOf(part)]).filter(([, stock]) => stock.tone === "look");
  const whole = operation.price_fen + parts.reduce((sum, part) => sum + part.price_fen, 0);
  return html`<button class="row tap" type="button" @click=${onAdd}><span class="grow">${operation.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${named(operation)}
      <br><span class="small quiet">${t("工时 %(n)s h", { n: decimal(operation.hours_centi, 2) })}${parts.length ? ` · ${parts.map(named).join("、")}` : ""}</span>
      ${late.map(([part, stock]) => html`<br><span class="small is-look">${named(part)} ${stock.words}</span>`)}</span>
    <span class="order-price"><b>${yuan(whole)}</b>${count(added.get(operation.code))}</span></button>`;
}

function partRow(part, added, onAdd) {
  const stock = stockOf(part);
  return html`<button class="row tap" type="button" @click=${onAdd}><span class="grow">${named(part)}<br><span class="small quiet">${part.code}</span> <i class="tag ${stock.tone}">${stock.words}</i></span>
    <span class="order-price"><b>${yuan(part.price_fen)}</b>${count(added.get(part.code))}</span></button>`;
}

function count(n) {
  return n ? html`<span class="small is-qing">${t("已加 %(n)s", { n })}</span>` : icon("plus");
}

function ownLine(visit, query, shell, close) {
  const keep = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const price_fen = fen(form.get("price"));
    const text = form.get("text").trim();
    if (!text || price_fen === null) return event.target.reportValidity();
    const job = form.get("kind") === "job";
    const act = () => openOnce(visit).then(() => (job ? workOrder.addJob({ visit, text, hours_centi: Math.round(Number(form.get("hours") || 0) * 100), price_fen, payer: "customer" })
      : workOrder.addPart({ visit, text, quantity_milli: 1000, price_fen, payer: "customer", part_class: form.get("kind") })));
    if (await shell.attempt(act)) close();
  };
  return html`<details><summary class="small">${t("目录里没有，自己写一行")}</summary><form class="card stack pad" @submit=${keep}>
    <div class="pick">${[["job", t("项目")], ["original", t("原厂配件")], ["equivalent", t("同质配件")], ["refurbished", t("修复配件")], ["customer_supplied", t("客户自备")]].map(([value, words], n) => html`<label>
      <input type="radio" name="kind" value=${value} ?checked=${n === 0}><span>${words}</span></label>`)}</div>
    <input class="input" name="text" maxlength="80" required placeholder=${t("名称")} aria-label=${t("名称")} .value=${query}>
    <input class="input" name="price" required inputmode="decimal" pattern="[0-9,]{1,9}(\\.[0-9]{1,2})?" placeholder=${t("价格（元，含税）")} aria-label=${t("价格（元，含税）")}>
    <input class="input" name="hours" inputmode="decimal" pattern="[0-9]{1,3}(\\.[0-9]{1,2})?" placeholder=${t("工时（小时，项目才填）")} aria-label=${t("工时（小时，项目才填）")}>
    <button class="btn line">${t("加这一行")}</button></form></details>`;
}
