// At the start of a shift, once a day: is this phone safe to work on without a network? Only what is not safe is said.

import { html } from "lit-html";
import { here } from "./commands/here.js";
import { t } from "./lib/words.js";

const SAID = "cw-shift";

export async function startOfShift(shell) {
  if (!shell.user || said()) return;
  const { safetyChecks } = await import("./loads/rest.js");
  const checks = await safetyChecks(here());
  const first = checks.find(({ state }) => state === "stop") ?? checks.find(({ state }) => state === "look");
  if (!first) return remember();
  const away = () => {
    remember();
    shell.banner("shift", null);
  };
  const words = first.state === "stop" ? t("这部手机现在不适合离线工作，因为%(why)s。", { why: first.because }) : t("可以离线工作，但要多留意，因为%(why)s。", { why: first.because });
  shell.banner("shift", html`<div class="banner ${first.state === "stop" ? "stop" : ""}" role="status"><p>${words}</p>
    <a class="btn small line" href="#/phone" @click=${away}>${t("看看")}</a><button class="btn small line" type="button" @click=${away}>${t("知道了")}</button></div>`);
}

function said() {
  try {
    return localStorage.getItem(SAID) === new Date().toDateString();
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SAID, new Date().toDateString());
  } catch {
    // then it is said again at the next start
  }
}
