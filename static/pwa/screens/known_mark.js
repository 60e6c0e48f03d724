// A mark that the car had last time: 一样, 变重 or 没有了.

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { markWords } from "./walk_data.js";

const NOW = [["same", () => t("一样")], ["worse", () => t("变重")], ["gone", () => t("没有了")]];

/** As a row of a card; onSay(now). */
export function knownMarkRow(walk, mark, onSay) {
  const words = markWords(walk.list, mark);
  return html`<fieldset class="row known-mark"><legend><span class="mark-letter old">${words.symbol}</span><span>${words.region}<br><span class="small quiet">${t("上次已有：%(kind)s %(size)s", words)}</span></span></legend>
    ${knownMarkChoice(mark, onSay)}</fieldset>`;
}

export function knownMarkChoice(mark, onSay) {
  return html`<div class="seg">${NOW.map(([value, say]) => html`<label><input type="radio" name=${`known-${mark.id}`} value=${value} class=${value === "worse" ? "v-look" : ""}
    .checked=${mark.check?.now === value} @change=${() => onSay(value)}><span>${say()}</span></label>`)}</div>`;
}
