// The half-screen dialog. Focus goes in and comes back; the back button of the phone, the grab bar's cross and a tap beside it close it.

import { html, render } from "lit-html";
import { t } from "../lib/words.js";
import { icon } from "./icon.js";

/**
 * Opens a dialog and resolves with what `close(value)` gave, or undefined when it was put away.
 * content: a template, or (close, update) => template, drawn again at every update().
 */
export function openSheet(content, { label = "", full = false } = {}) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = full ? "sheet full" : "sheet";
    if (label) dialog.setAttribute("aria-label", label);
    let value;

    const close = (given) => {
      value = given;
      dialog.close();
    };
    const update = () => render(sheetOf(label, typeof content === "function" ? content(close, update) : content, close), dialog);
    const leave = () => close();
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    dialog.addEventListener("close", () => {
      removeEventListener("hashchange", leave);
      dialog.remove();
      resolve(value);
    }, { once: true });
    addEventListener("hashchange", leave);
    document.body.append(dialog);
    update();
    dialog.showModal();
  });
}

/** Is something open that must not be drawn over? */
export function sheetOpen() {
  return document.querySelector("dialog[open]") !== null;
}

function sheetOf(label, content, close) {
  return html`<div class="sheet-head"><h2>${label}</h2>
    <button class="btn icon" type="button" aria-label=${t("关闭")} @click=${() => close()}>${icon("close")}</button></div>${content}`;
}
