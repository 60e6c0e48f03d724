// 待发: may I hand in this phone? Then every act and photo that only this phone has, with its state, its age, and what to do.

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { visitView } from "../commands/view.js";
import { commandWords } from "../commands/words.js";
import { t } from "../lib/words.js";
import { syncNow } from "../outbox/sender.js";
import { photoProgress, syncState } from "../outbox/state.js";
import { needAttention, pendingActs } from "../store/acts.js";
import { allPhotos } from "../store/photos.js";
import { clock, sizeText } from "../widgets/chip.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { syncRing, syncWords } from "../widgets/sync_ring.js";
import { vars } from "../widgets/vars.js";
import { diagnostics } from "./diagnostics.js";
import { exportZip } from "./export.js";
import { ageText, verdict } from "./outbox_words.js";
import { refusedCard } from "./visit_troubles.js";

const SHOWN = 40; // of one kind and visit; the rest is a number, so that a phone that was away for weeks opens at once

export async function draw(_params, shell) {
  if (!shell.user) return { title: t("待发"), template: nothing };
  const store = here();
  const [acts, photos, refused] = await Promise.all([pendingActs(store), allPhotos(store), needAttention(store)]);
  const troubled = photos.filter((photo) => ["damaged", "refused"].includes(photo.state));
  const groups = await byVisit(acts, photos.filter((photo) => photo.state === "waiting"));
  return {
    title: t("待发"),
    aside: html`<button type="button" class="chip" @click=${() => exportAll(shell)}>${t("导出")}</button>`,
    live: true,
    template: html`${summary(syncState())}${problem(syncState())}${await troubles(refused, troubled, shell)}
      ${groups.map(groupCard)}${diagnostics(shell)}
      <p class="tiny">${lastText(syncState())}</p>`,
    foot: html`<a class="btn" href="#/phone">${t("这部手机")}</a>
      <button type="button" class="btn main" aria-disabled=${syncState().phase === "sending" ? "true" : "false"} @click=${() => send(shell)}>${syncState().phase === "sending" ? t("正在发送…") : t("现在发送")}</button>`,
  };
}

/** The one sentence: may I hand in this phone? */
function summary(state) {
  const { ring, tone, title, text } = verdict(state);
  return html`<section class="card sum" aria-live="polite"><i class="sync ${ring}" aria-hidden="true" ${vars({ "--p": ring === "send" ? 60 : 0 })}></i>
    <div><h2 class=${tone}>${title}</h2><p class="small quiet">${text}</p></div></section>`;
}

function problem({ problem: why, phase, restored }) {
  if (!why && restored) return html`<p class="note">${icon("look")}<span>${t("服务器从备份恢复过，正在重发 %(n)s 项。", { n: restored })}</span></p>`;
  if (!why) return nothing;
  const ways = phase === "paused" ? html`<p><a class="btn small line" href="#/sign-in">${t("去登录")}</a></p>` : nothing;
  return html`<div class="note">${icon("look")}<div class="gap"><p>${why.text || why.code}</p>${ways}</div></div>`;
}

async function troubles(refused, troubled, shell) {
  const cards = [
    ...(await Promise.all(refused.map(async (kept) => refusedCard(kept, shell, { head: await plateOf(kept.visit) })))),
    ...(await Promise.all(troubled.map(photoTrouble))),
  ];
  return cards.length ? html`<section aria-labelledby="h-trouble"><h2 id="h-trouble" class="section-title">${t("需要您处理 %(n)s", { n: cards.length })}</h2><div class="stack">${cards}</div></section>` : nothing;
}

async function photoTrouble(photo) {
  const text = photo.state === "damaged" ? t("这张照片在手机里已损坏，请重拍；原来的不会删除。") : t("服务器不收这张照片：%(why)s", { why: photo.problem?.text ?? photo.problem?.code ?? "" });
  return html`<article class="card trouble"><p>${syncRing("stop")}<b class="grow">${t("照片没有送到")}</b>${await plateOf(photo.visit)}</p><p class="small quiet">${text}</p>
    <div><a class="btn small line" href="#/v/${photo.visit}/photo/${photo.id}">${t("看照片")}</a></div></article>`;
}

