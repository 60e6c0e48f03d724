// A screen that could not be loaded: a part of the app is not on this phone, and there was no network to fetch it.

import { html } from "lit-html";
import { t } from "../lib/words.js";

export function draw(_params, shell) {
  return {
    title: t("这一页打不开"),
    template: html`<div class="card pad stack"><p>${t("这一页还没有存到这部手机。连上网络再打开一次；您记下的都还在。")}</p>
      <a class="btn line" href="/lane/rescue.html">${t("救援页")}</a></div>`,
    foot: html`<button class="btn main" type="button" @click=${() => location.reload()}>${t("再打开一次")}</button>
      <button class="btn" type="button" @click=${() => shell.go("#/")}>${t("回到今天")}</button>`,
  };
}
