// 客户主诉 in the customer's own words with when, where, condition, frequency; 随车物品 told and listed (RC-06).

import { html, nothing } from "lit-html";
import * as concern from "../commands/concern.js";
import { recordBelonging, retractBelonging } from "../commands/walkaround.js";
import { newId } from "../lib/ids.js";
import { t } from "../lib/words.js";
import { icon } from "../widgets/icon.js";
import "../widgets/pause.js";
import { photoImage, photoRing } from "../widgets/photo_view.js";
import { plate } from "../widgets/plate.js";
import { askReason } from "../widgets/reason.js";
import { takePhoto } from "./capture.js";
import { loadWalk, photosOf } from "./walk_data.js";

/** 5W2H, as a customer would be asked; a tap writes the words, the keyboard any others. */
const PROMPTS = [
  ["when", () => t("什么时候"), () => [t("早上冷车"), t("热车后"), t("一直都有"), t("下雨天")]],
  ["where", () => t("哪个位置、什么路"), () => [t("前面"), t("后面"), t("左边"), t("右边"), t("颠簸路"), t("高速")]],
  ["condition", () => t("什么情况下"), () => [t("起步"), t("加速"), t("刹车"), t("转弯"), t("怠速"), t("充电时")]],
  ["frequency", () => t("多久一次"), () => [t("每次"), t("常常"), t("偶尔"), t("只有一次")]],
];
const COMMON = [() => t("儿童座椅"), () => t("雨伞"), () => t("行车记录仪"), () => t("充电线"), () => t("手机支架"), () => t("后备厢杂物")];

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  const back = `#/v/${params.visit}`;
  if (!walk) return { title: t("主诉与物品"), back: "#/", template: html`<p class="empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  return {
    title: html`${plate(walk.visit.plate)} <span class="vh">${t("主诉与物品")}</span>`, back,
    template: html`${concerns(walk, shell)}${belongings(walk, shell)}`,
    foot: html`<button type="button" class="btn" @click=${() => addBelonging(walk, shell)}>${icon("plus")}${t("物品")}</button>
      <button type="button" class="btn main" @click=${() => addConcern(walk, shell)}>${icon("plus")}${t("记一条客户主诉")}</button>`,
  };
}

function concerns(walk, shell) {
  const rows = walk.view.concerns.filter((one) => !one.retracted);
  return html`<section class="gap" aria-labelledby="h-concern"><h2 id="h-concern" class="section-title">${t("客户主诉")}</h2>
    ${rows.length ? html`<div class="card rows">${rows.map((one) => html`<div class="row"><span class="grow"><b>“${one.text}”</b>
      ${PROMPTS.some(([key]) => one[key]) ? html`<br><span class="small quiet">${PROMPTS.map(([key]) => one[key]).filter(Boolean).join(" · ")}</span>` : nothing}</span>
      <button type="button" class="btn small line" @click=${() => takeBack(shell, t("为什么撤回这条主诉？"), (reason) => concern.retract({ visit: walk.visit.id, concern: one.id, reason }))}>${t("撤回")}</button></div>`)}</div>`
    : html`<p class="card pad quiet">${walk.view.appointment?.request ? t("预约时说：%(words)s", { words: walk.view.appointment.request }) : t("还没有记。用客户的原话写，可以用键盘的语音。")}</p>`}</section>`;
}

function belongings(walk, shell) {
  const rows = walk.view.belongings.filter((one) => !one.retracted);
  return html`<section class="gap" aria-labelledby="h-things"><h2 id="h-things" class="section-title">${t("随车物品")}</h2>
    <p class="note small">${icon("look")}<span>${t("请提醒客户带走贵重物品。留在车上的逐件记下，交车时逐件点回。")}</span></p>
    ${rows.length ? html`<div class="card rows things">${rows.map((one) => thing(walk, one, shell))}</div>` : html`<p class="card pad quiet">${t("还没有登记物品。")}</p>`}</section>`;
}

function thing(walk, one, shell) {
  const take = async () => { if (await takePhoto(shell, { visit: walk.visit.id, subject: { kind: "belonging", id: one.id }, hash: `#/v/${walk.visit.id}/belongings` })) shell.redraw(); };
  return html`<div class="row">${photosOf(walk.view, "belonging", one.id).slice(-1).map((photo) => html`<a class="shot thing-photo" href=${`#/v/${walk.visit.id}/photo/${photo.id}`}><span>${photoImage(walk.store, photo, { alt: one.text })}</span>${photoRing(walk.store, photo)}</a>`)}
    <span class="grow"><b>${one.text}</b><br><span class="small quiet">${one.kept_in_car ? t("留在车上") : t("由店里保管")}</span></span>
    <button type="button" class="btn icon" aria-label=${t("拍 %(name)s", { name: one.text })} @click=${take}>${icon("camera")}</button>
    <button type="button" class="btn small line" @click=${() => takeBack(shell, t("为什么撤回这件物品？"), (reason) => retractBelonging({ visit: walk.visit.id, belonging: one.id, reason }))}>${t("撤回")}</button></div>`;
}

