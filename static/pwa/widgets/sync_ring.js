import { html } from "lit-html";
import { t } from "../lib/words.js";
import { vars } from "./vars.js";

const WORDS = {
  phone: () => t("已存本机"),
  wait: () => t("等待发送"),
  send: () => t("发送中"),
  done: () => t("已到服务器"),
  stop: () => t("需要处理"),
};

/** The small ring: phone, wait, send (with per cent), done, stop. It tells the truth about one saved thing. */
export function syncRing(state, percent = 0) {
  return html`<i class="sync ${state}" aria-hidden="true" ${vars({ "--p": percent })}></i>`;
}

/** The words of a state; a number beside "发送中" only where one is known. */
export function syncWords(state, percent) {
  return state === "send" && percent !== undefined ? `${WORDS.send()} ${percent}%` : (WORDS[state] ?? WORDS.wait)();
}
