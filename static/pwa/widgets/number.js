// A number with its unit: the phone's own number keys, judged at once, kept when you leave it or press Enter.

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { numberText, unitText } from "../lib/number.js";
import { t } from "../lib/words.js";
import { judge, outOfRange, readNumber } from "./judge.js";
import { leaveOnEnter, sayVerdict, verdictLine } from "./verdict.js";

const typed = new Map(); // what stands in a field and is not kept: out of range, or not a number

export function numberField(item, { row, onAnswer, placard, title }) {
  const { decimals, unit } = item.answer;
  const kept = row?.number !== undefined ? numberText(row.number, decimals) : "";
  const draft = typed.get(item.id);
  const problem = draft !== undefined ? complaint(item, draft) : "";
  const verdict = !problem && row?.number !== undefined ? judge(item, row.number, { placard }) : undefined;
  return html`<div class="row tall"><label class="item-label" for=${`n-${item.id}`}>${title}</label>
    <span class="measure"><input id=${`n-${item.id}`} inputmode=${decimals ? "decimal" : "numeric"} autocomplete="off" enterkeyhint="next"
      maxlength="10" .value=${live(draft ?? kept)} aria-describedby=${`s-${item.id}`} aria-invalid=${problem ? "true" : nothing}
      @keydown=${leaveOnEnter} @input=${(event) => showVerdict(event, item, placard)} @change=${(event) => keep(event, item, onAnswer)}>
      <span class="unit">${unitText(unit)}</span></span>
    ${verdictLine(item, problem || verdict?.text, problem ? "is-stop" : tone(verdict))}</div>`;
}

/** The sentence follows the typing, before anything is kept. */
function showVerdict(event, item, placard) {
  const number = readNumber(event.target.value, item.answer.decimals);
  const verdict = number === undefined || outOfRange(item, number) ? undefined : judge(item, number, { placard });
  sayVerdict(item, verdict?.text, tone(verdict));
}

function keep(event, item, onAnswer) {
  const text = event.target.value;
  typed.delete(item.id);
  if (!text.trim()) return;
  const problem = complaint(item, text);
  if (!problem) return onAnswer({ number: readNumber(text, item.answer.decimals) });
  typed.set(item.id, text);
  sayVerdict(item, problem, "is-stop");
}

function complaint(item, text) {
  const number = readNumber(text, item.answer.decimals);
  if (number !== undefined) return outOfRange(item, number);
  return item.answer.decimals ? t("请填数字，最多 %(n)s 位小数", { n: item.answer.decimals }) : t("请填整数");
}

function tone(verdict) {
  return { fail: "is-stop", attention: "is-look" }[verdict?.severity] ?? "quiet";
}
