// Before the walk: which list (RC-19 proposes), what was left undone last time, and whether the customer comes along.

import { html, nothing } from "lit-html";
import { start } from "../commands/walkaround.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import { itemsFor, reasonsForFull } from "../widgets/walk.js";

const WHY = {
  first_visit: () => t("第一次来店"),
  six_months: () => t("上次全面环检已过 6 个月"),
  accident: () => t("事故车"),
  rework: () => t("返修车"),
  complaint: () => t("有未结的投诉"),
};

/** What `draw` returns before the walk has begun. */
export function startPage(walk, shell) {
  const lists = Object.fromEntries(["quick", "full"].map((mode) => [mode, walk.list?.checklists?.find((one) => one.id === `walkaround_${mode}`)]));
  if (!lists.quick || !lists.full) return { template: html`<p class="empty">${t("这部手机还没有检查表。连上网络打开一次就有了。")}</p>` };
  const why = reasonsForFull(walk.visit, walk.car, new Date());
  const mode = shell.state.mode ?? (why.length ? "full" : "quick");
  return { template: html`${why.length ? reasons(why) : nothing}${modes(lists, mode, walk, shell)}${lastTime(walk.car)}`, foot: joined(walk, lists[mode], mode, shell) };
}

/** What was recommended or declined last time stands on top (RC-10). */
export function lastTime(car) {
  if (!car?.declined?.length) return nothing;
  return html`<section class="note last-time">${icon("look")}<div><b>${t("上次没做的项目")}</b>
    <ul>${car.declined.map((one) => html`<li>${one.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${one.text}
      ${one.on ? html`<span class="quiet">${one.on}</span>` : nothing}</li>`)}</ul></div></section>`;
}

function reasons(why) {
  return html`<div class="note qing">${icon("look")}<p><b>${t("建议做全面环检")}</b><br>${why.map((code) => WHY[code]()).join("，")}</p></div>`;
}

function modes(lists, mode, walk, shell) {
  const pick = (one) => () => { shell.state.mode = one; shell.redraw(); };
  const label = (one, name) => html`<label><input type="radio" name="mode" value=${one} .checked=${mode === one} @change=${pick(one)}>
    <span><b>${name}</b><small>${t("%(n)s 项，约 %(m)s 分钟", { n: itemsFor(lists[one], walk.visit.powertrain).length, m: lists[one].target_minutes })}</small></span></label>`;
  return html`<fieldset class="begin card pad"><legend class="section-title">${t("检查表")}</legend><div class="seg">${label("quick", t("快速环检"))}${label("full", t("全面环检"))}</div></fieldset>`;
}

function joined(walk, list, mode, shell) {
  const begin = (customer_joined) => async () => {
    const done = await shell.attempt(() => start({ visit: walk.visit.id, mode, template_sha256: list.sha256, customer_joined }));
    if (!done) return;
    if (customer_joined === "no") shell.toast(t("客户不一起走：八区各拍一张照片（RC-04）"));
    shell.redraw();
  };
  return html`<p class="begin-ask label">${t("请客户一起走一圈。客户来吗？")}</p>
    <button class="btn" type="button" @click=${begin("no")}>${t("不来")}</button><button class="btn" type="button" @click=${begin("part")}>${t("走一部分")}</button>
    <button class="btn main" type="button" @click=${begin("yes")}>${t("一起走，开始")}</button>`;
}
