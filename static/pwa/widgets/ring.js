// The big ring: eight zones round the car, clockwise from the left front. Eight buttons in walking order; the drawing is decoration.

import { html, nothing, svg } from "lit-html";
import { t } from "../lib/words.js";
import { drawing, holding } from "./drawing.js";
import { icon } from "./icon.js";

let car;

/**
 * segments: eight of {id, name, state: unseen|part|fine|findings|skipped, findings, open, begun, skip}; here: the id of the
 * zone we stand at; onPick(id). kind words the findings ("%(n)s 处损伤" by default).
 */
export function ring(segments, { here, onPick, label = t("环车八区，顺时针"), finding = (n) => t("%(n)s 处", { n }) } = {}) {
  car ??= drawing("car-top").then((node) => { node.setAttribute("aria-hidden", "true"); return node; });
  const next = segments.findIndex((one) => one.id === here);
  return html`<nav class="ring" aria-label=${label}>
    <svg viewBox="-146 -146 292 292" aria-hidden="true">${segments.map((one, at) => arc(one, at, here))}${next < 0 ? nothing : arrow(next)}</svg>
    <span class="ring-car" ${holding(car)}></span>
    ${segments.map((one, at) => html`<button type="button" class=${look(one, here)} aria-current=${one.id === here ? "step" : nothing}
      aria-label=${spoken(one, at, here, finding)} @click=${() => onPick(one.id)}>${face(one, at, here, finding)}</button>`)}
  </nav>`;
}

/** The same truth as a word for a row or a chip: 正常, 2 处, 还剩 3 项, 已略过. */
export function zoneWords(one) {
  if (one.state === "skipped") return t("略过：%(reason)s", { reason: one.skip?.reason ?? "" });
  if (one.state === "fine") return t("正常");
  const found = one.findings ? t("%(n)s 处发现", { n: one.findings }) : "";
  const left = one.begun && one.open ? t("还剩 %(n)s 项", { n: one.open }) : "";
  return [found, left].filter(Boolean).join("，") || t("未看");
}

function arc(one, at, here) {
  const turn = at * 45 - 155.5;
  return svg`<g class=${look(one, here)}>
    <circle class="edge" r="122" pathLength="360" stroke-dasharray="41 319" transform="rotate(${turn})"/>
    <circle class="hole" r="122" pathLength="360" stroke-dasharray="39.6 320.4" transform="rotate(${turn + 0.7})"/>
    <circle class="fill" r="122" pathLength="360" stroke-dasharray="41 319" transform="rotate(${turn})"/>
    ${one.state === "skipped" ? svg`<path class="struck" d="M106 0h32" transform="rotate(${at * 45 - 135})"/>` : nothing}</g>`;
}

/** The small arrow that says which way we walk, inside the ring beside the zone we stand at. */
function arrow(at) {
  return svg`<path class="way" transform="rotate(${(at - 3) * 45})" d="M84 38A92 92 0 0 1 66 64M76.5 60.5 66 64 67.5 53"/>`;
}

function look(one, here) {
  return one.id === here ? `here ${one.state}` : one.state;
}

function face(one, at, here, finding) {
  if (one.state === "fine" && one.id !== here) return icon("check");
  return html`<span><span class="no">${at + 1}</span>${one.findings ? html`<br><small>${finding(one.findings)}</small>` : nothing}</span>`;
}

function spoken(one, at, here, finding) {
  const facts = { no: at + 1, name: one.name, words: zoneWords(one) };
  if (one.id !== here) return t("%(no)s %(name)s，%(words)s", facts);
  return one.findings ? t("%(no)s %(name)s，正在检查，%(words)s", { ...facts, words: finding(one.findings) }) : t("%(no)s %(name)s，正在检查", facts);
}
