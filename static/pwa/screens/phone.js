// 这部手机: is it safe to work without a network, who works on it, and how it looks. Signing out deletes nothing.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { t } from "../lib/words.js";
import { users } from "../outbox/enrol.js";
import { syncState } from "../outbox/state.js";
import { catalogue } from "../store/catalogue.js";
import { icon } from "../widgets/icon.js";
import { look, setLook } from "../widgets/look.js";
import { syncRing } from "../widgets/sync_ring.js";
import { diagnostics } from "./diagnostics.js";
import { exportZip } from "./export.js";
import { ageText, verdict } from "./outbox_words.js";
import { safetyChecks } from "./phone_checks.js";
import { unlocking } from "./pin.js";
import { signOut } from "./sign_in.js";

export async function draw(_params, shell) {
  if (!shell.user) return { title: t("这部手机"), template: nothing };
  const { state } = shell; // another screen's, should the person go on while this one gathers
  state.checks ??= await safetyChecks(here());
  const [people, lists, unlock] = await Promise.all([users(), catalogue(here()), unlocking(shell)]);
  return {
    title: t("这部手机"),
    live: true,
    template: html`${safety(state.checks)}${handIn()}${unlock}${persons(people, shell)}${appearance(shell)}${lists_(lists)}${diagnostics(shell)}`,
    foot: html`<button type="button" class="btn main" @click=${() => leave(shell)}>${t("换人使用")}</button>`,
  };
}

function safety(checks) {
  const unsafe = checks.filter((check) => check.state === "stop");
  const wary = checks.filter((check) => check.state === "look");
  const reason = [...unsafe, ...wary][0];
  const title = unsafe.length ? t("这部手机现在不适合离线工作") : wary.length ? t("可以离线工作，但要多留意") : t("这部手机可以放心离线工作");
  return html`<section class="card"><div class="sum"><i class="sync ${unsafe.length ? "stop" : wary.length ? "phone" : "done"}" aria-hidden="true"></i>
      <div><h2>${title}</h2><p class="small quiet">${reason ? t("因为%(why)s。", { why: reason.because }) : t("空间够，数据受保护，应用已存好。")}</p></div></div>
    <ul class="rows">${checks.map(({ state, name, text }) => html`<li class="row check">${state === "done" ? syncRing("done") : icon("look", state === "stop" ? "is-stop" : "is-look")}
      <span class="grow"><b>${name}</b><br><span class="small quiet">${text}</span></span></li>`)}</ul></section>`;
}

function handIn() {
  const { title, text } = verdict(syncState());
  return html`<a class="card row" href="#/outbox"><span class="grow"><b>${title}</b><br><span class="small quiet">${text}</span></span>${icon("next")}</a>`;
}

function persons(people, shell) {
  const { user } = shell;
  const state = (one) => {
    const waiting = one.acts + one.photos;
    if (one.staff === user.staff && one.store === user.store) return t("正在使用");
    return waiting ? t("以 %(name)s 登录后发送 %(n)s 项（最早 %(age)s）", { name: one.name, n: waiting, age: ageText(one.oldestAt ?? Date.now()) }) : t("没有待发的");
  };
  return html`<section><h2 class="section-title">${t("这部手机上的人")}</h2><ul class="card rows">${people.map((one) => html`
    <li class="row"><span class="grow"><b>${one.name ?? one.staff}</b> <span class="small quiet">${one.staff}</span><br><span class="small quiet">${state(one)}</span></span></li>`)}</ul></section>`;
}

function appearance(shell) {
  const now = look();
  const set = (changes) => {
    setLook(changes);
    shell.redraw();
  };
  const choice = (name, value, label) => html`<label><input type="radio" name=${name} .checked=${now[name] === value} @change=${() => (name === "locale" ? speak(value, shell) : set({ [name]: value }))}><span>${label}</span></label>`;
  return html`<section><h2 class="section-title">${t("显示")}</h2><div class="card rows">
    <fieldset class="field"><legend class="label">${t("明暗")}</legend><span class="pick">${choice("theme", "system", t("随系统"))}${choice("theme", "light", t("亮"))}${choice("theme", "dark", t("暗"))}</span></fieldset>
    <label class="switch"><span>${t("大字")}<br><span class="tiny">${t("字和按钮都放大")}</span></span><input type="checkbox" role="switch" .checked=${now.elder} @change=${(event) => set({ elder: event.target.checked })}></label>
    <fieldset class="field"><legend class="label">${t("语言")}</legend><span class="pick">${choice("locale", "zh-CN", "中文")}${choice("locale", "en", "English")}</span></fieldset></div></section>`;
}

async function speak(locale, shell) {
  setLook({ locale });
  await shell.changeLanguage();
}

function lists_(lists) {
  if (!lists) return nothing;
  return html`<section><h2 class="section-title">${t("存在本机的资料")}</h2><dl class="card pad facts">
    <dt>${t("门店")}</dt><dd>${lists.store?.name}</dd><dt>${t("检查表")}</dt><dd>${lists.checklists.map((one) => `${one.zh} v${one.version}`).join("、")}</dd>
    <dt>${t("工时与配件")}</dt><dd>${t("%(jobs)s 个项目，%(parts)s 种配件", { jobs: lists.labour_operations.length, parts: lists.parts.length })}</dd></dl></section>`;
}

/** Hands the phone to somebody else. What waits stays in its owner's database, and is listed by name at the sign-in. */
async function leave(shell) {
  const { acts, photos } = syncState();
  const waiting = acts + photos;
  const chosen = await shell.actions([
    ...(waiting ? [{ label: t("先发完再换人"), value: "send", hint: t("还有 %(n)s 项只在这部手机", { n: waiting }) }] : []),
    { label: t("退出登录，换人使用"), value: "leave", hint: waiting ? t("%(n)s 项留在本机，等您再登录后发送，不会删除", { n: waiting }) : t("您的资料留在本机，下次登录接着用") },
    ...(waiting ? [{ label: t("先导出一份"), value: "export" }] : []),
  ], { title: t("换人使用") });
  if (chosen === "send") shell.go("#/outbox");
  if (chosen === "export") await shell.attempt(() => exportZip(here()));
  if (chosen === "leave") await shell.attempt(() => signOut(here(), shell));
}
