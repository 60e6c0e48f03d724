// What is rarely needed of one item: 不适用 with its reason, photos, taking the answer back, settling two answers together.

import { html } from "lit-html";
import { answer, clearAnswer, resolve } from "../commands/walkaround.js";
import { t } from "../lib/words.js";
import { answerWords, itemName, STATUS } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { askReason } from "../widgets/reason.js";
import { isAnswered } from "../widgets/walk.js";
import { takePhoto } from "./capture.js";
import { photosOf } from "./walk_data.js";

/** The item's own sheet. */
export async function openItem(walk, item, shell) {
  const { visit } = walk;
  const chosen = await shell.sheet((close) => html`<div class="actions-list">
    ${isAnswered(walk.answers[item.id]) ? html`<p class="quiet">${t("现在记的是：%(words)s", { words: answerWords(item, walk.answers[item.id].current, walk.sets[item.answer.options]) })}</p>` : ""}
    <div class="extra">${itemPhotos(walk, item)}</div>
    <button type="button" class="btn" @click=${() => close("photo")}>${icon("camera")}${t("拍一张")}</button>
    <button type="button" class="btn" @click=${() => close("na")}>${t("不适用…")}</button>
    ${isAnswered(walk.answers[item.id]) ? html`<button type="button" class="btn" @click=${() => close("clear")}>${icon("undo")}${t("撤销这一项")}</button>` : ""}</div>`,
  { label: itemName(item) });
  if (chosen === "photo") await takePhoto(shell, { visit: visit.id, subject: { kind: "item", id: item.id }, hash: `#/v/${visit.id}/walk/${item.zone}` });
  if (chosen === "na") await notApplicable(visit.id, item, shell);
  if (chosen === "clear") await shell.attempt(() => clearAnswer({ visit: visit.id, items: [item.id] }));
  if (chosen) await shell.redraw();
}

/** A camera beside a finding, and what was taken (photo: on_defect). */
export function findingPhotos(walk, item, shell) {
  const take = async () => {
    const took = await takePhoto(shell, { visit: walk.visit.id, subject: { kind: "item", id: item.id }, hash: `#/v/${walk.visit.id}/walk/${item.zone}` });
    if (took) shell.redraw();
  };
  return html`<div class="extra">${itemPhotos(walk, item)}<button type="button" class="btn small" @click=${take}>${icon("camera")}${t("拍这里")}</button></div>`;
}

/** 当面核对: the two look together and one answer stands. */
export async function settle(walk, item, shell) {
  const { current, others } = walk.answers[item.id];
  const told = [current, ...others.filter((row) => row.disputed)];
  const options = walk.sets[item.answer.options] ?? [];
  const chosen = await shell.sheet((close) => html`<div class="actions-list"><p class="quiet">${t("一起再看一眼，选定的算数，两个人的记录都留着。")}</p>
    ${told.map((row) => html`<button type="button" class="btn" @click=${() => close(valuesOf(row))}><span>${answerWords(item, row, options)}
      <small>${walk.people[row.answered_by] ?? row.answered_by}</small></span></button>`)}
    ${item.answer.type === "status" ? others3(told).map(([value, words]) => html`<button type="button" class="btn line" @click=${() => close({ status: value })}>${words()}</button>`) : ""}</div>`,
  { label: t("当面核对：%(item)s", { item: itemName(item) }) });
  if (chosen && (await shell.attempt(() => resolve({ visit: walk.visit.id, item: item.id, ...chosen })))) shell.redraw();
}

function others3(told) {
  return STATUS.filter(([value]) => !told.some((row) => row.status === value));
}

function valuesOf({ status, number, choice, choices, text, reason }) {
  return { status, number, choice, choices, text, ...(status === "na" && { reason }) };
}

async function notApplicable(visit, item, shell) {
  const reason = await askReason(t("为什么不适用？"), [t("车上没有此项"), t("现在看不到"), t("客户不让看")]);
  if (reason) await shell.attempt(() => answer({ visit, item: item.id, status: "na", reason }));
}

function itemPhotos(walk, item) {
  return photosOf(walk.view, "item", item.id).map((photo) => html`<a href=${`#/v/${walk.visit.id}/photo/${photo.id}`}>${photoImage(walk.store, photo, { alt: itemName(item), look: "thumb" })}</a>`);
}
