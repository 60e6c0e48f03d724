// What a car needs next, from where its visit stands: one word for the list, one for the button, and where it leads.

import { t } from "../lib/words.js";
import { plateText } from "../widgets/plate.js";

const ENDED = new Set(["released", "cancelled"]);
const IN_WORKSHOP = new Set(["authorised", "internal_rework"]);

/**
 * {tag, tone, button, hash, rank}: rank orders the list, low first; `button` is empty when the next move is not ours.
 * walked: every zone is seen or skipped (then the sheet can be signed); priced: the order has lines.
 */
export function nextStep(visit, { walked = false, priced = false } = {}) {
  const at = `#/v/${visit.id}`;
  const short = shortPlate(visit);
  const step = (rank, tag, tone, button, path) => ({ rank, tag, tone, button, hash: at + path });
  switch (visit.state) {
    case "arrived": return step(2, t("等环检"), "qing", t("开始环检 %(car)s", { car: short }), "/walk");
    case "inspecting":
      if (!walked) return step(1, t("环检中"), "qing", t("继续环检 %(car)s", { car: short }), "/walk");
      return step(3, t("待签字"), "look", priced ? t("请客户过目并签字") : t("开单 %(car)s", { car: short }), priced ? "/sign" : "/order");
    case "estimating": return step(4, priced ? t("待签字") : t("待开单"), "look", priced ? t("请客户签工单") : t("开单 %(car)s", { car: short }), priced ? "/sign" : "/order");
    case "awaiting_signature": return step(5, t("待签字"), "look", t("请客户签工单"), "/sign");
    case "authorised": return step(20, t("维修中"), "qing", "", "");
    case "internal_rework": return step(21, t("内部返工"), "stop", "", "");
    case "ready": return step(6, t("待交车"), "look", t("交车准备 %(car)s", { car: short }), "/delivery");
    case "handover": return step(0, t("验车中"), "qing", t("继续验车 %(car)s", { car: short }), "/handover");
    case "settling": return step(7, t("待放行"), "look", t("结清放行 %(car)s", { car: short }), "/handover");
    case "released": return step(40, t("已出厂"), "", "", "/receipt");
    default: return step(41, t("已取消"), "", "", "");
  }
}

export function isEnded(visit) {
  return ENDED.has(visit.state);
}

export function inWorkshop(visit) {
  return IN_WORKSHOP.has(visit.state);
}

/** 8K520: how colleagues call a car. */
export function shortPlate(visit) {
  return visit.plate ? plateText(visit.plate).split("·").pop() : (visit.vin ?? "").slice(-6);
}