async function plateOf(visit) {
  const view = visit && (await visitView(visit));
  return view?.visit ? html`<a href="#/v/${visit}">${plate(view.visit.plate)}</a>` : nothing;
}

async function byVisit(acts, photos) {
  const visits = new Map();
  const of = (visit = "") => visits.get(visit) ?? visits.set(visit, { visit, waiting: [], done: [], photos: [] }).get(visit);
  for (const kept of acts) of(kept.visit)[kept.state === "waiting" ? "waiting" : "done"].push(kept);
  for (const photo of photos) of(photo.visit).photos.push(photo);
  return Promise.all([...visits.values()].map(async (group) => ({ ...group, view: group.visit && (await visitView(group.visit)) })));
}

function groupCard({ visit, waiting, done, photos, view }) {
  const name = view?.visit ? html`<a href="#/v/${visit}">${plate(view.visit.plate)}</a>` : t("这部手机自己的记录");
  return html`<section><div class="car-head"><h2>${name}</h2><span class="small quiet">${view?.visit?.customer_name ?? ""}</span></div>
    <div class="card rows">${kinds(waiting).map(([words, list]) => kindRow(words, list))}${photos.length ? photoRows(photos) : nothing}
      ${done.length ? html`<div class="row">${syncRing("done")}<span class="grow">${t("%(n)s 项", { n: done.length })}</span><span class="small is-ok">${syncWords("done")}</span></div>` : nothing}</div></section>`;
}

function kinds(acts) {
  const found = new Map();
  for (const kept of acts) found.set(commandWords(kept.act), [...(found.get(commandWords(kept.act)) ?? []), kept]);
  return [...found];
}

function kindRow(words, list) {
  return html`<details class="waiting"><summary class="row">${syncRing("wait")}<span class="grow">${words}${list.length > 1 ? ` ${t("%(n)s 条", { n: list.length })}` : ""}</span>
      <span class="small quiet">${syncWords("wait")} · ${ageText(list[0].kept_at)}</span></summary>
    <ul>${list.slice(0, SHOWN).map(({ act, kept_at }) => html`<li class="row"><span class="grow">${aboutAct(act)}</span><span class="tiny">${clock(kept_at)} · #${act.seq}</span></li>`)}
      ${list.length > SHOWN ? html`<li class="row tiny">${t("还有 %(n)s 条", { n: list.length - SHOWN })}</li>` : nothing}</ul></details>`;
}

/** What this one says, short: item, zone, text or name; codes are better than nothing when somebody looks for one entry. */
function aboutAct({ args }) {
  return String(args.text ?? args.item ?? args.zone ?? args.region ?? args.plate ?? args.kind ?? args.reason ?? args.mode ?? "–");
}

function photoRows(photos) {
  return photos.slice(0, SHOWN).map((photo) => {
    const part = photoProgress(photo.id);
    const percent = part === undefined ? undefined : Math.round(part * 100);
    const state = part === undefined ? "wait" : "send";
    return html`<a class="row" href="#/v/${photo.visit}/photo/${photo.id}">${syncRing(state, percent ?? 0)}<span class="grow">${t("照片")} <span class="quiet small">${sizeText(photo.bytes)}</span></span>
      <span class="small ${state === "send" ? "is-qing" : "quiet"}">${syncWords(state, percent)} · ${ageText(photo.kept_at)}</span></a>`;
  }).concat(photos.length > SHOWN ? html`<p class="row tiny">${t("还有 %(n)s 张", { n: photos.length - SHOWN })}</p>` : []);
}

function lastText({ lastAt }) {
  return lastAt ? t("上次联网 %(at)s。收起手机会暂停发送，照片不会丢。", { at: clock(lastAt) }) : t("还没有连上过服务器。记下的都已存好。");
}

async function send(shell) {
  await syncNow();
  shell.announce(verdict(syncState()).title);
  await shell.redraw();
}

async function exportAll(shell) {
  await shell.attempt(() => exportZip(here()));
}
