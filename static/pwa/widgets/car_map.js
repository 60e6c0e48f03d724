// The car unfolded: touch a place to record damage there, touch a mark to see it. Regions can be reached by keys, the map pinched
// to four times; buttons do the same.

import { html, nothing } from "lit-html";
import { t } from "../lib/words.js";
import { drawing, holding } from "./drawing.js";
import { pinchable, zoomBy } from "./pinch.js";
import { setVars, vars } from "./vars.js";

/** Drawn below the car in the files; here they are buttons with words. */
export const BESIDE = ["interior_front", "interior_rear", "underbody", "battery_pack"];
const FACES = {
  fine: { "--car-state": "var(--ok-soft)" },
  findings: { "--car-state": "var(--look-soft)" },
  part: { "--car-state": "var(--look-soft)" },
};
const BODIES = new Set(["saloon", "suv", "mpv"]);
const shown = new Map();

/**
 * body: saloon, suv, mpv. regions: [{id, name, state}] colours and names; marks: [{id, x, y, symbol, words, old, current}] in
 * 0..10000; current: the region being recorded. onRegion(region, x, y), onMark(id); without them the map is only looked at.
 */
export function carMap({ body, regions = [], marks = [], current, onRegion, onMark }) {
  return html`<div class="map" ${pinchable()}><div class="map-sheet" role="group" aria-label=${onRegion ? t("外观展开图，点车身记一处损伤") : t("外观展开图")}>
      <div ${holding(car(body, { regions, current, onRegion }))}><p class="empty">${t("车图正在打开")}</p></div>
      ${marks.map((mark) => html`<button type="button" class="mark ${mark.old ? "old" : ""} ${mark.checked ? "checked" : ""}" aria-current=${mark.current ? "true" : nothing} aria-label=${mark.words}
        ${vars({ "--x": mark.x / 100, "--y": mark.y / 100 })} ?disabled=${!onMark} @click=${() => onMark(mark.id)}><b>${mark.symbol}</b></button>`)}
    </div></div>`;
}

/** 放大, 缩小, for hands in gloves. */
export function zoomButtons() {
  const by = (factor) => (event) => zoomBy(event.currentTarget.closest(".map-frame").querySelector(".map"), factor);
  return html`<div class="zoom"><button type="button" class="btn icon" aria-label=${t("放大车图")} @click=${by(2)}>+</button>
    <button type="button" class="btn icon" aria-label=${t("缩小车图")} @click=${by(0.5)}>−</button></div>`;
}

/** The drawing, dressed for now; always the same one, so that redrawing never takes it away under a finger. */
async function car(body, facts) {
  const name = nameOf(body);
  try {
    const svg = shown.get(name) ?? (await drawing(name));
    if (!shown.has(name)) shown.set(name, svg);
    return dress(shown.get(name), facts);
  } catch {
    return t("车图还没有到这部手机，请用“按名称选部位”");
  }
}

function nameOf(body) {
  return `car-${BODIES.has(body) ? body : "saloon"}`;
}

/** Colours, names and ears of the drawing's regions; the drawing itself is made once. */
function dress(svg, { regions, current, onRegion }) {
  svg.onRegion = onRegion;
  for (const { id, name, state } of regions) {
    const part = svg.querySelector(`[data-region="${id}"]`);
    if (!part) continue;
    setVars(part, { "--car-state": null, ...(id === current ? { "--car-state": "var(--qing-soft)" } : FACES[state]) });
    part.setAttribute("aria-label", name);
    if (onRegion && !BESIDE.includes(id)) {
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "0");
    } else if (BESIDE.includes(id)) part.setAttribute("aria-hidden", "true");
  }
  if (svg.dressed) return svg;
  svg.dressed = true;
  svg.removeAttribute("role"); // its regions are buttons; the group around it has the name
  for (const title of svg.querySelectorAll("g > title")) title.remove(); // the name is said by aria-label, and in the right language
  svg.addEventListener("click", (event) => touch(svg, event));
  svg.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && touch(svg, event));
  return svg;
}

function touch(svg, event) {
  const part = event.target.closest("[data-region]");
  if (!part || !svg.onRegion) return;
  event.preventDefault();
  const at = event.type === "click" && event.detail !== 0 ? pointOf(svg, event) : middleOf(part);
  svg.onRegion(part.dataset.region, at.x, at.y);
}

/** The middle of a region on its drawing, for keys and for regions picked by name. */
export function middleOfRegion(body, region) {
  const svg = shown.get(nameOf(body));
  const part = svg?.isConnected && svg.querySelector(`[data-region="${region}"]`);
  return part ? middleOf(part) : { x: 5000, y: 9500 };
}

function middleOf(part) {
  const box = (part.querySelector("path:not(.hit), rect") ?? part).getBoundingClientRect();
  return pointOf(part.ownerSVGElement, { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 });
}

/** Where on the drawing, as 0..10000 over its viewBox. */
function pointOf(svg, { clientX, clientY }) {
  const frame = svg.getBoundingClientRect();
  const share = (at, from, size) => Math.min(10_000, Math.max(0, Math.round(((at - from) / size) * 10_000)));
  return { x: share(clientX, frame.x, frame.width), y: share(clientY, frame.y, frame.height) };
}
