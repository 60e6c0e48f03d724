// What the card, the booking or the order already say is offered for one tap, never filled in silently.

import { t } from "../lib/words.js";

const RULES = {
  "WA-PR-02": ({ car }) => car && text(car.declined?.length ? car.declined.map((one) => one.text).join("；").slice(0, 200) : t("无"), t("档案")),
  "WA-PR-03": ({ car }) => car && (car.open_recall
    ? { value: { choice: "open" }, words: t("档案：有未完成召回 %(code)s", { code: car.open_recall }) }
    : { value: { choice: "none" }, words: t("档案：无未完成召回") }),
  "WA-GR-01": ({ visit, list }) => choice(list, "sender", visit.sender, t("到店登记")),
  "WA-GR-03": ({ view }) => {
    const told = view.concerns.filter((one) => !one.retracted).map((one) => one.text).join("；");
    return told ? text(told.slice(0, 1000), t("客户主诉")) : view.appointment?.request && text(view.appointment.request, t("预约"));
  },
  "WA-DR-01": ({ visit, car }) => (visit.vin ?? car?.vin) && { value: { text: visit.vin ?? car.vin }, words: t("与行驶证一致：%(vin)s", { vin: visit.vin ?? car.vin }) },
  "WA-CF-02": ({ view, list }) => choice(list, "old_parts", view.order?.old_parts, t("工单")),
  "WA-CF-03": ({ view, list }) => choice(list, "wash", view.order?.wash, t("工单")),
  "WA-CF-04": ({ view, list }) => choice(list, "consent", view.order?.road_test, t("工单")),
};

/** {value, words} to offer for an open item, or undefined. */
export function proposalFor(item, walk) {
  return RULES[item.id]?.(walk) || undefined;
}

function text(words, from) {
  return { value: { text: words }, words: t("%(from)s：%(words)s", { from, words }) };
}

function choice(list, set, value, from) {
  const option = list?.option_sets?.[set]?.find((one) => one.value === value);
  return option && { value: { choice: value }, words: t("%(from)s：%(words)s", { from, words: option.zh }) };
}
