// 今天: my cars by what they need next, who is expected, and the way to any car by its plate.

import { html, nothing, svg } from "lit-html";
import { today } from "../commands/view.js";
import { here } from "../commands/here.js";
import { asset } from "../lib/assets.js";
import { locale, t } from "../lib/words.js";
import { syncState } from "../outbox/state.js";
import { catalogue } from "../store/catalogue.js";
import { chip, clock } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { ringNumber } from "../widgets/walk.js";
import { search } from "./find_cars.js";
import { inWorkshop, isEnded, nextStep } from "./next_step.js";
import { loadWalk } from "./walk_data.js";

const LATE_MIN = 15;
let staff = [];

export async function draw(_params, shell) {
  if (!shell.user) return { template: nothing };
  const [day, lists] = await Promise.all([today(), catalogue(here())]);
  staff = lists?.staff ?? [];
  const cars = sorted(day, shell.user.staff);
  const hero = cars.mine[0] && (await heroOf(cars.mine[0]));
  const query = shell.state.query ?? "";
  return {
    head: () => headOf(shell, lists, cars),
    template: html`${searchField(shell, query)}${query ? await results(query, day) : sections(cars, hero)}`,
    foot: footOf(shell, hero),
  };
}

function headOf(shell, lists, { mine, workshop, mates }) {
  const day = new Intl.DateTimeFormat(locale(), { month: "long", day: "numeric", weekday: "short" }).format(new Date());
  const count = mine.length + workshop.length + mates.length;
  return html`<header class="top"><a class="who" href="#/phone">${[day, lists?.store?.short_name, shell.user.name].filter(Boolean).join(" · ")}<span class="vh">${t("，这部手机与使用人")}</span></a>
    <h1>${t("今天 %(n)s 辆", { n: count })}</h1>${chip(syncState())}</header>`;
}

function searchField(shell, query) {
  const type = (event) => {
    shell.state.query = event.target.value.trim().toUpperCase();
    shell.redraw();
  };
  return html`<div class="search"><input type="search" inputmode="text" autocapitalize="characters" autocomplete="off" enterkeyhint="search"
    placeholder=${t("查车牌、姓名或车架号后六位")} aria-label=${t("查车")} .value=${query} @input=${type}></div>`;
}

function sections({ mine, expected, workshop, mates, ended, yours }, hero) {
  if (![mine, expected, workshop, mates, ended].some((list) => list.length)) {
    return html`<div class="card empty">${t("今天还没有车。到店后点“接车”。")}</div>`;
  }
  return html`${hero ? section("now", t("现在"), heroCard(hero)) : nothing}
    ${list("todo", t("等您处理"), mine.slice(1), visitRow)}${list("later", t("您的预约"), expected.filter(yours), bookingRow)}${list("others", t("同事的预约"), expected.filter((one) => !yours(one)), bookingRow)}
    ${list("shop", t("在车间"), workshop, visitRow)}${list("mates", t("同事的车"), mates, mateRow)}${list("ended", t("今天已离店"), ended, visitRow)}`;
}

function list(id, title, rows, row) {
  return rows.length ? section(id, title, html`<div class="card rows">${rows.map(row)}</div>`) : nothing;
}

function section(id, title, body) {
  return html`<section aria-labelledby="h-${id}"><h2 id="h-${id}" class="section-title">${title}</h2>${body}</section>`;
}

function visitRow(visit) {
  const { tag, tone } = nextStep(visit, visit);
  return html`<a class="car-row" href="#/v/${visit.id}"><time>${clock(visit.arrived_at)}</time><span>${plate(visit.plate)}</span>
    <span class="tag ${tone}">${tag}</span><p class="small quiet">${aboutVisit(visit)}</p></a>`;
}

function mateRow(visit) {
  const { tag, tone } = nextStep(visit, visit);
  return html`<a class="car-row" href="#/v/${visit.id}"><time>${clock(visit.arrived_at)}</time><span>${plate(visit.plate)}</span>
    <span class="tag ${tone}">${tag}</span><p class="small quiet">${[staffName(visit.advisor), aboutVisit(visit)].join(" · ")}</p></a>`;
}

function staffName(id) {
  return staff.find((one) => one.id === id)?.name ?? id;
}

function aboutVisit({ customer_name, model, promised_at }) {
  return [customer_name, model, promised_at && t("%(at)s 交车", { at: clock(promised_at) })].filter(Boolean).join(" · ");
}

/** Tapping a booked car opens its arrival, filled in. */
function bookingRow({ id, slot_start_at, customer_words, vehicle }) {
  const late = Math.floor((Date.now() - new Date(slot_start_at)) / 60_000);
  return html`<a class="car-row" href="#/arrive?appointment=${id}"><time>${clock(slot_start_at)}</time><span>${plate(vehicle?.plate)}</span>
    ${late > LATE_MIN ? html`<span class="tag look">${lateText(late)}</span>` : html`<span class="tag">${t("未到")}</span>`}
    <p class="small quiet">${[vehicle?.customer_name, vehicle?.model, customer_words].filter(Boolean).join(" · ")}</p></a>`;
}

