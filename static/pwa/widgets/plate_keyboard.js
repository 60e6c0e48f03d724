// 车牌键盘: province row first, then letters and digits; the eighth place is for green plates. Keys that cannot follow sleep.

import { html } from "lit-html";
import { PROVINCES } from "../lib/plate.js";
import { t } from "../lib/words.js";
import { mayFollow } from "./plate.js";

const ROWS = ["1234567890", "QWERTYUP学警", "ASDFGHJKL", "ZXCVBNM"];
const RARE = "挂领港澳使";

/** Eight boxes; `at` is where the next key goes, `likely` the signs of the best match beyond what is typed. */
export function plateBoxes({ text, at = text.length, likely = "", onPick }) {
  const place = (n) => (n === 7 && !text[7] ? (likely[7] ?? t("新能源")) : (text[n] ?? likely[n] ?? ""));
  return html`<div class="boxes" role="group" aria-label=${t("车牌，已输入 %(text)s", { text: text || t("空") })}>
    ${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => html`<button type="button" class="${n === at ? "at" : ""} ${n === 7 && !text[7] && !likely[7] ? "nev" : ""} ${text[n] ? "" : "ghost"}"
      aria-label=${t("第 %(n)s 位 %(sign)s", { n: n + 1, sign: place(n) || t("空") })} @click=${() => onPick(Math.min(n, text.length))}>${place(n)}</button>`)}</div>`;
}

/** The keys. onKey(sign), onDelete(); foot: the row below (other ways, and the main button). */
export function plateKeyboard({ text, provinces, home = [], onKey, onDelete, onToggle, ways, foot }) {
  const rows = provinces ? provinceRows(home) : ROWS;
  const key = (sign) => html`<button type="button" ?disabled=${!mayFollow(text, sign)} @click=${() => onKey(sign)}>${sign}</button>`;
  const remove = html`<button type="button" class="wide del" ?disabled=${!text} @click=${onDelete}>${t("删除")}</button>`;
  return html`<footer class="keys" aria-label=${t("车牌键盘")}>
    ${ways ? html`<div class="ways">${ways}</div>` : ""}
    ${rows.map((row, n) => html`<div>${[...row].map(key)}${n === rows.length - 1 ? remove : ""}</div>`)}
    ${!provinces && text.length === 6 && RARE.split("").some((sign) => mayFollow(text, sign) && !"挂领".includes(sign))
      ? html`<div>${[...RARE].filter((sign) => mayFollow(text, sign)).map(key)}</div>` : ""}
    <div><button type="button" class="wide" @click=${onToggle}>${provinces ? t("字母") : t("省份")}</button>${foot}</div></footer>`;
}

/** Provinces that come here most stand first; the order of the rest never changes, so that thumbs may learn it. */
function provinceRows(home) {
  const order = [...new Set([...home, ...PROVINCES])].join("");
  return [order.slice(0, 10), order.slice(10, 20), order.slice(20, 28), order.slice(28)];
}
