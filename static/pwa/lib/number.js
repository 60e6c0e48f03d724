// Numbers of a list as people read them: whole ones that stand for some decimals, and their unit.

import { t } from "./words.js";

const UNITS = { degC: () => "℃", pcs: () => t("个") };

/** 15 with one decimal → "1.5". */
export function numberText(number, decimals = 0) {
  if (!decimals) return String(number);
  const sign = number < 0 ? "-" : "";
  const digits = String(Math.abs(number)).padStart(decimals + 1, "0");
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The unit as people write it. */
export function unitText(unit) {
  return UNITS[unit]?.() ?? unit ?? "";
}

/** `1.5 mm` */
export function measureText(number, { decimals, unit }) {
  return `${numberText(number, decimals)} ${unitText(unit)}`.trim();
}
