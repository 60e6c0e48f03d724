// The head chip: one look tells whether everything is on the server. 已同步 only by proof (the manifests agree).

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { syncRing } from "./sync_ring.js";

const HOUR = 3_600_000;

/** {ring, tone, first, second, whole}: what the chip says of a sync state, in words. */
export function chipWords(state, now = Date.now()) {
  const waiting = state.acts + state.photos;
  const last = state.lastAt ? t("上次 %(at)s", { at: clock(state.lastAt, now) }) : t("还没有发过");
  const small = waiting ? `${sizeText(state.bytes)} · ${last}` : last;
  const whole = (first) => [first, waiting && sizeText(state.bytes), last].filter(Boolean).join(" · ");
  const say = (ring, tone, first) => ({ ring, tone, first, second: small, whole: whole(first) });

  if (state.phase === "revoked") return say("stop", "is-stop", t("手机已停用"));
  if (state.attention) return say("stop", "is-stop", t("%(n)s 项要处理", { n: state.attention }));
  if (waiting && state.phase === "paused") return say("wait", "is-look", t("登录后发 %(n)s 项", { n: waiting }));
  if (waiting) return say(state.phase === "sending" ? "send" : "wait", toneOf(state, now), t("%(n)s 项未同步", { n: waiting }));
  if (state.synced) return say("done", "is-ok", t("已同步"));
  return say("phone", "", t("待核对"));
}

/** The chip as a link to 待发. */
export function chip(state) {
  const words = chipWords(state);
  return html`<a class="chip ${words.tone}" href="#/outbox" aria-label=${t("待发：%(state)s", { state: words.whole })}>
    ${syncRing(words.ring)}<span>${words.first}<small>${words.second}</small></span></a>`;
}

/** 1.2 MB; below one kilobyte still 1 KB, so that something waiting never weighs nothing. */
export function sizeText(bytes) {
  return bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`;
}

/** 10:42 today, 11-22 10:42 before. */
export function clock(at, now = Date.now()) {
  const moment = new Date(at);
  const two = (n) => String(n).padStart(2, "0");
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const today = moment.toDateString() === new Date(now).toDateString();
  return today ? time : `${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${time}`;
}

function toneOf(state, now) {
  const age = state.oldestAt ? now - new Date(state.oldestAt) : 0;
  if (age > 24 * HOUR) return "is-stop";
  if (age > HOUR) return "is-look";
  return state.phase === "sending" ? "is-qing" : "";
}
