// A QR code drawn on the phone as SVG: one path of dark squares on white, in both themes, for cameras know no dark mode.

import { svg, html } from "lit-html";
import { correction, generate } from "lean-qr/nano";

const BORDER = 4; // a camera wants this much white around

/** The code of a text. label says to those who do not see it what it leads to. */
export function qr(text, label) {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const size = code.size + 2 * BORDER;
  return html`<svg class="qr-code" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    ${svg`<rect width=${size} height=${size} fill="#fff"></rect><path fill="#000" d=${pathOf(code)}></path>`}</svg>`;
}

/** Dark modules as runs: short and exact. `code` is {size, get(x, y)}. */
export function pathOf(code) {
  let path = "";
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      const from = x;
      while (code.get(x, y)) x++;
      if (x > from) path += `M${from + BORDER} ${y + BORDER}h${x - from}v1h-${x - from}z`;
    }
  }
  return path;
}
