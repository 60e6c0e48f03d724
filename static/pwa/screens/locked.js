// 解锁: whose phone it is and how to open it, and not a word about any car. A stopped phone says so and opens no more.

import { html, nothing, render } from "lit-html";
import { NoNetwork } from "../lib/http.js";
import { assertHere } from "../lib/passkey.js";
import { t } from "../lib/words.js";
import { lock as signOut, signIn } from "../outbox/enrol.js";
import { onSync, syncState } from "../outbox/state.js";
import { getMetas } from "../store/meta.js";
import { opened, opens, standing } from "../store/unlock.js";

/** Stands over everything until the person has opened it (false), or signed out for somebody else to take the phone (true). */
export async function untilUnlocked(store, shell) {
  const { pin, passkey, stopped } = await getMetas(store, ["pin", "passkey", "stopped"]);
  const page = { store, shell, stopped, passkey, kind: pin ? "pin" : "word", pin, fault: "", ...(await standing(store)) };
  page.dialog = Object.assign(document.createElement("dialog"), { className: "lock-page" });
  page.dialog.setAttribute("aria-label", t("已锁定"));
  page.dialog.addEventListener("cancel", (event) => event.preventDefault());
  page.draw = () => render(content(page), page.dialog);
  const unlocked = new Promise((done) => { page.done = done; });
  const ends = onSync(({ phase }) => {
    if (phase === "wiped") return page.done(true);
    if (phase === "revoked" || phase === "idle") page.stopped = phase === "revoked";
    page.draw();
  });
  const ticks = setInterval(page.draw, 1000);
  document.body.append(page.dialog);
  page.draw();
  page.dialog.showModal();
  if (passkey && !stopped) byPasskey(page);
  const left = await unlocked;
  ends();
  clearInterval(ticks);
  page.dialog.close();
  page.dialog.remove();
  return left;
}

function content(page) {
  const { shell, stopped } = page;
  const name = shell.user?.name ?? page.store.user.staff;
  return html`<main><p class="quiet small">${t("顺时针 · 接车")}</p><h1 class="title">${name}</h1>
    ${stopped ? stoppedWords() : unlockForm(page)}
    ${page.fault ? html`<p class="fault" role="alert">${page.fault}</p>` : nothing}
    ${stopped && waiting() ? nothing : html`<button type="button" class="btn small" @click=${() => leave(page)}>${t("换人使用")}</button>`}</main>`;
}

function waiting() {
  const { acts, photos } = syncState();
  return acts + photos;
}

function stoppedWords() {
  const left = waiting();
  return html`<p role="alert"><b>${t("这部手机已被停用，看不到资料了。")}</b></p>
    <p>${left ? t("还有 %(n)s 项没有交上去。请连着网不要关掉，会交给服务经理处理。", { n: left }) : t("没发出的内容都交上去了，由服务经理处理。")}</p>`;
}

function unlockForm(page) {
  const wait = Math.ceil((page.until - Date.now()) / 1000);
  const code = page.kind === "pin" && page.left > 0;
  const label = code ? t("解锁码") : t("密码");
  const type = (event) => code && event.target.value.length === 6 && submit(page, event.target);
  return html`<form class="stack" novalidate @submit=${(event) => { event.preventDefault(); submit(page, event.target.elements.secret); }}>
      <p class="quiet small">${page.left > 0 ? t("一刻钟没有操作，已锁定。记下的都在，照常发送。") : t("试得太多了。请联网用密码登录，记下的都在。")}</p>
      ${page.passkey && page.left > 0 ? html`<button type="button" class="btn main" @click=${() => byPasskey(page)}>${t("用指纹或面容解锁")}</button>` : nothing}
      <label class="field"><span class="label">${label}</span><input name="secret" type="password" autofocus autocomplete=${code ? "off" : "current-password"} inputmode=${code ? "numeric" : "text"}
        maxlength=${code ? 6 : 200} ?disabled=${wait > 0 && page.left > 0} @input=${type}></label>
      ${wait > 0 && page.left > 0 ? html`<p class="small is-look" role="status">${t("请等 %(n)s 秒再试", { n: wait })}</p>` : nothing}
      <button class="btn main" aria-disabled=${page.busy ? "true" : "false"}>${t("解锁")}</button></form>
    ${page.pin && page.left > 0 ? html`<button type="button" class="btn small line" @click=${() => turn(page)}>${code ? t("用密码解锁") : t("用解锁码解锁")}</button>` : nothing}`;
}

function turn(page) {
  Object.assign(page, { kind: page.kind === "pin" ? "word" : "pin", fault: "" });
  page.draw();
}

async function submit(page, field) {
  const secret = field.value;
  if (page.busy || !secret) return;
  Object.assign(page, { busy: true, fault: "" });
  page.draw();
  const code = page.kind === "pin" && page.left > 0;
  try {
    const local = page.left > 0 && page.until <= Date.now() && (await opens(page.store, page.kind, secret));
    if (local || (!code && (await byServer(page, secret)))) return page.done(false);
    page.fault = t("解锁码不对，请再试。");
  } catch (why) {
    page.fault = !(why instanceof NoNetwork) ? (why.text ?? why.message)
      : page.left > 0 ? t("密码不对。刚换过密码的，请联网再试。") : t("现在连不上服务器，连上后再试。");
  }
  Object.assign(page, { busy: false, ...(await standing(page.store)) });
  field.value = "";
  page.draw();
  field.focus();
}

/** The server knows best: a changed password, or a phone on which too many have tried. It counts tries itself. */
async function byServer({ store }, password) {
  const again = await signIn({ store: store.user.store, login: store.user.staff, password, deviceName: "" });
  again.close();
  return true;
}

async function byPasskey(page) {
  const good = await assertHere(page.passkey).catch(() => false); // put away, or not this person: the code stands below
  if (!good) return;
  await opened(page.store);
  page.done(false);
}

/** Somebody else takes the phone; what waits here waits for its owner. */
async function leave(page) {
  await signOut(page.store);
  page.done(true);
}
