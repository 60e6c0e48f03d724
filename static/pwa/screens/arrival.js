// 接车: the plate first, then only what is not known yet. Two taps for a booked car; nothing here needs a network.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { findCars, today } from "../commands/view.js";
import { t } from "../lib/words.js";
import { syncState } from "../outbox/state.js";
import { catalogue } from "../store/catalogue.js";
import { proveRoom } from "../store/photos.js";
import { rowOf } from "../store/rows.js";
import { clock } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { plate, plateKind, plateText, powertrainOf } from "../widgets/plate.js";
import { plateBoxes, plateKeyboard } from "../widgets/plate_keyboard.js";
import { drawForm, formFor } from "./arrival_form.js";
import { isEnded } from "./next_step.js";
import { lateText } from "./today.js";

let day;
let lists;

export async function draw(params, shell) {
  const { state } = shell;
  if (!state.step) await begin(params, shell);
  if (!lists?.legal_texts?.length) return nothingYet(shell);
  return state.step === "form" ? drawForm(shell, lists) : plateStep(shell);
}

async function begin(params, shell) {
  [day, lists] = await Promise.all([today(), catalogue(here())]);
  const home = homePrefix(day);
  Object.assign(shell.state, { step: "plate", text: params.plate ?? home, home, provinces: !home });
  const booking = day.appointments.find(({ id }) => id === params.appointment);
  const vehicle = booking?.vehicle ?? (params.vehicle && (await rowOf(here(), "vehicle", params.vehicle)));
  if (vehicle) Object.assign(shell.state, formFor(booking ? { vehicle, booking } : withBooking(vehicle)));
  roomFor(shell);
}

/** Before a walk begins the disk itself is asked: a full phone must not find out at the third photo. */
async function roomFor(shell) {
  const full = await proveRoom(here()).then(() => false, () => true);
  shell.banner("room", full && html`<div class="banner stop" role="alert"><p>${t("手机空间快满了，照片可能存不下。请先清理手机空间，或到“待发”把照片发完。")}</p></div>`);
}

async function plateStep(shell) {
  const { state } = shell;
  const hits = await hitsFor(state.text);
  return {
    title: t("接车"),
    template: html`<section class="stack" aria-labelledby="h-plate"><h2 id="h-plate" class="title">${t("车牌号")}</h2>
        ${plateBoxes({ text: state.text, likely: hits.length === 1 ? hits[0].vehicle.plate : "", onPick: (n) => set(shell, { text: state.text.slice(0, n) }) })}</section>
      ${hits.length ? html`<section aria-labelledby="h-hit"><h2 id="h-hit" class="section-title">${t("%(n)s 个相符", { n: hits.length })}</h2>
        <div class="stack">${hits.slice(0, 5).map((hit, n) => hitCard(shell, hit, n === 0 && hits.length === 1))}</div></section>` : nothing}
      <p class="tiny">${syncState().lastAt ? t("没有网络也能接车。档案存于本机，截至 %(at)s。", { at: clock(syncState().lastAt) }) : t("没有网络也能接车。")}</p>`,
    dock: keyboard(shell, hits),
  };
}

function keyboard(shell, hits) {
  const { state } = shell;
  return plateKeyboard({
    text: state.text, provinces: state.provinces || !state.text, home: [state.home?.[0]].filter(Boolean),
    onKey: (sign) => set(shell, { text: state.text + sign, provinces: false }),
    onDelete: () => set(shell, { text: state.text.slice(0, -1) }),
    onToggle: () => set(shell, state.provinces ? { provinces: false } : { provinces: true, text: "" }),
    ways: html`<button type="button" class="btn" @click=${() => openForm(shell, { unplated: true })}>${t("无牌 / 临牌")}</button>
      <button type="button" class="btn" @click=${() => findByVin(shell)}>${t("按车架号")}</button>`,
    foot: mainKey(shell, hits),
  });
}

/** The ink button takes the one car that fits, or a new one when the plate is whole; else it says what is missing. */
function mainKey(shell, hits) {
  const { text } = shell.state;
  const whole = plateKind(text) !== "";
  const only = hits.find((hit) => hit.vehicle.plate === text) ?? (hits.length === 1 && text.length > 2 ? hits[0] : undefined);
  if (only) return go(t("接 %(plate)s", { plate: plateText(only.vehicle.plate) }), () => takeHit(shell, only));
  if (whole) return go(t("新客户 %(plate)s", { plate: plateText(text) }), () => openForm(shell, { text }));
  return html`<button type="button" class="go" aria-disabled="true" @click=${() => shell.announce(missingText(text))}>${missingText(text)}</button>`;
}

function go(label, onTap) {
  return html`<button type="button" class="go" @click=${onTap}>${label}</button>`;
}

function missingText(text) {
  return text.length < 7 ? t("还差 %(n)s 位", { n: 7 - text.length }) : t("这不是完整的车牌");
}

