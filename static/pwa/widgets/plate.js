// 车牌: the car's name. Kinds and checks of number plates; the plate is stored without dot or blank and shown as 浙Z·A1B23.

import { html } from "lit-html";
import { t } from "../lib/words.js";

export const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const P = `[${PROVINCES}]`;
const KINDS = [
  ["ordinary", new RegExp(`^${P}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}$`)],
  ["nev_large", new RegExp(`^${P}[A-HJ-NP-Z][0-9]{5}[DF]$`)],
  ["nev_small", new RegExp(`^${P}[A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{4}$`)],
  ["special", new RegExp(`^${P}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[警学挂领]$`)],
  ["hk_macau", /^粤Z[A-HJ-NP-Z0-9]{4}[港澳]$/],
  ["embassy", /^[0-9]{6}使$/],
];

/** The kind of a whole plate, or "" when it is none we know. */
export function plateKind(text) {
  return KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? "";
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
  const kind = plateKind(text);
  if (kind === "ordinary" && (text.slice(2).match(/[A-Z]/g) ?? []).length > 2) return t("后五位的字母多于两个，请再看一眼车牌");
  if (kind === "nev_small" && /[DABCE]/.test(text[2]) && powertrain !== "bev") return t("车牌是纯电号段，动力却不是纯电，请核对");
  if (kind === "nev_small" && /[FGHJK]/.test(text[2]) && powertrain === "fuel") return t("车牌是新能源号段，动力却是燃油，请核对");
  return "";
}

/** What the plate says about the powertrain, as a first guess. */
export function powertrainOf(text) {
  const kind = plateKind(text);
  if (kind === "nev_small") return /[DABCE]/.test(text[2]) ? "bev" : "phev";
  if (kind === "nev_large") return text.endsWith("D") ? "bev" : "phev";
  return "fuel";
}

/** 浙Z·8K520 */
export function plateText(text) {
  if (!text) return t("未上牌");
  return /^[0-9]/.test(text) || text.length < 3 || !PROVINCES.includes(text[0]) ? text : `${text.slice(0, 2)}·${text.slice(2)}`;
}

/** The plate in its real colour. */
export function plate(text) {
  const kind = plateKind(text ?? "");
  const look = !text ? "none" : kind === "nev_large" ? "nev large" : kind === "nev_small" ? "nev" : "";
  return html`<span class="plate ${look}">${plateText(text)}</span>`;
}
