// The rarer things one does with a visit: mend a slip, note how the car came, say that the workshop has finished, cancel.

import { html } from "lit-html";
import { today } from "../commands/view.js";
import * as visits from "../commands/visit.js";
import { t } from "../lib/words.js";
import { clock } from "../widgets/chip.js";
import { plateKind } from "../widgets/plate.js";
import { askReason } from "../widgets/reason.js";
import { checkVin, tidyVin } from "../widgets/vin.js";
import { isEnded } from "./next_step.js";

const CANCELLABLE = new Set(["arrived", "inspecting", "estimating", "awaiting_signature"]);

export async function moreOf(view, shell) {
  const { visit } = view;
  const twins = await twinsOf(visit);
  const chosen = await shell.actions([
    { label: t("更正车牌、姓名、电话"), value: correct, hint: t("要写原因；签过的单据会请客户补签") },
    { label: t("补充来店情况"), value: describe, hint: t("行驶证、手册、等候方式、业务类型") },
    { label: t("给客户打电话"), value: () => { location.href = `tel:${visit.mobile}`; } },
    ...(twins.length ? [{ label: t("合并来店"), value: () => merge(visit, twins, shell), hint: t("这辆车开了两次，并成一次") }] : []),
    ...(CANCELLABLE.has(visit.state) ? [{ label: t("取消这次来店"), value: cancel, danger: true }] : []),
  ], { title: t("这辆车") });
  await chosen?.(view, shell);
}

/** Other open visits of the same car on this phone: two phones opened one each. Whatever was signed must go on. */
async function twinsOf(visit) {
  if (Object.keys(visit.signed ?? {}).length || isEnded(visit)) return [];
  const same = (other) => (visit.plate && other.plate === visit.plate) || (visit.vin && other.vin === visit.vin);
  return (await today()).visits.filter((other) => other.id !== visit.id && same(other) && !isEnded(other));
}

async function merge(visit, twins, shell) {
  const into = await shell.actions(twins.map((twin) => ({ label: t("并入 %(at)s 到店的那一次", { at: clock(twin.arrived_at) }), value: twin.id })), { title: t("并入哪一次来店") });
  const reason = into && (await askReason(t("为什么合并？"), [t("两部手机各开了一次"), t("登记重复了")]));
  if (reason && (await shell.attempt(() => visits.merge({ visit: visit.id, into, reason })))) shell.go(`#/v/${into}`, { replace: true });
}

async function cancel({ visit }, shell) {
  const reason = await askReason(t("为什么取消？"), [t("客户临时有事"), t("登记重复了"), t("价格没谈好"), t("今天做不了")]);
  if (reason && (await shell.attempt(() => visits.cancel({ visit: visit.id, reason })))) shell.go("#/", { replace: true });
}

/** 修理厂在外: who has checked the finished car, and how (decisions.md 3). */
export async function markReady({ visit }, shell) {
  const form = await shell.sheet((close) => html`<form class="stack pad" @submit=${(event) => submit(event, close)}>
    <label class="gap"><span class="label">${t("谁检验合格的")}</span><input class="input" name="checked_by" required maxlength="40" autocomplete="off" placeholder=${t("质检员姓名")}></label>
    <label class="gap"><span class="label">${t("备注（可不填）")}</span><input class="input" name="note" maxlength="300" autocomplete="off"></label>
    <button class="btn main">${t("维修完成，可以交车")}</button></form>`, { label: t("维修已完成") });
  if (form && (await shell.attempt(() => visits.markReady({ visit: visit.id, ...form })))) shell.redraw();
}

async function correct({ visit }, shell) {
  let fault = "";
  const form = await shell.sheet((close, update) => {
    const take = (event) => {
      event.preventDefault();
      const given = changes(visit, Object.fromEntries(new FormData(event.target)));
      fault = faultOf(given, visit);
      if (fault) update();
      else close(given);
    };
    return html`<form class="stack pad" novalidate @submit=${take}>${[["plate", t("车牌"), 12], ["vin", t("车架号"), 20], ["model", t("车型"), 60], ["customer_name", t("客户姓名或单位"), 60], ["mobile", t("手机"), 20], ["sender_name", t("送修人姓名"), 40]]
      .map(([name, label, most]) => html`<label class="gap"><span class="label">${label}</span><input class="input" name=${name} maxlength=${most} autocomplete="off" value=${visit[name] ?? ""}></label>`)}
      <label class="gap"><span class="label">${t("为什么更正")}</span><input class="input" name="reason" maxlength="300" autocomplete="off" value=${t("登记时看错")}></label>
      <p class="fault" role="alert">${fault}</p><button class="btn main">${t("更正")}</button></form>`;
  }, { label: t("更正资料") });
  if (form && (await shell.attempt(() => visits.correct({ visit: visit.id, ...form })))) shell.redraw();
}

/** Only what differs travels. */
function changes(visit, { reason, ...fields }) {
  const tidy = { ...fields, plate: fields.plate.replace(/[\s·]/g, "").toUpperCase(), vin: tidyVin(fields.vin), mobile: fields.mobile.replace(/\s/g, "") };
  const changed = Object.entries(tidy).map(([name, value]) => [name, value.trim()]).filter(([name, value]) => value !== (visit[name] ?? "") && value);
  return { ...Object.fromEntries(changed), reason: reason.trim() };
}

function faultOf({ reason, ...changed }, visit) {
  if (!Object.keys(changed).length) return t("还没有改动");
  if (!reason) return t("请写为什么更正");
  if (changed.plate && !plateKind(changed.plate) && plateKind(visit.plate)) return t("这不是完整的车牌");
  if (changed.vin && !checkVin(changed.vin).ok) return checkVin(changed.vin).text;
  if (changed.mobile && !/^[0-9+-]{5,20}$/.test(changed.mobile)) return t("请填 11 位手机号，或带区号的座机");
  return "";
}

async function describe({ visit }, shell) {
  const groups = [
    ["licence_checked", t("行驶证"), [[true, t("已核对")], [false, t("没带")]]],
    ["booklet", t("保养手册"), [["handed_over", t("已交来")], ["electronic", t("电子手册")], ["not_present", t("没带")]]],
    ["waiting_mode", t("等候方式"), [["lounge", t("在店等")], ["leaves", t("先离开")], ["loaner", t("用代步车")]]],
    ["arrival_mode", t("怎么来的"), [["booked", t("预约")], ["walk_in", t("自行到店")], ["tow", t("拖来")], ["home_pickup", t("上门取车")]]],
    ["business_type", t("业务类型"), [["maintenance", t("保养")], ["general_repair", t("一般维修")], ["warranty", t("保修")], ["recall", t("召回")], ["accident", t("事故")], ["accessory", t("精品")]]],
  ];
  const chosen = {};
  const done = await shell.sheet((close) => html`<div class="stack pad">${groups.map(([name, label, choices]) => html`<fieldset class="gap"><legend class="label">${label}</legend>
      <span class="pick">${choices.map(([value, words]) => html`<label><input type="radio" name=${name} .checked=${visit[name] === value} @change=${() => { chosen[name] = value; }}><span>${words}</span></label>`)}</span></fieldset>`)}
    <button type="button" class="btn main" @click=${() => close(true)}>${t("记下")}</button></div>`, { label: t("来店情况") });
  if (done && Object.keys(chosen).length && (await shell.attempt(() => visits.describe({ visit: visit.id, ...chosen })))) shell.redraw();
}

function submit(event, close) {
  event.preventDefault();
  close(Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()])));
}