async function addConcern(walk, shell) {
  const state = { text: walk.view.concerns.length ? "" : (walk.view.appointment?.request ?? "") };
  const done = await shell.sheet((close, update) => html`<form class="mark-form" @submit=${(event) => { event.preventDefault(); if (state.text.trim()) close(true); }}>
    <label class="gap"><span class="label">${t("客户的原话")}</span><textarea class="input" rows="3" maxlength="1000" required .value=${state.text} @input=${(event) => { state.text = event.target.value; }}></textarea></label>
    ${PROMPTS.map(([key, words, chips]) => html`<fieldset class="gap"><legend class="label">${words()}</legend><div class="pick">
      ${chips().map((chip) => html`<label><input type="checkbox" .checked=${has(state[key], chip)} @change=${() => { state[key] = toggle(state[key], chip); update(); }}><span>${chip}</span></label>`)}</div>
      <input class="input" maxlength="120" aria-label=${words()} .value=${state[key] ?? ""} @input=${(event) => { state[key] = event.target.value; }}></fieldset>`)}
    <div class="acts"><button class="btn main">${t("记下这条主诉")}</button></div></form>`, { label: t("客户主诉") });
  const said = Object.fromEntries(PROMPTS.map(([key]) => [key, state[key]?.trim()]));
  if (done && (await shell.attempt(() => concern.add({ visit: walk.visit.id, text: state.text.trim(), ...said })))) shell.redraw();
}

function has(text = "", chip) {
  return text.split("、").includes(chip);
}

function toggle(text = "", chip) {
  const all = text.split("、").filter(Boolean);
  return (all.includes(chip) ? all.filter((one) => one !== chip) : [...all, chip]).join("、").slice(0, 120);
}

async function addBelonging(walk, shell) {
  const state = { text: "", kept: true };
  const done = await shell.sheet((close, update) => html`<form class="mark-form" @submit=${(event) => { event.preventDefault(); if (state.text.trim()) close(event.submitter?.value ?? "keep"); }}>
    <div class="pick">${COMMON.map((words) => html`<button type="button" class="btn small" @click=${() => { state.text = words(); update(); }}>${words()}</button>`)}</div>
    <input class="input" maxlength="200" required aria-label=${t("物品")} placeholder=${t("是什么，几件，放在哪里")} .value=${state.text} @input=${(event) => { state.text = event.target.value; }}>
    <fieldset><legend class="vh">${t("放在哪里")}</legend><div class="seg two"><label><input type="radio" name="kept" .checked=${state.kept} @change=${() => { state.kept = true; }}><span>${t("留在车上")}</span></label>
      <label><input type="radio" name="kept" .checked=${!state.kept} @change=${() => { state.kept = false; }}><span>${t("由店里保管")}</span></label></div></fieldset>
    <div class="acts"><button class="btn" value="photo">${icon("camera")}${t("记下并拍照")}</button><button class="btn main" value="keep">${t("记下这件物品")}</button></div></form>`, { label: t("随车物品") });
  if (!done) return;
  const belonging = newId();
  if (!(await shell.attempt(() => recordBelonging({ visit: walk.visit.id, belonging, text: state.text.trim(), kept_in_car: state.kept })))) return;
  if (done === "photo") await takePhoto(shell, { visit: walk.visit.id, subject: { kind: "belonging", id: belonging }, hash: `#/v/${walk.visit.id}/belongings` });
  shell.redraw();
}

async function takeBack(shell, title, act) {
  const reason = await askReason(title, [t("记错了"), t("客户取走了"), t("重复记录")]);
  if (reason && (await shell.attempt(() => act(reason)))) shell.redraw();
}
