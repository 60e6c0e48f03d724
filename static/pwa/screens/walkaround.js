// 环车检查: one zone at a time, clockwise. A tap answers; what is done moves on by itself; everything can be taken back.

import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { severityOf } from "../commands/severity.js";
import { answer, answerZone, clearAnswer, compareMark, skipZone } from "../commands/walkaround.js";
import { t } from "../lib/words.js";
import { answerRow } from "../widgets/answer.js";
import { icon } from "../widgets/icon.js";
import "../widgets/pause.js";
import { photoImage } from "../widgets/photo_view.js";
import { plate } from "../widgets/plate.js";
import { askReason } from "../widgets/reason.js";
import { ring, zoneWords } from "../widgets/ring.js";
import { bulkItems, isAnswered, nextOpen, RING, ringNumber } from "../widgets/walk.js";
import { odometerReason } from "./odometer.js";
import { proposalFor } from "./proposals.js";
import { knownMarkRow } from "./known_mark.js";
import { shotsLeft } from "./shot_list.js";
import { findingPhotos, openItem, settle } from "./walk_item.js";
import { loadWalk, markWords, photosOf } from "./walk_data.js";
import { lastTime, startPage } from "./walk_start.js";

const STOP_NAMES = { prep: () => t("准备"), greet: () => t("迎接"), driver: () => t("驾驶席"), engine_bay: () => t("前机舱"), underbody: () => t("底盘"), confirm: () => t("确认") };
const LAST_TIME_IN = "prep";

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  const back = `#/v/${params.visit}`;
  if (!walk) return { title: t("环车检查"), back: "#/", template: html`<p class="empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  if (!walk.run) return { title: plate(walk.visit.plate), back, ...startPage(walk, shell) };
  if (!walk.template) return { title: plate(walk.visit.plate), back, template: html`<p class="empty">${t("这份检查表还没有到这部手机。联网后再打开。")}</p>` };
  const zone = walk.zones.find((one) => one.id === params.zone) ?? nextOpen(walk.zones) ?? walk.zones.at(-1);
  return { title: titleOf(walk), back, template: page(walk, zone, shell), foot: foot(walk, zone, shell) };
}

function titleOf({ visit, run, zones }) {
  const seen = zones.filter((one) => !one.open || one.state === "skipped").length;
  return html`${plate(visit.plate)} <span class="vh">${run.mode === "full" ? t("全面环检") : t("快速环检")}</span>
    <span class="small quiet zone-count">${t("%(seen)s / %(all)s 区", { seen, all: zones.length })}</span>`;
}

function page(walk, zone, shell) {
  const go = (id) => shell.go(`#/v/${walk.visit.id}/walk/${id}`);
  const outside = RING.map((id) => walk.zones.find((one) => one.id === id)).filter(Boolean);
  const stops = walk.zones.filter((one) => !RING.includes(one.id));
  return html`<div class=${RING.includes(zone.id) ? "walk-ring" : "walk-ring aside"}>${ring(outside, { here: zone.id, onPick: go })}</div>
    <nav class="stops" aria-label=${t("其他区")}>${stops.map((one) => stop(one, zone.id, go))}</nav>
    ${zone.id === LAST_TIME_IN ? lastTime(walk.car) : nothing}
    <section class="zone" aria-labelledby="h-zone">
      <div class="between"><h2 id="h-zone">${ringNumber(zone.id)} ${zone.name}</h2>
        <span class="small quiet">${t("%(all)s 项，还剩 %(open)s 项", { all: zone.total, open: zone.open })}</span></div>
      <div class="card">${known(walk, zone, shell)}${zone.marks.map((mark) => foundRow(walk, mark))}
        ${inOrder(zone).map((item) => keyed(item.id, row(walk, zone, item, shell)))}</div>
      <p class="zone-more">${zone.skip && zone.open ? html`<span class="small quiet">${zoneWords(zone)}</span>` : zone.open ? html`<button type="button" class="btn small line" @click=${() => skip(walk, zone, shell)}>${t("略过本区…")}</button>` : nothing}
        <span class="tiny">${t("点项目名称：不适用、照片、撤销")}</span></p>
    </section>`;
}

