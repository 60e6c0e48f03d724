// A QR code drawn on the phone as SVG: one path of dark squares on white, in both themes, for cameras know no dark mode.

import { svg, html } from "lit-html";
import { encode } from "uqr";

/** The code of a text. label says to those who do not see it what it leads to. */
export function qr(text, label) {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  return html`<svg class="qr-code" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    ${svg`<rect width=${size} height=${size} fill="#fff"></rect><path fill="#000" d=${pathOf(data)}></path>`}</svg>`;
}

/** Dark modules as runs: short and exact. */
export function pathOf(rows) {
  let path = "";
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      const from = x;
      while (row[x]) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h-${x - from}z`;
    }
  }
  return path;
}
