// One car's stay: what is next, what has been done, what needs somebody, and the ways to every part of it.

import { html, nothing } from "lit-html";
import { sumsOf } from "../commands/papers.js";
import { yuan } from "../lib/money.js";
import { t } from "../lib/words.js";
import { clock } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { isEnded, nextStep, shortPlate } from "./next_step.js";
import { shotsLeft } from "./shot_list.js";
import { loadWalk } from "./walk_data.js";
import { markReady, moreOf } from "./visit_more.js";
import { troublesOf } from "./visit_troubles.js";

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  if (!walk) return { title: t("来店"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const { view, visit, zones = [] } = walk;
  const seen = zones.filter((zone) => !zone.open || zone.state === "skipped").length;
  const facts = { walked: zones.length > 0 && seen === zones.length, priced: view.lines.some((line) => !line.removed) };
  const step = nextStep(visit, facts);
  return {
    title: plate(visit.plate),
    template: html`${about(walk, step, shell)}${troublesOf(walk, shell)}${pendingNote(view)}
      ${part(t("接车"), beforeRows(walk, seen))}${part(t("单据"), paperRows(view))}${part(t("交车"), afterRows(visit))}`,
    foot: foot(walk, step, shell),
  };
}

function about({ view, visit, people }, { tag, tone }, shell) {
  const { vehicle } = view;
  const unsafe = isEnded(visit) ? [] : (vehicle?.declined ?? []).filter((item) => item.safety);
  return html`<section class="card pad stack"><div class="between"><p><b>${visit.customer_name}</b> <span class="quiet">${[visit.model, vehicle?.colour].filter(Boolean).join(" · ")}</span></p>
      <span class="tag ${tone}">${tag}</span></div>
    <dl class="facts"><dt>${t("到店")}</dt><dd>${clock(visit.arrived_at)} · ${people[visit.advisor] ?? visit.advisor}${visit.number ? ` · ${visit.number}` : ""}</dd>
      <dt>${t("送修")}</dt><dd>${senderText(visit)} · <a class="tel" href="tel:${visit.mobile}">${visit.mobile}</a></dd>
      ${visit.vin ? html`<dt>${t("车架号")}</dt><dd>${visit.vin}</dd>` : nothing}
      ${view.order?.promised_at ? html`<dt>${t("预计交车")}</dt><dd><b>${clock(view.order.promised_at)}</b></dd>` : nothing}
      ${view.concerns.filter((one) => !one.retracted).map((one) => html`<dt>${t("原话")}</dt><dd>“${one.text}”</dd>`)}</dl>
    ${unsafe.length ? html`<p class="note">${icon("shield")}<span>${t("上次未做安全项：")}<b>${unsafe.map((item) => item.text).join("、")}</b></span></p>` : nothing}
    ${consentNote(view)}${visit.cancel_reason ? html`<p class="note">${icon("look")}<span>${t("已取消：%(reason)s", { reason: visit.cancel_reason })}</span></p>` : nothing}
    <button type="button" class="btn small line" @click=${() => moreOf(view, shell)}>${t("更正、取消与其他")}</button></section>`;
}

export function senderText({ sender, sender_name, customer_name }) {
  const words = { owner: t("车主"), family: t("家人"), driver: t("司机"), company: t("单位"), other: t("其他人") };
  return `${words[sender] ?? sender} ${sender === "owner" ? customer_name : (sender_name ?? "")}`.trim();
}

function consentNote({ consent }) {
  if (!consent) return nothing;
  const no = [!consent.photos && t("不同意拍照，拍照步骤自动略过"), !consent.signature && t("不同意手机签字，请签纸质单据")].filter(Boolean);
  return no.length ? html`<p class="note">${icon("look")}<span>${no.join("；")}</span></p>` : nothing;
}

function pendingNote({ pending }) {
  return pending ? html`<a class="card row" href="#/outbox"><i class="sync phone" aria-hidden="true"></i><span class="grow small">${t("这辆车有 %(n)s 项还没到服务器，都已存好", { n: pending })}</span>${icon("next")}</a>` : nothing;
}

function part(title, rows) {
  return html`<section><h2 class="section-title">${title}</h2><div class="card rows">${rows}</div></section>`;
}

function row(visit, path, name, state, tone = "") {
  return html`<a class="row" href="#/v/${visit.id}${path}"><span class="grow">${name}</span><span class="small ${tone ? `is-${tone}` : "quiet"}">${state}</span>${icon("next")}</a>`;
}

function beforeRows({ view, visit, run, zones = [], marks, known }, seen) {
  const findings = zones.reduce((sum, zone) => sum + zone.findings, 0);
  const walkText = !run ? t("还没开始") : t("%(seen)s / %(all)s 区", { seen, all: zones.length }) + (findings ? ` · ${t("%(n)s 处发现", { n: findings })}` : "");
  const kept = view.belongings.filter((one) => !one.retracted).length;
  const concerns = view.concerns.filter((one) => !one.retracted).length;
  const left = shotsLeft(view);
  const taken = view.photos.filter((photo) => !photo.retracted).length;
  return [
    row(visit, "/walk", t("环车检查"), walkText, run && seen === zones.length ? "ok" : ""),
    row(visit, "/damage", t("损伤图"), marks.length ? t("%(n)s 处", { n: marks.length }) : known.length ? t("上次 %(n)s 处待看", { n: known.filter((mark) => !mark.check).length }) : t("没有")),
    row(visit, "/shots", t("照片"), [t("%(n)s 张", { n: taken }), left ? t("引导照还剩 %(n)s", { n: left }) : ""].filter(Boolean).join(" · "), left ? "" : "ok"),
    row(visit, "/belongings", t("随车物品与主诉"), [kept && t("物品 %(n)s", { n: kept }), concerns && t("主诉 %(n)s", { n: concerns })].filter(Boolean).join(" · ") || t("还没问")),
  ];
}

function paperRows(view) {
  const { visit } = view;
  const count = view.lines.filter((line) => !line.removed).length;
  return [
    row(visit, "/order", t("预估与工单"), count ? `${t("%(n)s 行", { n: count })} · ${yuan(sumsOf(view).by_payer.customer ?? 0)}` : t("还没开单")),
    row(visit, "/sign", t("请客户过目并签字"), signedText(view), settledKinds(view).length ? "ok" : ""),
    row(visit, "/receipt", t("客户进度码"), view.links.some((link) => !link.revoked) ? t("已给客户") : t("签字后给客户")),
  ];
}

const PAPERS = { pre_inspection: () => t("预检表"), work_order: () => t("工单"), handover: () => t("交车单"), refusal_statement: () => t("拒修声明") };

function settledKinds({ documents }) {
  return [...new Set(documents.filter((doc) => !doc.void_reason).map((doc) => doc.kind))];
}

function signedText(view) {
  const { revisions = {}, signed = {} } = view.visit;
  const kinds = settledKinds(view);
  const again = kinds.filter((kind) => signed[kind] && (revisions[kind] ?? 1) > signed[kind]);
  if (again.length) return t("%(papers)s签后有变，待补签", { papers: again.map((kind) => PAPERS[kind]?.()).join("、") });
  return kinds.length ? t("%(papers)s已签", { papers: kinds.map((kind) => PAPERS[kind]?.()).join("、") }) : t("还没签");
}

function afterRows(visit) {
  const passed = ["ready", "handover", "settling", "released"].includes(visit.state);
  return [
    row(visit, "/delivery", t("内部交车"), visit.ready_at ? t("%(who)s 已检验", { who: visit.checked_by ?? "" }) : t("等维修完成")),
    row(visit, "/handover", t("白毛巾验车"), visit.state === "released" ? t("已交车") : passed ? t("可以开始") : t("等维修完成")),
  ];
}

function foot({ view, visit }, step, shell) {
  if (visit.state === "authorised" || visit.state === "internal_rework") {
    return html`<button type="button" class="btn main" @click=${() => markReady(view, shell)}>${t("维修已完成 %(car)s", { car: shortPlate(visit) })}</button>`;
  }
  if (isEnded(visit) || !step.button) return html`<a class="btn" href="#/">${t("回到今天")}</a>`;
  return html`<button type="button" class="btn main" @click=${() => shell.go(step.hash)}>${step.button}</button>`;
}
