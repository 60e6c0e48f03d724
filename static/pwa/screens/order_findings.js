// What the walk found, and what was left undone last time: each becomes a job, or is declined with a reason. A failed safety
// item ends as one or the other (rule safety_fail).

import { html, nothing } from "lit-html";
import * as workOrder from "../commands/work_order.js";
import { named, t } from "../lib/words.js";
import { answerWords } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import { addSheet } from "./order_add.js";
import { askDecline } from "./order_line.js";

const BAD = ["attention", "fail"];

export function findingsCard(order, shell) {
  const open = findings(order).filter((one) => !shell.state.handled?.has(one.id));
  const last = (order.view.vehicle?.declined ?? []).filter((one) => !shell.state.handled?.has(one.text));
  if (!open.length && !last.length) return nothing;
  return html`<section><h3 class="section-title">${t("环检发现，问客户做不做")}</h3><div class="card rows">
    ${open.map((one) => finding(order, one, shell))}
    ${last.map((one) => finding(order, { id: one.text, words: one.text, what: t("上次没做"), safety: one.safety, search: one.text }, shell))}</div></section>`;
}

/** Answers that ask for attention and were neither declined nor put aside; the worst first. */
export function findings({ view, template, list }) {
  const answers = view.answers.walkaround ?? {};
  const declined = new Set(view.declined.map((one) => one.item));
  return (template?.items ?? [])
    .filter((item) => BAD.includes(answers[item.id]?.current?.severity) && !declined.has(item.id))
    .map((item) => {
      const { current } = answers[item.id];
      return { id: item.id, item: item.id, words: named(item), what: answerWords(item, current, list.option_sets[item.answer.options]),
        severity: current.severity, safety: item.safety, search: named(item) };
    })
    .sort((a, b) => BAD.indexOf(b.severity) - BAD.indexOf(a.severity));
}

function finding(order, one, shell) {
  const visit = order.view.visit.id;
  const done = async () => {
    shell.state.handled = new Set([...(shell.state.handled ?? []), one.id]);
    await shell.redraw();
  };
  const add = async () => { if (await addSheet(order, shell, { text: one.search })) await done(); };
  const decline = async () => {
    const reason = await askDecline(one.words, one.safety);
    if (!reason) return;
    if (one.item && !(await shell.attempt(() => workOrder.decline({ visit, item: one.item, reason, safety: Boolean(one.safety) })))) return;
    await done();
  };
  return html`<div class="row order-finding"><span class="grow">${one.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${one.words}
      <br><span class="small ${one.severity === "fail" ? "is-stop" : "is-look"}">${one.what}</span></span>
    <span class="order-ways"><button class="btn small" type="button" @click=${decline}>${t("这次不做")}</button><button class="btn small" type="button" @click=${add}>${t("加项目")}</button></span></div>`;
}