function stop(one, here, go) {
  const words = `${one.name}，${zoneWords(one)}`;
  return html`<button type="button" class="btn ${one.state} ${one.id === here ? "here" : ""}" aria-current=${one.id === here ? "step" : nothing} aria-label=${words} @click=${() => go(one.id)}>
    ${one.state === "fine" ? icon("check") : nothing}<span>${(STOP_NAMES[one.id] ?? (() => one.name))()}</span>${one.findings ? html`<small>${one.findings}</small>` : nothing}</button>`;
}

/** Outside, safety items stand first, so that nobody has to scroll for them; inside the order is that of the hand. */
function inOrder(zone) {
  if (!RING.includes(zone.id)) return zone.own;
  return [...zone.own].sort((a, b) => Number(b.safety) - Number(a.safety) || a.seq - b.seq);
}

function row(walk, zone, item, shell) {
  const entry = walk.answers[item.id];
  const bad = ["attention", "fail"].includes(entry?.current?.severity) && item.photo !== "never";
  return answerRow(item, {
    entry, options: walk.sets[item.answer.options], people: walk.people, placard: walk.car?.placard_kpa, proposal: proposalFor(item, walk),
    onAnswer: (value) => give(walk, zone, item, value, shell), onMore: () => openItem(walk, item, shell), onResolve: () => settle(walk, item, shell),
    note: bad ? findingPhotos(walk, item, shell) : undefined,
  });
}

/** One answer; then on to what is still open, in this zone or the next. A finding stays: it wants a look and a photo. */
async function give(walk, zone, item, value, shell) {
  const reason = item.id === "WA-DR-02" ? await odometerReason(walk, value.number) : undefined;
  if (reason === false) return shell.redraw();
  if (!(await shell.attempt(() => answer({ visit: walk.visit.id, item: item.id, ...value, ...(reason && { reason }) })))) return shell.redraw();
  const left = inOrder(zone).filter((one) => one.id !== item.id && !isAnswered(walk.answers[one.id]));
  const finding = ["attention", "fail"].includes(severityOf(item, value, { optionSets: walk.sets, placard: walk.car?.placard_kpa }));
  if (!left.length && !isAnswered(walk.answers[item.id]) && !finding) return onward(walk, zone, shell);
  await shell.redraw();
  if (!finding) reach(left.find((one) => one.seq > item.seq) ?? left[0]);
}

async function allFine(walk, zone, items, shell) {
  const ids = items.map((item) => item.id);
  if (!(await shell.attempt(() => answerZone({ visit: walk.visit.id, zone: zone.id, status: "ok", items: ids })))) return;
  const undo = async () => {
    await shell.attempt(() => clearAnswer({ visit: walk.visit.id, items: ids }));
    const at = `#/v/${walk.visit.id}/walk/${zone.id}`;
    if (location.hash === at) shell.redraw();
    else shell.go(at);
  };
  const words = t("%(zone)s：%(n)s 项记为正常", { zone: `${ringNumber(zone.id)} ${zone.name}`.trim(), n: ids.length });
  shell.toast(words, { undo });
  if (zone.open <= ids.length) return onward(walk, zone, shell, words);
  await shell.redraw();
  reach(inOrder(zone).find((one) => !ids.includes(one.id) && !isAnswered(walk.answers[one.id])));
}

/** This zone is finished: to the next one that is not, or to the photos. */
function onward(walk, zone, shell, said) {
  const next = nextOpen(walk.zones, zone.id);
  if (!said) shell.toast(t("%(zone)s看完了", { zone: `${ringNumber(zone.id)} ${zone.name} `.trimStart() }), { undo: () => shell.go(`#/v/${walk.visit.id}/walk/${zone.id}`), label: t("回去") });
  if (next) return shell.go(`#/v/${walk.visit.id}/walk/${next.id}`);
  shell.announce(t("每个区都看过了"));
  return shotsLeft(walk.view) ? shell.go(`#/v/${walk.visit.id}/shots`) : shell.redraw();
}

/** Brings the next open item under the thumb; a number field opens its keys at once. */
function reach(item) {
  const element = item && document.querySelector(`[data-item="${item.id}"]`);
  if (!element) return;
  element.scrollIntoView({ block: "nearest" });
  if (item.answer.type === "number") element.querySelector("input")?.focus({ preventScroll: true });
}

