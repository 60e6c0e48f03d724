import { html } from "lit-html";

/** back, next, check, camera, look, shield, plus, call, undo, close. Beside a word it says nothing of its own. */
export function icon(name, extra = "") {
  return html`<i class="i ${name} ${extra}" aria-hidden="true"></i>`;
}
