// Items of a list that is not the walk: internal delivery and handover. One row each, with what this visit itself knows about it.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { visitView } from "../commands/view.js";
import { t } from "../lib/words.js";
import { byHash, catalogue } from "../store/catalogue.js";
import { answerRow, answerWords, itemName } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { askReason } from "../widgets/reason.js";
import { isAnswered, itemsFor } from "../widgets/walk.js";
import { takePhoto } from "./capture.js";
import { noteFor, proposalFor } from "./run_notes.js";
import { photosOf } from "./walk_data.js";

/** {store, view, visit, list, template, items, answers, people, zones}; template is the newest while the run has not begun. */
export async function loadRun(visitId, run, templateId) {
  const store = here();
  const [view, list] = await Promise.all([visitView(visitId), catalogue(store)]);
  if (!view?.visit || !list) return {};
  const begun = view.runs[run];
  const newest = list.checklists.find((one) => one.id === templateId);
  const template = begun ? await byHash(store, begun.template_sha256) : newest;
  const items = template ? itemsFor(template, view.visit.powertrain) : [];
  const answers = view.answers[run] ?? {};
  const zones = [...(template?.zones ?? [])].sort((a, b) => a.order - b.order).map((zone) => {
    const own = items.filter((item) => item.zone === zone.id);
    return { ...zone, own, open: own.filter((item) => !isAnswered(answers[item.id])) };
  });
  const people = Object.fromEntries(list.staff.map((one) => [one.id, one.name]));
  return { store, view, visit: view.visit, list, run, begun, template, newest, items, answers, zones, people };
}

/** One item as a row; acts are {answer, clearAnswer} of its run, photo the subject kind of its pictures, hash where we are. */
export function runItem(facts, item, { acts, photo, hash }, shell) {
  const { visit, list, answers, people } = facts;
  const keep = (value) => shell.attempt(() => acts.answer({ visit: visit.id, item: item.id, ...value })).then((done) => done && shell.redraw());
  const options = list.option_sets[item.answer.options];
  return answerRow(item, {
    entry: answers[item.id], options, people, onAnswer: keep, onMore: () => more(facts, item, { acts, photo, hash }, shell),
    onResolve: () => settle(facts, item, keep, shell), proposal: proposalFor(item, facts), note: under(facts, item, { photo, hash }, shell),
  });
}

/** Open status items of a zone that may be answered together: never a safety item (rule no_bulk). */
export function bulkOf({ open }) {
  return open.filter((item) => item.answer.type === "status" && !item.safety);
}

/** 本区全部正常，记 6 项 · 本区其余 3 项正常 */
export function bulkWords(zone) {
  const n = bulkOf(zone).length;
  return n === zone.own.length ? t("本区全部正常，记 %(n)s 项", { n }) : t("本区其余 %(n)s 项正常", { n });
}

function under(facts, item, { photo, hash }, shell) {
  const note = noteFor(item, facts);
  const found = ["attention", "fail"].includes(facts.answers[item.id]?.current?.severity);
  const wanted = item.photo === "always" || (item.photo === "on_defect" && found);
  if (!note && !wanted) return undefined;
  const taken = photosOf(facts.view, photo, item.id);
  const shoot = async () => (await takePhoto(shell, { visit: facts.visit.id, subject: { kind: photo, id: item.id }, hash })) && shell.redraw();
  return html`<div class="run-note">${note ? html`<div class="small quiet">${note}</div>` : nothing}
    ${wanted ? html`<div class="extra">${taken.map((one) => photoImage(facts.store, one, { alt: itemName(item), look: "thumb" }))}
      <button type="button" class="btn small" @click=${shoot}>${icon("camera")}${taken.length ? t("再拍一张") : t("拍这里")}</button></div>` : nothing}</div>`;
}

async function more({ visit, answers, list }, item, { acts, photo, hash }, shell) {
  const { current } = answers[item.id] ?? {};
  const chosen = await shell.actions([
    { label: t("拍一张"), value: "photo" },
    { label: t("不适用…"), value: "na" },
    ...(current ? [{ label: t("撤销这一项"), value: "clear", hint: answerWords(item, current, list.option_sets[item.answer.options]) }] : []),
  ], { title: itemName(item) });
  if (chosen === "photo") await takePhoto(shell, { visit: visit.id, subject: { kind: photo, id: item.id }, hash });
  if (chosen === "clear") await shell.attempt(() => acts.clearAnswer({ visit: visit.id, items: [item.id] }));
  if (chosen === "na") {
    const reason = await askReason(t("为什么不适用？"), [t("这辆车没有此项"), t("本次没有涉及"), t("客户不需要")]);
    if (reason) await shell.attempt(() => acts.answer({ visit: visit.id, item: item.id, status: "na", reason }));
  }
  if (chosen) await shell.redraw();
}

/** Two people answered differently: they look together and one of them says it again. */
async function settle({ answers, list, people }, item, keep, shell) {
  const { current, others } = answers[item.id];
  const told = [current, ...others.filter((row) => row.disputed)];
  const chosen = await shell.actions(told.map((row) => ({ value: row, hint: people[row.answered_by] ?? row.answered_by,
    label: answerWords(item, row, list.option_sets[item.answer.options]) })), { title: t("当面核对：%(item)s", { item: itemName(item) }) });
  if (!chosen) return;
  const { status, number, choice, choices, text, reason } = chosen;
  await keep({ status, number, choice, choices, text, reason });
}
