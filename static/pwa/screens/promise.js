// 预计交车: a time inside opening hours, suggested from the hours of the jobs (RC-15).

import { html } from "lit-html";
import { t } from "../lib/words.js";

const MARGIN = 1.25; // waiting for a bay, wash and final look: a quarter on top of the labour hours
const LEAST_MIN = 60;

/** 今天 14:00 · 明天 09:30 · 11-26 10:00 */
export function promiseText(at, now = new Date()) {
  const moment = new Date(at);
  const day = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).valueOf();
  const days = Math.round((day(moment) - day(now)) / 86_400_000);
  const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  if (days === 0) return t("今天 %(clock)s", { clock });
  if (days === 1) return t("明天 %(clock)s", { clock });
  if (days === 2) return t("后天 %(clock)s", { clock });
  return `${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${clock}`;
}

/** When the work can be done: hours worked off inside opening times, to the next half hour. opening: {weekday, weekend}. */
export function suggestPromise(hoursCenti, opening, now = new Date()) {
  let left = Math.max(LEAST_MIN, Math.ceil(hoursCenti * 0.6 * MARGIN));
  let at = new Date(now);
  for (let days = 0; days < 60; days++) {
    const [open, close] = hoursOf(at, opening);
    if (at < open) at = open;
    const free = Math.max(0, (close - at) / 60_000);
    if (left <= free) return halfHour(new Date(at.valueOf() + left * 60_000), close);
    left -= free;
    at = new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1);
  }
  return at;
}

/** A sentence when the time lies outside opening hours or has passed; "" when it is fine. */
export function promiseProblem(at, opening, now = new Date()) {
  if (at <= now) return t("这个时间已经过了");
  const [open, close] = hoursOf(at, opening);
  return at < open || at > close ? t("不在营业时间内（%(from)s–%(to)s）", { from: clockOf(open), to: clockOf(close) }) : "";
}

/** The sheet: a few good times, and any other. Resolves with a Date or undefined. */
export function askPromise(shell, { suggested, opening, chosen }) {
  const times = [suggested, plus(suggested, 60), plus(suggested, 120), nextMorning(suggested, opening)];
  return shell.sheet((close, update) => {
    const own = (event) => {
      event.preventDefault();
      const at = new Date(new FormData(event.target).get("at"));
      fault = Number.isNaN(at.valueOf()) ? t("请选一个时间") : promiseProblem(at, opening);
      if (fault) update();
      else close(at);
    };
    return html`<div class="actions-list">${times.filter((at) => !promiseProblem(at, opening)).map((at, n) => html`<button class="btn" type="button" @click=${() => close(at)}>
        <span>${promiseText(at)}${n === 0 ? html`<small>${t("按工时与营业时间推算")}</small>` : ""}</span></button>`)}
      <form class="order-when" @submit=${own} novalidate><input class="input" type="datetime-local" name="at" step="1800" aria-label=${t("其他时间")} .value=${localText(chosen ?? suggested)}>
        <button class="btn line">${t("就这个时间")}</button></form>
      <p class="fault" role="status">${fault}</p></div>`;
  }, { label: t("预计交车") });
}

let fault = "";

function hoursOf(date, opening = {}) {
  const weekend = [0, 6].includes(date.getDay());
  const [from, to] = ((weekend ? opening.weekend : opening.weekday) ?? "08:30-18:00").split("-").map((text) => text.split(":").map(Number));
  const at = ([hour, minute]) => new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour, minute);
  return [at(from), at(to)];
}

function halfHour(date, close) {
  const up = new Date(Math.ceil(date / 1_800_000) * 1_800_000);
  return up > close ? close : up;
}

function nextMorning(date, opening) {
  return plus(hoursOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1), opening)[0], 60);
}

function plus(date, minutes) {
  return new Date(date.valueOf() + minutes * 60_000);
}

function clockOf(date) {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function localText(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${clockOf(date)}`;
}

function two(number) {
  return String(number).padStart(2, "0");
}
