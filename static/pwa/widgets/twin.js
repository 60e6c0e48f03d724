// Two pictures of one place, then and now, with a slider between them: by finger, by arrow keys, by its value.

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { setVars, vars } from "./vars.js";

/** before, now: templates of <img>; labels: words in the corners such as "接车 10:41" and "现在 14:06". */
export function twin({ before, now, labels = [t("接车"), t("现在")], name = t("两张照片的分界") }) {
  const move = (event) => setVars(event.target.closest(".twin"), { "--cut": event.target.value });
  return html`<figure class="twin" ${vars({ "--cut": 50 })}>
    <div class="twin-now">${now}</div><div class="twin-then">${before}</div>
    <span class="twin-label">${labels[0]}</span><span class="twin-label right">${labels[1]}</span>
    <span class="twin-line" aria-hidden="true"><b>‹ ›</b></span>
    <input type="range" min="0" max="100" value="50" aria-label=${name} @input=${move}></figure>`;
}
