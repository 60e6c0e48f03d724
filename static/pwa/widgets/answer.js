// One item of a list and the control for its kind of answer. Used by the walkaround, the internal delivery and the handover.

import { html, nothing } from "lit-html";
import { measureText } from "../lib/number.js";
import { named, t } from "../lib/words.js";
import { choiceField } from "./choice.js";
import { icon } from "./icon.js";
import { numberField } from "./number.js";
import { textField } from "./text.js";

export const STATUS = [
  ["ok", () => t("正常"), "v-ok"],
  ["attention", () => t("关注"), "v-look"],
  ["fail", () => t("不合格"), "v-stop"],
];
const FIELDS = { number: numberField, choice: choiceField, text: textField };

/**
 * One item as a row. entry: {current, others} of the view; onAnswer(value) with {status}, {number}, {choice}, {choices} or
 * {text}; onMore() opens what is rarely needed (不适用, photo, undo). options: of the item's set. Further: proposal
 * {value, words}, placard, note (a template under the row), people {id: name}, onResolve().
 */
export function answerRow(item, { entry, options, onAnswer, onMore, onResolve, proposal, placard, note, people = {} }) {
  const row = entry?.current;
  return html`<div class="item ${row?.disputed ? "disputed" : ""}" data-item=${item.id}>
    ${control(item, { row, options, onAnswer, onMore, placard, proposal: said(row) ? undefined : proposal })}
    ${row?.status === "na" ? naLine(row) : nothing}
    ${row?.disputed ? dispute(item, entry, options, people, onResolve) : nothing}
    ${note ?? nothing}
  </div>`;
}

/** The item's words, with the marks of Chinese writing and its shield; the part that opens the rest. */
export function itemTitle(item, onMore) {
  const words = html`${item.safety ? html`${icon("shield")}<span class="vh">${t("安全项")} </span>` : nothing}${itemName(item)}`;
  return onMore ? html`<button type="button" class="item-name" @click=${onMore} aria-haspopup="dialog">${words}</button>` : words;
}

/** Half-width marks of the list's file become full width, as Chinese is written. */
export function itemName(item) {
  const text = named(item);
  return /[一-鿿]/.test(text) ? text.replace(/:/g, "：").replace(/,/g, "，").replace(/\(/g, "（").replace(/\)/g, "）") : text;
}

/** An answer in words: 正常, 1.5 mm, 无, … */
export function answerWords(item, row, options = []) {
  if (!row) return "";
  if (row.status === "na") return row.reason ? t("不适用：%(reason)s", { reason: row.reason }) : t("不适用");
  if (row.status) return STATUS.find(([value]) => value === row.status)?.[1]() ?? row.status;
  if (row.number !== undefined) return measureText(row.number, item.answer);
  const word = (value) => named(options.find((one) => one.value === value)) || value;
  if (row.choice) return word(row.choice);
  return row.choices ? row.choices.map(word).join("、") : (row.text ?? "");
}

function said(row) {
  return row && (row.status ?? row.number ?? row.choice ?? row.choices ?? row.text) !== undefined;
}

function control(item, facts) {
  const field = FIELDS[item.answer.type];
  return field ? field(item, { ...facts, title: itemTitle(item, facts.onMore) }) : statusField(item, facts);
}

function statusField(item, { row, onAnswer, onMore }) {
  return html`<fieldset class="row"><legend>${itemTitle(item, onMore)}</legend><div class="seg">
    ${STATUS.map(([value, words, look]) => html`<label><input type="radio" name=${item.id} value=${value} class=${look}
      .checked=${row?.status === value} @change=${() => onAnswer({ status: value })}><span>${words()}</span></label>`)}</div></fieldset>`;
}

function naLine(row) {
  return html`<p class="item-note small">${row.reason ? t("不适用：%(reason)s", { reason: row.reason }) : t("不适用")}</p>`;
}

/** Both answers stay, with name and time; the more severe one is shown (decisions.md 5). Never red, never "overwritten". */
function dispute(item, { current, others }, options, people, onResolve) {
  const line = (row) => html`<li>${people[row.answered_by] ?? row.answered_by} ${clock(row.answered_at)}：<b>${answerWords(item, row, options)}</b></li>`;
  return html`<div class="item-dispute"><p>${icon("look")}<b>${t("两人记得不一样")}</b></p>
    <ul class="small">${line(current)}${others.filter((row) => row.disputed).map(line)}</ul>
    <button type="button" class="btn small line" @click=${onResolve}>${t("当面核对")}</button></div>`;
}

/** 10:41 */
export function clock(at) {
  const when = new Date(at);
  return Number.isNaN(when.valueOf()) ? "" : `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
}