export function lateText(minutes) {
  return minutes < 120 ? t("迟到 %(n)s 分", { n: minutes }) : t("迟到 %(n)s 小时", { n: Math.floor(minutes / 60) });
}

async function results(query, day) {
  const { visits, bookings, vehicles } = await search(query, day);
  if (!visits.length && !bookings.length && !vehicles.length) {
    return html`<div class="card empty">${t("没有找到“%(query)s”。新车请点“接车”。", { query })}</div>`;
  }
  return html`${list("visits", t("来店"), visits, visitRow)}${list("bookings", t("预约"), bookings, bookingRow)}${list("known", t("来过的车"), vehicles, vehicleRow)}`;
}

function vehicleRow(vehicle) {
  return html`<a class="car-row wide-row" href="#/arrive?vehicle=${vehicle.id}"><span>${plate(vehicle.plate)}</span><span class="tag">${t("接车")}</span>
    <p class="small quiet">${[vehicle.customer_name, vehicle.model, vehicle.colour, vehicle.last_visit_on && t("上次 %(on)s", { on: vehicle.last_visit_on })].filter(Boolean).join(" · ")}</p></a>`;
}

/** The car in hand, with how far the walk has come. */
async function heroOf(visit) {
  const { view, zones = [] } = await loadWalk(visit.id);
  const at = zones.find((zone) => zone.open && zone.state !== "skipped");
  const unsafe = (view.vehicle?.declined ?? []).filter((item) => item.safety);
  const priced = view.lines.some((line) => !line.removed);
  return { visit, view, zones, at, unsafe, step: nextStep(visit, { walked: zones.length > 0 && !at, priced }) };
}

function heroCard({ visit, view, zones, at, unsafe, step }) {
  const place = at && view.visit.state === "inspecting" ? ` · ${ringNumber(at.id)} ${at.name}` : "";
  return html`<a class="card now" href="#/v/${visit.id}"><div class="whose">${dial(zones, at)}
      <div><p>${plate(visit.plate)}</p><p><b>${visit.customer_name}</b> <span class="quiet">${[visit.model, view.vehicle?.colour].filter(Boolean).join(" ")}</span></p>
      <p class="small ${step.tone ? `is-${step.tone}` : ""}"><b>${step.tag}${place}</b></p></div></div>
    ${unsafe.length ? html`<p class="note">${icon("shield")}<span>${t("上次未做安全项：")}<b>${unsafe.map((item) => item.text).join("、")}</b>${t("。请当面再提一次。")}</span></p>` : nothing}</a>`;
}

function dial(zones, at) {
  const done = zones.filter((zone) => !zone.open || zone.state === "skipped").length;
  const share = 360 / (zones.length || 1);
  const arc = (zone, n) => (zone.state === "unseen" && zone !== at ? nothing
    : svg`<circle cx="42" cy="42" r="37" pathLength="360" class=${zone === at ? "here" : zone.state} stroke-dasharray="${share - 3} ${363 - share}" transform="rotate(${n * share - 88.5} 42 42)"/>`);
  return html`<div class="dial" role="img" aria-label=${zones.length ? t("环检已完成 %(done)s 区，共 %(all)s 区", { done, all: zones.length }) : t("还没有环检")}>
    <svg viewBox="0 0 84 84" fill="none" stroke-width="7"><circle cx="42" cy="42" r="37" class="rest"/>${zones.map(arc)}</svg><img src=${asset("cars/car-top.svg")} alt=""></div>`;
}

function footOf(shell, hero) {
  const arrive = (main) => html`<a class="btn ${main ? "main" : ""}" href="#/arrive">${icon("plus")}${t("接车")}</a>`;
  if (!hero?.step.button) return arrive(true);
  return html`${arrive(false)}<button class="btn main" type="button" @click=${() => shell.go(hero.step.hash)}>${hero.step.button}</button>`;
}

/** Mine (first is in hand), expected, in the workshop, colleagues', gone today. */
function sorted({ visits, appointments }, me) {
  const dayStart = new Date().setHours(0, 0, 0, 0);
  const open = visits.filter((visit) => !isEnded(visit));
  const mine = open.filter((visit) => visit.advisor === me);
  const soon = appointments.filter(({ slot_start_at }) => {
    const at = new Date(slot_start_at) - dayStart;
    return at >= 0 && at < 86_400_000;
  });
  return {
    mine: mine.filter((visit) => !inWorkshop(visit)).sort((a, b) => nextStep(a, a).rank - nextStep(b, b).rank || (a.arrived_at < b.arrived_at ? 1 : -1)),
    workshop: mine.filter(inWorkshop),
    expected: soon.sort((a, b) => (a.slot_start_at < b.slot_start_at ? -1 : 1)),
    yours: ({ advisor }) => !advisor || advisor === me,
    mates: open.filter((visit) => visit.advisor !== me),
    ended: visits.filter((visit) => isEnded(visit) && visit.advisor === me && new Date(visit.released_at ?? visit.arrived_at) >= dayStart),
  };
}
