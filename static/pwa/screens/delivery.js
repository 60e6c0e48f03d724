// 内部交车: before the customer comes the advisor looks at papers and car, and puts back what was moved (ID-02 … ID-07).

import { html, nothing } from "lit-html";
import * as acts from "../commands/internal_delivery.js";
import { named, t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { bulkOf, bulkWords, loadRun, runItem } from "./run_items.js";
import { markReady } from "./visit_more.js";

const TOO_EARLY = new Set(["arrived", "inspecting", "estimating", "awaiting_signature"]);

export async function draw(params, shell) {
  const facts = await loadRun(params.visit, "internal_delivery", "pre_delivery_internal");
  if (!facts.visit) return { title: t("内部交车"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const page = { title: plate(facts.visit.plate), back: `#/v/${facts.visit.id}` };
  if (TOO_EARLY.has(facts.visit.state)) {
    return { ...page, template: html`<p class="card empty">${t("工单签字后再做内部交车检查。")}</p>`, foot: html`<a class="btn" href=${page.back}>${t("回到这辆车")}</a>` };
  }
  return facts.begun ? { ...page, template: lists(facts, shell), foot: foot(facts, shell) } : { ...page, ...opening(facts, shell) };
}

function opening({ visit, newest }, shell) {
  const begin = async () => (await shell.attempt(() => acts.start({ visit: visit.id, template_sha256: newest.sha256 }))) && shell.redraw();
  return {
    template: html`<h2 class="title">${t("内部交车检查")}</h2><p>${t("客户来之前，先看单据、实车，再把座椅和物品还原。")}</p>
      ${newest ? nothing : html`<p class="card empty">${t("这部手机还没有检查表。连上网络打开一次就有了。")}</p>`}`,
    foot: newest ? html`<button class="btn main" type="button" @click=${begin}>${t("开始内部交车检查")}</button>` : nothing,
  };
}

function lists(facts, shell) {
  const hash = `#/v/${facts.visit.id}/delivery`;
  return html`<h2 class="title">${t("内部交车检查")}</h2>${facts.zones.map((zone) => html`<section id=${`zone-${zone.id}`}>
    <div class="between"><h3 class="section-title">${named(zone)}</h3><span class="small quiet">${zone.own.length - zone.open.length} / ${zone.own.length}</span></div>
    <div class="card rows">${zone.own.map((item) => runItem(facts, item, { acts, photo: "item", hash }, shell))}
      ${bulkButton(facts, zone, shell)}</div></section>`)}`;
}

function bulkButton({ visit }, zone, shell) {
  const items = bulkOf(zone).map((item) => item.id);
  if (!items.length) return nothing;
  const all = async () => {
    if (!(await shell.attempt(() => acts.answerZone({ visit: visit.id, zone: zone.id, status: "ok", items })))) return;
    shell.toast(t("%(n)s 项记为正常", { n: items.length }), { undo: () => shell.attempt(() => acts.clearAnswer({ visit: visit.id, items })).then(() => shell.redraw()) });
    await shell.redraw();
  };
  const safety = zone.open.some((item) => item.safety);
  return html`<button class="row tap strong" type="button" @click=${all}>${icon("check")}<span class="grow">${bulkWords(zone)}
    ${safety ? html`<br><span class="small quiet">${t("安全项请逐项点")}</span>` : nothing}</span></button>`;
}

function foot({ view, visit, zones }, shell) {
  const open = zones.flatMap((zone) => zone.open);
  const show = () => document.querySelector(`[data-item="${open[0].id}"]`)?.scrollIntoView({ block: "center" });
  if (visit.state === "authorised" || visit.state === "internal_rework") {
    return html`<button class="btn main" type="button" @click=${() => markReady(view, shell)}>${t("记下维修完成")}</button>`;
  }
  if (open.length) return html`<button class="btn" type="button" @click=${show}>${t("还有 %(n)s 项", { n: open.length })}</button>
    <button class="btn main" type="button" @click=${() => shell.go(`#/v/${visit.id}/handover`)}>${t("客户到了，去验车")}</button>`;
  return html`<button class="btn main" type="button" @click=${() => shell.go(`#/v/${visit.id}/handover`)}>${t("都好了，请客户验车")}</button>`;
}
