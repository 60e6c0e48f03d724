// What needs a person: acts the server refused (the content is kept), and two people's different words (当面核对).

import { html, nothing } from "lit-html";
import { commandWords } from "../commands/words.js";
import { here } from "../commands/here.js";
import * as visits from "../commands/visit.js";
import { named, t } from "../lib/words.js";
import { dismiss } from "../store/acts.js";
import { clock } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { syncRing } from "../widgets/sync_ring.js";

const CORRECTABLE = new Set(["plate", "vin", "model", "customer_name", "mobile", "sender", "sender_name"]);
const FIELDS = {
  plate: () => t("车牌"), vin: () => t("车架号"), model: () => t("车型"), customer_name: () => t("客户姓名"), mobile: () => t("手机"), sender: () => t("送修人"),
  sender_name: () => t("送修人姓名"), arrival_mode: () => t("接车方式"), licence_checked: () => t("行驶证"), booklet: () => t("保养手册"),
  waiting_mode: () => t("等候方式"), business_type: () => t("业务类型"), repair_category: () => t("维修类别"), promised_at: () => t("预计交车"),
};

/** Cards for all of it, or nothing. */
export function troublesOf(walk, shell) {
  const disputed = (walk.items ?? []).filter((item) => walk.answers[item.id]?.current?.disputed);
  const suggestions = (walk.view.discrepancies ?? []).filter((one) => !one.settled);
  const cards = [
    ...walk.view.refused.map((kept) => refusedCard(kept, shell)), ...disputed.map((item) => disputedCard(walk, item)),
    ...suggestions.map((one) => suggestionCard(walk, one, shell)),
  ];
  return cards.length ? html`<section><h2 class="section-title">${t("需要您处理 %(n)s", { n: cards.length })}</h2><div class="stack">${cards}</div></section>` : nothing;
}

/** A refused act: what it was, why, and what to do now. The content stays readable. */
export function refusedCard(kept, shell, { head = nothing } = {}) {
  const { act, receipt } = kept;
  const away = async () => {
    if (await shell.attempt(() => dismiss(here(), kept.id))) shell.redraw();
  };
  return html`<article class="card trouble"><p>${syncRing("stop")}<b class="grow">${t("%(what)s没有记入", { what: commandWords(act) })}</b>${head}</p>
    <p class="small">${receipt.text || t("服务器没有收下这一条。")} <span class="quiet">${t("您的记录没有丢。")}</span></p>
    <p class="small quiet">${wayOn(receipt)}</p>
    <div><button type="button" class="btn small line" @click=${() => showAct(kept, shell)}>${t("看原记录")}</button>
      <button type="button" class="btn small" @click=${away}>${t("处理好了")}</button></div></article>`;
}

function wayOn({ verdict, code }) {
  if (verdict === "quarantined") return t("内容已交给服务经理，由经理决定怎么补记。");
  if (code === "visit.not_now" || code?.startsWith("visit.released")) return t("请看这辆车现在到了哪一步，再按现在的步骤补记。");
  if (code === "role.not_allowed" || code?.startsWith("permission")) return t("请让有权限的同事在他的手机上记这一条。");
  return t("请按上面的说明改过后再记一次。");
}

function showAct({ act, receipt, kept_at }, shell) {
  return shell.sheet(html`<div class="pad stack"><dl class="facts"><dt>${t("时间")}</dt><dd>${clock(kept_at)}</dd><dt>${t("原因")}</dt><dd>${receipt?.text || receipt?.code || t("等待发送")}</dd></dl>
    <pre class="raw">${JSON.stringify(act.args, null, 1)}</pre><p class="tiny">${act.id} · ${receipt?.code ?? ""}</p></div>`, { label: commandWords(act) });
}

function disputedCard({ visit, answers, people }, item) {
  const { current, others } = answers[item.id];
  const other = others.at(-1);
  const said = (row) => t("%(who)s %(at)s 记“%(what)s”", { who: people[row.answered_by] ?? row.answered_by, at: clock(row.answered_at), what: valueText(row) });
  return html`<article class="card trouble"><p>${icon("look", "is-look")}<b>${t("两人记得不一样")}</b></p>
    <p class="small quiet">${named(item)}：${[current, other].filter(Boolean).map(said).join("，")}。${t("现按较重的显示。")}</p>
    <div><a class="btn small line" href="#/v/${visit.id}/walk/${item.zone}">${t("当面核对")}</a></div></article>`;
}

function valueText({ status, number, choice, choices, text }) {
  const words = { ok: t("正常"), attention: t("需关注"), fail: t("不合格"), na: t("不适用") };
  return words[status] ?? number ?? choice ?? choices?.join("、") ?? text ?? "";
}

/** A register two people filled differently: the first stands, the other is one tap away. */
function suggestionCard({ visit, people }, { field, value, said_by, said_at }, shell) {
  const take = async (chosen) => {
    const args = { visit: visit.id, [field]: readAs(field, chosen) };
    const act = CORRECTABLE.has(field) ? () => visits.correct({ ...args, reason: t("当面核对") }) : () => visits.describe(args);
    if (await shell.attempt(act)) shell.redraw();
  };
  return html`<article class="card trouble"><p>${icon("look", "is-look")}<b>${t("%(field)s记得不一样", { field: (FIELDS[field] ?? (() => field))() })}</b></p>
    <p class="small quiet">${t("现在是“%(now)s”；%(who)s %(at)s 记“%(value)s”。", { now: visit[field] ?? "", who: people[said_by] ?? said_by, at: clock(said_at), value })}</p>
    <div><button type="button" class="btn small line" @click=${() => take(value)}>${t("改用“%(value)s”", { value })}</button>
      <button type="button" class="btn small" @click=${() => take(visit[field])}>${t("现在的对")}</button></div></article>`;
}

function readAs(field, value) {
  return field === "licence_checked" ? value === true || value === "true" || value === "True" : value;
}
