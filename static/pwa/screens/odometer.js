// 里程: lower than last time, or a great jump, is asked about at once (documents.md 1.3).

import { t } from "../lib/words.js";
import { askReason } from "../widgets/reason.js";

const MOST_A_DAY = 400;

/** The reason to keep with an odd reading; undefined when there is nothing odd, false when the number is to be typed again. */
export async function odometerReason({ car }, km) {
  if (!car?.odometer_km || km === undefined) return undefined;
  const facts = { last: car.odometer_km.toLocaleString("en-US"), now: km.toLocaleString("en-US") };
  if (km < car.odometer_km) {
    return (await askReason(t("上次 %(last)s km，这次 %(now)s km，更少了。为什么？", facts), [t("换过仪表"), t("上次记错"), t("仪表只显示小计里程")])) ?? false;
  }
  const days = car.last_visit_on ? Math.max(1, Math.round((Date.now() - new Date(car.last_visit_on)) / 86_400_000)) : Infinity;
  if ((km - car.odometer_km) / days <= MOST_A_DAY) return undefined;
  return (await askReason(t("比上次多 %(more)s km，平均一天 %(day)s km，读数对吗？", { more: km - car.odometer_km, day: Math.round((km - car.odometer_km) / days) }),
    [t("读数无误，跑长途"), t("上次记错")])) ?? false;
}
