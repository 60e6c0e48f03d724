// What every screen is given: dialogs, notices, and a way to run an act so that a failure is never silent.

import { html, render } from "lit-html";
import { t } from "../lib/words.js";
import { openActions } from "./actions.js";
import { openSheet } from "./sheet.js";

const TOAST_MS = 6000;
let toastTimer;

/** The parts of the shell that need no router; app.js adds go, back, redraw and state. */
export function notices(banners) {
  return {
    sheet: openSheet,
    actions: openActions,
    toast,
    announce,
    buzz,
    banner: banners.set,
    /** Runs an act. Resolves with its result (or true); when it fails a banner says so and it resolves false. */
    async attempt(act) {
      try {
        const result = (await act()) ?? true;
        banners.set("attempt", null);
        return result;
      } catch (fault) {
        reportFault(banners, "attempt", fault);
        return false;
      }
    },
  };
}

/** Banners stand above the screen until what they say is no longer so. */
export function makeBanners(redraw) {
  const shown = new Map();
  return {
    set(key, content) {
      if (content) shown.set(key, content);
      else if (!shown.delete(key)) return;
      redraw();
    },
    template: () => [...shown.values()],
  };
}

/** Says what went wrong in plain words, with a way to the rescue page; nothing fails without a visible word. */
export function reportFault(banners, key, fault) {
  console.error(fault);
  buzz([60, 60, 60]);
  banners.set(key, html`<div class="banner stop" role="alert"><p><b>${sentenceOf(fault)}</b><br><span class="tiny">${fault?.name ?? ""} ${fault?.message ?? fault}</span></p>
    <a class="btn small line" href="/lane/rescue.html">${t("救援页")}</a>
    <button class="btn small line" type="button" @click=${() => banners.set(key, null)}>${t("知道了")}</button></div>`);
}

function sentenceOf(fault) {
  if (fault?.text) return fault.text;
  if (fault?.name === "QuotaExceededError") return t("手机存储已满，这一步没有存下。请先腾出手机空间再试。");
  if (["InvalidStateError", "UnknownError", "StoreLost"].includes(fault?.name)) return t("手机的存储打不开，这一步没有存下。请关掉其他页面后重开应用。");
  return t("这一步没有存下，请再点一次。");
}

function toast(text, { undo, label = t("撤销") } = {}) {
  const tap = () => {
    clearToast();
    undo();
  };
  clearTimeout(toastTimer);
  render(html`<div class="toast" role="status"><p>${text}</p>${undo ? html`<button type="button" @click=${tap}>${label}</button>` : ""}</div>`, document.getElementById("toast"));
  toastTimer = setTimeout(clearToast, TOAST_MS);
}

/** Another screen has come: what was said of the last one goes. */
export function clearToast() {
  clearTimeout(toastTimer);
  render("", document.getElementById("toast"));
}

function announce(text) {
  const region = document.getElementById("live");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function buzz(pattern = 30) {
  navigator.vibrate?.(pattern);
}
