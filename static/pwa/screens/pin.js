// 解锁码: how this phone is opened again after a quarter of an hour. Offered once after signing in, never demanded: an advisor is
// not stopped in the lane, and without a code the password opens it. 这部手机 says 未设解锁码 as long as there is none.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { t } from "../lib/words.js";
import { canHavePasskey, makePasskey } from "../lib/passkey.js";
import { getMetas, setMeta } from "../store/meta.js";
import { isGoodPin, keepPin } from "../store/unlock.js";

/** The part of 这部手机 about opening it. */
export async function unlocking(shell) {
  const [{ pin, passkey }, possible] = await Promise.all([getMetas(here(), ["pin", "passkey"]), canHavePasskey()]);
  return html`<section><h2 class="section-title">${t("解锁")}</h2><div class="card rows">
    <div class="row"><span class="grow"><b>${pin ? t("已设解锁码") : t("未设解锁码")}</b><br><span class="small quiet">${pin ? t("一刻钟没有操作就锁上，没有网络也能解开。") : t("一刻钟没有操作就锁上，现在要用密码解开。")}</span></span>
      <button type="button" class="btn small line" @click=${() => choosePin(shell)}>${pin ? t("换一个") : t("设解锁码")}</button></div>
    ${possible ? finger(passkey, shell) : nothing}
    <button type="button" class="row tap" @click=${() => shell.lock()}><span class="grow">${t("现在锁上")}</span></button></div></section>`;
}

function finger(passkey, shell) {
  const set = (value) => shell.attempt(async () => setMeta(here(), { passkey: value && (await value()) })).then(() => shell.redraw());
  const make = () => makePasskey({ name: shell.user.name, id: `${shell.user.store}-${shell.user.staff}` });
  return html`<label class="switch"><span>${t("用指纹或面容解锁")}<br><span class="tiny">${t("没有网络也能用；解锁码仍然有效。")}</span></span>
    <input type="checkbox" role="switch" .checked=${Boolean(passkey)} @change=${(event) => set(event.target.checked ? make : undefined)}></label>`;
}

/** Once after signing in on a phone that has none, until the person goes on. */
export async function offerPin(shell) {
  const { pin } = await getMetas(here(), ["pin"]);
  if (pin) return;
  const away = () => shell.banner("pin", null);
  shell.banner("pin", html`<div class="banner qing" role="status"><p>${t("给这部手机设一个解锁码：一刻钟没有操作会锁上，没有网络也能解开。")}</p>
    <button class="btn small line" type="button" @click=${() => choosePin(shell)}>${t("设解锁码")}</button><button class="btn small line" type="button" @click=${away}>${t("以后再说")}</button></div>`);
  addEventListener("hashchange", away, { once: true }); // beside a car it would stand before the customer
}

async function choosePin(shell) {
  const store = here();
  const form = { fault: "" };
  const chosen = await shell.sheet((close, update) => {
    const submit = (event) => {
      event.preventDefault();
      const { pin, again } = event.target.elements;
      form.fault = !/^\d{6}$/.test(pin.value) ? t("请填 6 位数字。") : !isGoodPin(pin.value) ? t("太好猜了，请换一个。") : pin.value !== again.value ? t("两次不一样，请再填一遍。") : "";
      if (!form.fault) return close(pin.value);
      update();
      (isGoodPin(pin.value) ? again : pin).focus();
    };
    return html`<form class="stack" novalidate @submit=${submit}>${field("pin", t("6 位数字"))}${field("again", t("再填一遍"))}
      ${form.fault ? html`<p class="fault" role="alert">${form.fault}</p>` : nothing}
      <p class="tiny">${t("只存在这部手机上。忘了也不要紧：联网用密码解开，记下的都在。")}</p><button class="btn main">${t("存好")}</button></form>`;
  }, { label: t("设解锁码") });
  if (!chosen || !(await shell.attempt(() => keepPin(store, chosen)))) return;
  shell.banner("pin", null);
  shell.toast(t("解锁码已设好"));
  await shell.redraw();
}

function field(name, label) {
  return html`<label class="field"><span class="label">${label}</span><input name=${name} type="password" inputmode="numeric" autocomplete="off" maxlength="6"></label>`;
}
