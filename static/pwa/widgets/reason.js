// Why? A few words to tap, and a line for other words. Two taps for what is common.

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { openSheet } from "./sheet.js";

const MOST = 300;

/** Resolves with the reason as text, or undefined when it was put away. reasons: sentences already in the person's language. */
export function askReason(title, reasons, { hint = "" } = {}) {
  return openSheet((close) => {
    const say = (event) => {
      event.preventDefault();
      const text = new FormData(event.target).get("reason").trim();
      if (text) close(text);
    };
    return html`<div class="actions-list">${hint ? html`<p class="small quiet">${hint}</p>` : ""}
      ${reasons.map((reason) => html`<button type="button" class="btn" @click=${() => close(reason)}>${reason}</button>`)}
      <form class="say" @submit=${say}><input class="input" name="reason" maxlength=${MOST} autocomplete="off" aria-label=${t("其他原因")} placeholder=${t("其他原因")}>
        <button class="btn small line">${t("写好了")}</button></form></div>`;
  }, { label: title });
}
