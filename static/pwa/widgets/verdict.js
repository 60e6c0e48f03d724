// The line under a field that says at once what its value means. It changes while somebody types, between two drawings.

import { html } from "lit-html";
import { live } from "lit-html/directives/live.js";

/** In a template; as properties, so that sayVerdict never takes away what the template holds on to. */
export function verdictLine(item, text = "", look = "") {
  return html`<p id=${idOf(item)} aria-live="polite" .className=${live(`verdict small ${look}`)} .textContent=${live(text)}></p>`;
}

/** Now, without drawing. */
export function sayVerdict(item, text = "", look = "") {
  const line = document.getElementById(idOf(item));
  line.textContent = text;
  line.className = `verdict small ${look}`;
}

/** On a key: Enter ends the field, and itself; what opens on leaving must not take the same Enter for its own. */
export function leaveOnEnter(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.target.blur();
}

function idOf(item) {
  return `s-${item.id}`;
}
