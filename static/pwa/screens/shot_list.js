// 引导拍照: the thirteen guided shots in the order of the hand, and what is offered after them (decisions.md 9). None blocks.

import { t } from "../lib/words.js";
import { RING, ringNumber } from "../widgets/walk.js";

const ZONE_WORDS = {
  ext_lf: () => t("左前"), ext_front: () => t("车头"), ext_rf: () => t("右前"), ext_right: () => t("右侧"),
  ext_rr: () => t("右后"), ext_rear: () => t("车尾"), ext_lr: () => t("左后"), ext_left: () => t("左侧"),
};
const ART = { ext_lf: "corner", ext_front: "front", ext_rf: "corner", ext_right: "side", ext_rr: "corner", ext_rear: "rear", ext_lr: "corner", ext_left: "side" };
const MIRRORED = new Set(["ext_rf", "ext_right", "ext_lr"]);
const FUEL = { fuel: ["WA-DR-03", () => t("油量")], bev: ["WA-DR-04", () => t("电量")], phev: ["WA-DR-03", () => t("油量、电量")] };

/** The guided shots of a car: [{id, subject, name, hint, art, mirrored}]; id names the skip. */
export function guidedShots(powertrain) {
  const [gauge, gaugeName] = FUEL[powertrain] ?? FUEL.fuel;
  const inside = [
    ["WA-GR-07", t("三件套"), t("座椅、方向盘、脚垫一起拍进来"), "seat"], ["WA-DR-01", "VIN", t("17 位拍清楚，不反光"), "vin"],
    ["WA-DR-02", t("里程"), t("通电，里程数字要清楚"), "dash"], [gauge, gaugeName(), t("表针或百分比要清楚"), "gauge"],
    ["WA-DR-06", t("警示灯"), t("车辆就绪后，仪表亮着的灯"), "lamps"],
  ].map(([id, name, hint, art]) => ({ id, subject: { kind: "item", id }, name, hint, art }));
  const outside = RING.map((id) => ({ id, subject: { kind: "zone", id }, name: `${ringNumber(id)} ${ZONE_WORDS[id]()}`, hint: t("退两步，整个角都在框里"), art: ART[id], mirrored: MIRRORED.has(id) }));
  return [...inside, ...outside];
}

/** Offered after the thirteen. */
export function extraShots() {
  const one = (id, name, art) => ({ id, subject: { kind: "other", id }, name, hint: t("多拍一张更清楚"), art });
  return [
    one("wheel_lf", t("左前轮"), "wheel"), one("wheel_rf", t("右前轮"), "wheel"), one("wheel_rr", t("右后轮"), "wheel"), one("wheel_lr", t("左后轮"), "wheel"),
    { ...one("engine_bay", t("前机舱"), "front"), subject: { kind: "zone", id: "engine_bay" } }, one("interior", t("内饰"), "seat"),
  ];
}

/** Photos of a shot that were not taken back, newest last. A fuller item photo (the walk's own camera) counts too. */
export function shotPhotos(view, shot) {
  return view.photos.filter((photo) => !photo.retracted && photo.subject_kind === shot.subject.kind && photo.subject_id === shot.subject.id);
}

/** How many guided shots are neither taken nor skipped. */
export function shotsLeft(view) {
  return guidedShots(view.visit.powertrain).filter((shot) => !shotPhotos(view, shot).length && !view.skips?.photo?.[shot.id]).length;
}
