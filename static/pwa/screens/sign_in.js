// 登录: the first time needs the network; afterwards the phone works for this person without one. A second person gets a
// database of their own, and what the first one has not sent waits for the first one's own sign-in.

import { html, nothing } from "lit-html";
import { call, NoNetwork } from "../lib/http.js";
import { t } from "../lib/words.js";
import { lock, signIn, users } from "../outbox/enrol.js";
import { icon } from "../widgets/icon.js";
import { look, setLook } from "../widgets/look.js";
import { offerPin } from "./pin.js";

export async function draw(params, shell) {
  const { state } = shell;
  if (!state.form) await begin(params, shell);
  return {
    head: () => html`<header class="top"><p class="quiet small first">${t("顺时针 · 接车")}</p><h1>${t("登录")}</h1>
      <button type="button" class="btn small line" @click=${() => switchLanguage(shell)}>${look().locale === "en" ? "中文" : "English"}</button></header>`,
    template: html`${people(shell)}<form id="sign-in" class="stack" novalidate @submit=${(event) => submit(event, shell)}>
        <div class="card rows">
          ${field(shell, "store", t("门店编号"), { complete: "organization" })}${field(shell, "login", t("工号"), { complete: "username" })}
          ${field(shell, "password", t("密码"), { type: "password", complete: "current-password" })}
          ${field(shell, "deviceName", t("这部手机叫什么"), { hint: t("同事在前台看到的名字，例：许接待的手机") })}</div>
        ${state.fault ? html`<p class="fault" role="alert">${state.fault}</p>` : nothing}</form>
      ${state.demo ? demoCard(shell) : nothing}
      <p class="tiny">${t("第一次登录要有网络；以后没有网络也能接车、环检、签字。")}</p>`,
    foot: html`<button class="btn main" form="sign-in" aria-disabled=${state.busy ? "true" : "false"}>${state.busy ? t("正在登录…") : mainText(state)}</button>`,
  };
}

async function begin({ staff, store }, shell) {
  const known = await users().catch(() => []);
  const last = known.find((one) => one.staff === staff && (!store || one.store === store)) ?? (staff ? undefined : known[0]);
  Object.assign(shell.state, { known, form: { store: last?.store ?? known[0]?.store ?? "", login: last?.staff ?? "", password: "", deviceName: guessName() }, fault: "" });
  hello(shell);
}

/** The demo hint comes from the server, which gives it only while the demo store is the only one. */
async function hello(shell) {
  const { demo } = await call("GET", "/lane/hello.json").catch(() => ({}));
  if (!demo || !shell.state.form) return;
  shell.state.demo = demo;
  if (document.activeElement?.id !== "f-store") shell.state.form.store ||= demo.store; // never into a field under the thumb
  shell.redraw();
}

function people(shell) {
  const { known, form } = shell.state;
  if (!known.length) return nothing;
  const pick = (person) => {
    Object.assign(form, { store: person.store, login: person.staff, password: "" });
    shell.redraw().then(() => document.getElementById("f-password")?.focus());
  };
  return html`<section><h2 class="section-title">${t("这部手机上的人")}</h2><div class="card rows">${known.map((person) => html`
    <button type="button" class="row tap" @click=${() => pick(person)}><span class="grow"><b>${person.name ?? person.staff}</b> <span class="quiet small">${person.staff}</span>
      ${waiting(person) ? html`<br><span class="small is-look">${t("以 %(name)s 登录后发送 %(n)s 项", { name: person.name ?? person.staff, n: waiting(person) })}</span>` : nothing}</span>${icon("next")}</button>`)}</div></section>`;
}

function waiting({ acts = 0, photos = 0 }) {
  return acts + photos;
}

function mainText({ known, form }) {
  const person = known.find((one) => one.staff === form.login && one.store === form.store);
  return person && waiting(person) ? t("登录并发送 %(n)s 项", { n: waiting(person) }) : t("登录");
}

function field(shell, name, label, { type = "text", complete = "off", hint = "" } = {}) {
  const { form } = shell.state;
  return html`<label class="field"><span class="label">${label}</span><input id="f-${name}" name=${name} type=${type} autocomplete=${complete} autocapitalize="off" spellcheck="false"
    maxlength="200" .value=${form[name]} @input=${(event) => { form[name] = event.target.value; if (shell.state.known.length) shell.redraw(); }}>${hint ? html`<span class="hint">${hint}</span>` : nothing}</label>`;
}

function demoCard(shell) {
  const { demo, form } = shell.state;
  const fill = () => {
    Object.assign(form, { store: demo.store, login: demo.login, password: demo.password });
    shell.redraw();
  };
  return html`<section class="card pad stack"><p class="small"><b>${t("演示门店")}</b> ${t("门店 %(store)s，工号 %(login)s，密码 %(password)s。资料都是虚构的。", demo)}</p>
    <button type="button" class="btn small line" @click=${fill}>${t("填入演示工号")}</button></section>`;
}

async function submit(event, shell) {
  event.preventDefault();
  const { state } = shell;
  const { form } = state;
  if (state.busy) return;
  const missing = [["store", t("请填门店编号")], ["login", t("请填工号")], ["password", t("请填密码")]].find(([name]) => !form[name].trim());
  state.fault = missing?.[1] ?? "";
  if (missing) {
    await shell.redraw();
    document.getElementById(`f-${missing[0]}`)?.focus();
    return;
  }
  state.busy = true;
  await shell.redraw();
  try {
    const store = await signIn({ store: form.store.trim().toUpperCase(), login: form.login.trim().toUpperCase(), password: form.password, deviceName: form.deviceName.trim() || guessName() });
    store.close();
    location.hash = "#/";
    await shell.entered();
    await offerPin(shell);
  } catch (fault) {
    state.fault = sentence(fault);
  }
  state.busy = false;
  await shell.redraw();
}

function sentence(fault) {
  if (fault instanceof NoNetwork) return t("现在连不上服务器。第一次在这部手机登录要有网络，连上后再试。");
  if (fault.status === 429) return t("试得太多了，请 %(n)s 秒后再试。", { n: fault.retryAfter ?? 60 });
  return fault.text ?? fault.message ?? t("没有登录成功，请再试一次。");
}

async function switchLanguage(shell) {
  setLook({ locale: look().locale === "en" ? "zh-CN" : "en" });
  await shell.changeLanguage();
}

/** Hands the phone to somebody else; nothing that waits is deleted. */
export async function signOut(store, shell) {
  await lock(store);
  await shell.entered();
}

function guessName() {
  const agent = navigator.userAgent;
  const kind = /iPhone/.test(agent) ? "iPhone" : /iPad/.test(agent) ? "iPad" : (/;\s*([^;)]+?)\s+Build\//.exec(agent)?.[1] ?? (/Android/.test(agent) ? "Android" : t("电脑")));
  return kind;
}