function hitCard(shell, { vehicle, booking, open }, first) {
  const late = booking ? Math.floor((Date.now() - new Date(booking.slot_start_at)) / 60_000) : 0;
  return html`<button type="button" class="card car-found ${first ? "first" : ""}" @click=${() => takeHit(shell, { vehicle, booking, open })}>
    <span class="between">${plate(vehicle.plate)}${open ? html`<span class="tag qing">${t("已在店")}</span>` : late > 15 ? html`<span class="tag look">${lateText(late)}</span>`
      : booking ? html`<span class="tag">${t("预约 %(at)s", { at: clock(booking.slot_start_at) })}</span>` : nothing}</span>
    <span><b>${vehicle.customer_name}</b> <span class="quiet">${[vehicle.model, vehicle.colour, kmText(vehicle)].filter(Boolean).join(" · ")}</span></span>
    ${booking ? html`<dl class="facts"><dt>${t("预约")}</dt><dd>${clock(booking.slot_start_at)} ${jobsText(booking, lists)}</dd>
      ${booking.customer_words ? html`<dt>${t("原话")}</dt><dd>“${booking.customer_words}”</dd>` : nothing}</dl>` : nothing}</button>`;
}

function kmText({ odometer_km }) {
  return odometer_km && t("上次 %(km)s km", { km: odometer_km.toLocaleString("en-US") });
}

export function jobsText(booking, { labour_operations = [] } = {}) {
  return (booking.jobs ?? []).map((code) => labour_operations.find((job) => job.code === code)?.text ?? code).join("、");
}

function takeHit(shell, { vehicle, booking, open }) {
  if (open) return shell.go(`#/v/${open.id}`);
  Object.assign(shell.state, formFor({ vehicle, booking }));
  return shell.redraw();
}

function openForm(shell, { text = "", unplated = false }) {
  Object.assign(shell.state, formFor({ plate: text, unplated, powertrain: powertrainOf(text) }));
  return shell.redraw();
}

/** Cars by the last six of the VIN, as they stand in the windscreen. */
async function findByVin(shell) {
  let typed = "";
  let found = [];
  const hit = await shell.sheet((close, update) => {
    const type = async (event) => {
      typed = event.target.value.toUpperCase().replace(/\s/g, "");
      found = typed.length >= 4 ? (await findCars(typed)).filter((car) => car.vin?.endsWith(typed)).slice(0, 5) : [];
      update();
    };
    return html`<div class="stack pad"><label class="gap"><span class="label">${t("车架号后六位，或整个 17 位")}</span>
        <input class="input vin" autocomplete="off" autocapitalize="characters" maxlength="17" .value=${typed} @input=${type}></label>
      ${found.map((vehicle) => html`<button type="button" class="card car-found" @click=${() => close({ vehicle })}><span>${plate(vehicle.plate)} <b>${vehicle.customer_name}</b></span><span class="small quiet">${vehicle.vin}</span></button>`)}
      ${typed.length === 17 && !found.length ? html`<button type="button" class="btn main" @click=${() => close({ vin: typed })}>${t("新车，用这个车架号")}</button>` : nothing}</div>`;
  }, { label: t("按车架号") });
  if (hit?.vehicle) return takeHit(shell, withBooking(hit.vehicle));
  if (hit?.vin) Object.assign(shell.state, formFor({ plate: "", vin: hit.vin, unplated: true }));
  return shell.redraw();
}

/** Cars whose plate holds what is typed: booked ones first; those already here lead to their visit. */
async function hitsFor(text) {
  if (text.length < 3) return [];
  const exact = (await findCars(text)).filter(({ plate: known }) => known?.startsWith(text));
  const loose = text.length > 4 && !exact.length ? await findCars(text.slice(1)) : [];
  return [...exact, ...loose].map(withBooking).sort((a, b) => Boolean(b.booking) - Boolean(a.booking));
}

function withBooking(vehicle) {
  const booking = day.appointments.find(({ vehicle_id }) => vehicle_id === vehicle.id);
  const open = day.visits.find((visit) => !isEnded(visit) && (visit.vehicle_id === vehicle.id || (visit.plate && visit.plate === vehicle.plate)));
  return { vehicle, booking, open };
}

/** The two signs that most cars here begin with: most plates then need five keys. */
function homePrefix({ visits, appointments }) {
  const counts = new Map();
  for (const { plate: text } of [...visits, ...appointments.map(({ vehicle }) => vehicle ?? {})]) if (text?.length >= 7) counts.set(text.slice(0, 2), (counts.get(text.slice(0, 2)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

function set(shell, changes) {
  Object.assign(shell.state, changes);
  return shell.redraw();
}

function nothingYet(shell) {
  return {
    title: t("接车"),
    template: html`<div class="note">${icon("look")}<span>${t("检查表和告知书还没有下到这部手机。请连一次网，之后没有网络也能接车。")}</span></div>`,
    foot: html`<button type="button" class="btn main" @click=${() => shell.go("#/outbox")}>${t("去联网")}</button>`,
  };
}
