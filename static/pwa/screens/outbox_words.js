// What the outbox says of a state: may I hand in this phone, and how old is what waits.

import { t } from "../lib/words.js";
import { clock, sizeText } from "../widgets/chip.js";

/** {ring, tone, title, text} */
export function verdict({ acts, photos, bytes, attention, synced, phase, lastAt }) {
  const waiting = acts + photos;
  if (waiting) {
    const size = photos ? t("，其中照片 %(n)s 张 %(size)s", { n: photos, size: sizeText(bytes) }) : "";
    return { ring: phase === "sending" ? "send" : "wait", tone: "", title: t("%(n)s 项只在这部手机", { n: waiting }), text: t("都已存好%(size)s。请先别清除浏览器数据，也别交还手机。", { size }) };
  }
  if (attention) return { ring: "stop", tone: "is-stop", title: t("还有 %(n)s 项要您处理", { n: attention }), text: t("处理好之前，请先别交还手机。") };
  if (synced) return { ring: "done", tone: "is-ok", title: t("可以交还这部手机"), text: t("全部已到服务器，%(at)s 逐项核对过。", { at: lastAt ? clock(lastAt) : "" }) };
  return { ring: "phone", tone: "", title: t("没有待发的，还没核对"), text: t("连上网络后会与服务器逐项核对；核对好之前，请先别交还手机。") };
}

/** 刚刚, 5 分钟前, 3 小时前, 2 天前 */
export function ageText(at, now = Date.now()) {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t("刚刚");
  if (minutes < 60) return t("%(n)s 分钟前", { n: minutes });
  if (minutes < 2880) return t("%(n)s 小时前", { n: Math.floor(minutes / 60) });
  return t("%(n)s 天前", { n: Math.floor(minutes / 1440) });
}
