// One of several, or several of several. "无" in a list of several shuts out the others.

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { named, t } from "../lib/words.js";
import { toggled } from "./toggle.js";

const FEW = 9;

/** A fieldset of radios, or of check boxes where the item takes several; the long lists open on demand. */
export function choiceField(item, { row, options = [], onAnswer, title, proposal }) {
  const several = item.answer.multiple;
  const chosen = several ? (row?.choices ?? []) : row?.choice ? [row.choice] : [];
  const long = options.length > FEW && options.some((one) => one.value === "none");
  const first = long ? options.filter((one) => one.value === "none") : options;
  const rest = long ? options.filter((one) => one.value !== "none") : [];
  const box = (one) => pill(item, one, chosen, several, onAnswer, proposal?.value.choice);
  return html`<fieldset class="row tall"><legend>${title}${proposal ? html`<span class="small quiet offered-words">${proposal.words}</span>` : nothing}</legend>
    <div class="pick ${gauge(item) ? "gauge" : ""}">${first.map(box)}${long ? html`<details class="pick-rest" ?open=${chosen.some((value) => value !== "none")}>
      <summary class="btn small">${t("有，选一选")}</summary><div class="pick">${rest.map(box)}</div></details>` : nothing}</div></fieldset>`;
}

function pill(item, one, chosen, several, onAnswer, offered) {
  const pick = (event) => {
    if (!several) return onAnswer({ choice: one.value });
    const next = toggled(chosen, one.value);
    if (next.length) return onAnswer({ choices: next });
    event.target.checked = true; // the last one stays: an answer is taken back by 撤销, not by an empty list
  };
  return html`<label><input type=${several ? "checkbox" : "radio"} name=${item.id} value=${one.value} class="${mood(one)} ${one.value === offered ? "offered" : ""}"
    .checked=${live(chosen.includes(one.value))} @change=${pick}><span>${named(one)}</span></label>`;
}

function mood(one) {
  return one.severity === "fail" ? "v-stop" : one.severity === "attention" ? "v-look" : "";
}

function gauge(item) {
  return /fuel/.test(item.answer.options ?? "");
}
