// 车架号: seventeen signs with a check digit at the ninth place.

import { t } from "../lib/words.js";

const VALUES = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 };
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** As typed or scanned: upper case, without blanks and hyphens. */
export function tidyVin(text) {
  return text.toUpperCase().replace(/[\s-]/g, "");
}

/**
 * {ok, text, warning}. A car built in China (L…) with a wrong check digit is not taken; a foreign one gets a warning,
 * since some makers do not use the digit.
 */
export function checkVin(vin) {
  if (!/^[A-Z0-9]{17}$/.test(vin)) return { ok: false, text: t("车架号是 17 位字母和数字，现在 %(n)s 位", { n: vin.length }) };
  if (/[IOQ]/.test(vin)) return { ok: false, text: t("车架号里没有 I、O、Q，请看是不是 1 和 0") };
  if (/^(.)\1+$/.test(vin)) return { ok: false, text: t("这不像真的车架号，请再看一眼") };
  if (/[UZ0]/.test(vin[9]) || !/^\d{4}$/.test(vin.slice(13))) return odd(vin);
  return digitOf(vin) === vin[8] ? { ok: true, text: "" } : odd(vin);
}

function odd(vin) {
  const text = t("校验位对不上，请逐位再看一遍");
  return vin.startsWith("L") ? { ok: false, text } : { ok: true, text: "", warning: text };
}

function digitOf(vin) {
  const sum = [...vin].reduce((total, sign, at) => total + (VALUES[sign] ?? Number(sign)) * WEIGHTS[at], 0);
  return sum % 11 === 10 ? "X" : String(sum % 11);
}
