// What a VIN's faults are called, and which of them stop saving.

import { readVin, vinBlocks, vinProblem } from "../lib/vin.js";
import { t } from "../lib/words.js";

export const tidyVin = readVin;

/** {ok, text, warning}: text says what stops it; a warning does not, since some foreign makers do not use the check digit. */
export function checkVin(vin) {
  const problem = vinProblem(vin);
  if (!problem) return { ok: true, text: "" };
  const words = sentence(vin, problem);
  return vinBlocks(vin, problem) ? { ok: false, text: words } : { ok: true, text: "", warning: words };
}

function sentence(vin, problem) {
  if (problem === "placeholder") return t("这不像真的车架号，请再看一眼");
  if (problem !== "shape") return t("校验位对不上，请逐位再看一遍");
  if (/[IOQ]/.test(vin) && vin.length === 17) return t("车架号里没有 I、O、Q，请看是不是 1 和 0");
  return t("车架号是 17 位字母和数字，现在 %(n)s 位", { n: vin.length });
}
