// New versions: fetched whole and checked by the worker, applied when the user taps or at the next start, never under a pad or camera.

import { html } from "lit-html";
import { t } from "./lib/words.js";

const OFTEN_MS = 12 * 3_600_000;
const TRIED = "cw-update-tried";
let asked = false;

/** Registers the worker and watches for a newer one. Without service workers (WeChat on iPhone) the app runs while it is open. */
export async function watchUpdates(shell) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/lane/sw.js", { scope: "/lane/", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  const offer = () => registration.waiting && navigator.serviceWorker.controller && offerUpdate(shell, registration);
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  const look = () => registration.update().catch(() => {});
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  setInterval(look, OFTEN_MS);
  if (registration.waiting && navigator.serviceWorker.controller && !shell.busy() && firstTry()) apply(registration);
  else offer();
}

function offerUpdate(shell, registration) {
  const tap = () => !shell.busy() && apply(registration);
  shell.banner("update", html`<div class="banner qing"><p>${t("新版本已备好，换上只要一秒，记下的都在。")}</p>
    <button class="btn small line" type="button" @click=${tap}>${t("现在换上")}</button></div>`);
}

function apply(registration) {
  asked = true;
  registration.waiting?.postMessage({ apply: true });
}

/** One try per start, so that a worker that will not take over never makes the page turn in circles. */
function firstTry() {
  try {
    if (sessionStorage.getItem(TRIED)) return false;
    sessionStorage.setItem(TRIED, "1");
    return true;
  } catch {
    return false;
  }
}
