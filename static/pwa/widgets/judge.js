// A number against its limits: the status it means, and the sentence that says why. The server judges again by the same limits.

import { numberText, unitText } from "../lib/number.js";
import { t } from "../lib/words.js";

/** "1.5" → 15 with one decimal; undefined when it is not such a number. A comma or full-width sign is taken too. */
export function readNumber(text, decimals = 0) {
  const plain = text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[，,。．]/g, ".").replace("−", "-");
  if (!new RegExp(`^-?\\d{1,9}(\\.\\d{0,${Math.max(decimals, 1)}})?$`).test(plain)) return undefined;
  const [whole, part = ""] = plain.replace("-", "").split(".");
  if (!decimals && Number(part)) return undefined;
  const value = Number(whole + part.padEnd(decimals, "0").slice(0, decimals));
  return plain.startsWith("-") ? -value : value;
}

/**
 * What a number means: {severity: ok|attention|fail, text}. text is "" when all is well. placard: the maker's tyre pressure,
 * for limits that are a difference from it.
 */
export function judge(item, number, { placard } = {}) {
  const a = item.answer;
  const spot = [
    ["fail", "lt", a.fail_lt], ["fail", "gt", a.fail_gt], ["attention", "lt", a.attention_lt], ["attention", "gt", a.attention_gt],
  ].find(([, way, limit]) => limit !== undefined && (way === "lt" ? number < limit : number > limit));
  if (spot) return { severity: spot[0], text: limitSentence(item, number, spot) };
  return byDeviation(a, number, placard) ?? { severity: "ok", text: "" };
}

/** Outside of what can be entered at all: a sentence, or "". */
export function outOfRange(item, number) {
  const { min, max, decimals, unit } = item.answer;
  if ((min === undefined || number >= min) && (max === undefined || number <= max)) return "";
  return t("请填 %(min)s–%(max)s %(unit)s 之间的数", { min: numberText(min, decimals), max: numberText(max, decimals), unit: unitText(unit) });
}

function limitSentence(item, number, [severity, way, limit]) {
  const { decimals, unit } = item.answer;
  const facts = { value: numberText(number, decimals), limit: numberText(limit, decimals), unit: unitText(unit) };
  if (item.note?.startsWith("Legal minimum") && severity === "fail") return t("花纹 %(value)s %(unit)s，低于 %(limit)s %(unit)s 法定下限", facts);
  if (severity === "fail") {
    return way === "lt" ? t("%(value)s %(unit)s，低于 %(limit)s %(unit)s 下限", facts) : t("%(value)s %(unit)s，高于 %(limit)s %(unit)s 上限", facts);
  }
  return way === "lt" ? t("%(value)s %(unit)s，低于 %(limit)s %(unit)s，请关注", facts) : t("%(value)s %(unit)s，高于 %(limit)s %(unit)s，请关注", facts);
}

function byDeviation(a, number, placard) {
  if (a.fail_dev === undefined && a.attention_dev === undefined) return undefined;
  if (!placard) return { severity: "ok", text: t("这辆车没有登记标签气压，请看门框标签") };
  const off = Math.abs(number - placard);
  const severity = off > (a.fail_dev ?? Infinity) ? "fail" : off > (a.attention_dev ?? Infinity) ? "attention" : "ok";
  if (severity === "ok") return { severity, text: "" };
  const facts = { limit: placard, off, unit: unitText(a.unit) };
  return { severity, text: number < placard ? t("比标签值 %(limit)s %(unit)s 低 %(off)s %(unit)s", facts) : t("比标签值 %(limit)s %(unit)s 高 %(off)s %(unit)s", facts) };
}
