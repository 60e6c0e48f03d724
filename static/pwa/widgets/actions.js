// The action sheet: for "other ways" and for what cannot be undone.

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { openSheet } from "./sheet.js";

/** Resolves with the chosen `value`, or undefined. choices: [{label, value, hint, danger}] */
export function openActions(choices, { title = "" } = {}) {
  return openSheet((close) => html`<div class="actions-list">
    ${choices.map(({ label, value, hint, danger }) => html`<button type="button" class="btn ${danger ? "danger" : ""}" @click=${() => close(value)}>
      <span>${label}${hint ? html`<small>${hint}</small>` : ""}</span></button>`)}
    <button type="button" class="btn line" @click=${() => close()}>${t("返回")}</button></div>`, { label: title });
}