async function skip(walk, zone, shell) {
  const reasons = zone.id === "underbody" ? [t("无举升机"), t("客户赶时间")] : [t("客户赶时间"), t("光线太暗"), t("够不到")];
  const reason = await askReason(t("为什么略过？"), reasons, { hint: t("单据上会写“未查”和原因。") });
  if (reason && (await shell.attempt(() => skipZone({ visit: walk.visit.id, zone: zone.id, reason })))) onward(walk, { ...zone, open: 0 }, shell);
}

function known(walk, zone, shell) {
  const here = walk.known.filter((mark) => walk.zones.find((one) => one.id === zone.id) && zoneHas(walk, zone, mark));
  return here.map((mark) => knownMarkRow(walk, mark, async (now) => {
    if (await shell.attempt(() => compareMark({ visit: walk.visit.id, mark: mark.id, now }))) shell.redraw();
  }));
}

function zoneHas(walk, zone, mark) {
  const region = walk.regions.find((one) => one.id === mark.region);
  return ["door_lf", "mirror_l"].includes(mark.region) ? zone.id === "ext_left" : region?.zone === zone.id;
}

function foundRow(walk, mark) {
  const words = markWords(walk.list, mark);
  const [photo] = photosOf(walk.view, "mark", mark.id);
  return html`<a class="row found" href=${`#/v/${walk.visit.id}/damage/${mark.region}?mark=${mark.id}`}>
    ${photo ? photoImage(walk.store, photo, { alt: t("%(region)s照片", words), look: "thumb" }) : html`<span class="mark-letter">${words.symbol}</span>`}
    <span class="grow"><b>${words.region}</b><br><span class="small is-look">${words.kind} ${words.size}</span></span>${icon("next")}</a>`;
}

function foot(walk, zone, shell) {
  const at = `#/v/${walk.visit.id}`;
  const side = RING.includes(zone.id) || ["driver", "underbody"].includes(zone.id) ? html`<a class="btn" href=${`${at}/damage?zone=${zone.id}`}>${icon("plus")}${t("损伤")}</a>`
    : html`<a class="btn" href=${`${at}/shots`}>${icon("camera")}${t("照片")}</a>`;
  return html`${side}${mainButton(walk, zone, shell)}`;
}

function mainButton(walk, zone, shell) {
  const items = bulkItems(zone.own, walk.answers, zone.marks);
  const single = zone.open - items.length;
  const safety = zone.own.some((item) => item.safety && !isAnswered(walk.answers[item.id]));
  if (items.length) {
    return html`<button type="button" class="btn main two" @click=${() => allFine(walk, zone, items, shell)}>${t("本区全部正常")}<small>${
      safety ? t("记 %(n)s 项；安全项请逐项点", { n: items.length }) : single ? t("记 %(n)s 项；还有 %(m)s 项要填", { n: items.length, m: single }) : t("记 %(n)s 项", { n: items.length })}</small></button>`;
  }
  if (zone.open) {
    return html`<button type="button" class="btn main" aria-disabled="true" @click=${() => reach(inOrder(zone).find((one) => !isAnswered(walk.answers[one.id])))}>${
      safety ? t("安全项请逐项点，还剩 %(n)s 项", { n: zone.open }) : t("还有 %(n)s 项要填", { n: zone.open })}</button>`;
  }
  return nextButton(walk, zone);
}

function nextButton(walk, zone) {
  const at = `#/v/${walk.visit.id}`;
  const next = nextOpen(walk.zones, zone.id);
  if (next) return html`<a class="btn main" href=${`${at}/walk/${next.id}`}>${t("去 %(zone)s", { zone: `${ringNumber(next.id)} ${next.name}`.trim() })}</a>`;
  const shots = shotsLeft(walk.view);
  if (shots) return html`<a class="btn main" href=${`${at}/shots`}>${icon("camera")}${t("拍照，还差 %(n)s 张", { n: shots })}</a>`;
  return walk.view.lines.length ? html`<a class="btn main" href=${`${at}/sign`}>${t("请客户过目")}</a>` : html`<a class="btn main" href=${`${at}/order`}>${t("开单")}</a>`;
}
