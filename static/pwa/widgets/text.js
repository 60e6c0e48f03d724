// Words: as the customer says them, by keys or by the keyboard's own dictation. Kept when you leave the field.

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t } from "../lib/words.js";
import { icon } from "./icon.js";
import { leaveOnEnter, sayVerdict, verdictLine } from "./verdict.js";
import { checkVin, tidyVin } from "./vin.js";

const typed = new Map();

export function textField(item, { row, onAnswer, title, proposal }) {
  const vin = item.answer.validate === "vin";
  const text = typed.get(item.id) ?? row?.text ?? "";
  const check = vin && text ? checkVin(tidyVin(text)) : { text: "" };
  const facts = { item, text, check, onAnswer, vin };
  if (proposal && !typed.has(item.id)) return offered(item, { proposal, onAnswer, title, field: vin ? vinInput(facts) : words(facts) });
  return html`<div class="row tall"><label class="item-label" for=${`t-${item.id}`}>${title}</label>
    ${vin ? vinInput(facts) : words(facts)}
    ${verdictLine(item, check.text || check.warning, check.ok === false ? "is-stop" : "is-look")}</div>`;
}

/** What is known already, for one tap; the field stays behind 另填. */
function offered(item, { proposal, onAnswer, title, field }) {
  const other = (event) => {
    const box = event.target.closest(".offered");
    box.dataset.open = "";
    box.querySelector("input, textarea").focus();
  };
  return html`<div class="row tall offered"><label class="item-label" for=${`t-${item.id}`}>${title}</label>
    <button type="button" class="link" @click=${other}>${t("另填")}</button>
    <button type="button" class="btn small line item-suggest" @click=${() => onAnswer(proposal.value)}>${icon("check")}<span>${proposal.words}</span></button>
    <div class="other">${field}</div>${verdictLine(item)}</div>`;
}

function vinInput({ item, text, check, onAnswer }) {
  return html`<input class="input mono" id=${`t-${item.id}`} maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"
    .value=${live(text)} aria-describedby=${`s-${item.id}`} aria-invalid=${check.ok === false ? "true" : nothing} @keydown=${leaveOnEnter}
    @change=${(event) => keep(event, item, onAnswer, true)}>`;
}

function words({ item, text, onAnswer }) {
  const most = item.answer.max_length ?? 200;
  return html`<span class="say">
    <textarea class="input" id=${`t-${item.id}`} rows=${most > 200 ? 3 : 1} maxlength=${most} .value=${live(text)}
      aria-describedby=${`s-${item.id}`} @change=${(event) => keep(event, item, onAnswer, false)}></textarea>
    ${text ? nothing : html`<button type="button" class="btn small" @click=${() => onAnswer({ text: t("无") })}>${t("无")}</button>`}</span>`;
}

function keep(event, item, onAnswer, vin) {
  const text = vin ? tidyVin(event.target.value) : event.target.value.trim();
  typed.delete(item.id);
  if (!text) return;
  const check = vin ? checkVin(text) : { ok: true };
  if (check.ok) return onAnswer({ text });
  typed.set(item.id, text);
  sayVerdict(item, check.text, "is-stop");
}
