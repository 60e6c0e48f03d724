// 车牌: the car's name, in its real colour; which keys may follow, and what looks odd, in words.

import { html } from "lit-html";
import { PROVINCES, readPlate, shownPlate } from "../lib/plate.js";
import { t } from "../lib/words.js";

const COLOURS = { nev_small: "nev", nev_large: "nev large" };
const ODD = {
  "plate.many_letters": () => t("后五位的字母多于两个，请再看一眼车牌"),
  "plate.powertrain": () => t("车牌的号段与动力不符，请核对"),
  "plate.unusual": () => t("少见的车牌，请再看一眼"),
};

/** The kind of a whole plate, or "" when it is none that the rules know. */
export function plateKind(text) {
  const { kind } = readPlate(text);
  return ["unplated", "other", null].includes(kind) ? "" : kind;
}

/** Is this still the beginning of some plate? Keys that cannot follow sleep. */
export function mayFollow(text, key) {
  if (text.length === 0) return PROVINCES.includes(key) || /[0-9]/.test(key);
  if (/^[0-9]/.test(text)) return text.length < 6 ? /[0-9]/.test(key) : text.length === 6 && key === "使";
  if (text.length === 1) return /[A-HJ-NP-Z]/.test(key);
  if (text.length < 6) return /[A-HJ-NP-Z0-9]/.test(key);
  if (text.length === 6) return /[A-HJ-NP-Z0-9警学挂领]/.test(key) || (/^粤Z/.test(text) && /[港澳]/.test(key));
  return text.length === 7 && plateKind(text + key).startsWith("nev");
}

/** What is odd though allowed: a sentence, or "". */
export function plateWarning(text, powertrain) {
  const [warning] = text ? readPlate(text, powertrain).warnings : [];
  return warning ? ODD[warning]() : "";
}

/** What the plate says about the powertrain, as a first guess. */
export function powertrainOf(text) {
  const { kind } = readPlate(text);
  if (kind === "nev_small") return "DABCE".includes(text[2]) ? "bev" : "phev";
  if (kind === "nev_large") return text.endsWith("D") ? "bev" : "phev";
  return "fuel";
}

/** 浙Z·8K520 */
export function plateText(text) {
  return text ? shownPlate(text) : t("未上牌");
}

export function plate(text) {
  return html`<span class="plate ${text ? (COLOURS[plateKind(text)] ?? "") : "none"}">${plateText(text)}</span>`;
}
