// 损伤: place, kind, size, photo, 记下 (RC-05). Marks of the last visit stand there hollow, to be looked at again.

import { html, nothing } from "lit-html";
import { newId } from "../lib/ids.js";
import { named, t } from "../lib/words.js";
import { BESIDE, carMap, middleOfRegion, zoomButtons } from "../widgets/car_map.js";
import { icon } from "../widgets/icon.js";
import { photoImage } from "../widgets/photo_view.js";
import { plate } from "../widgets/plate.js";
import { zoneOfRegion } from "../widgets/walk.js";
import { cameraInterrupted, interruptedWords } from "./capture.js";
import { knownSheet, markSheet } from "./mark_sheet.js";
import { newMarkSheet } from "./new_mark.js";
import { loadWalk, markWords, photosOf } from "./walk_data.js";

export async function draw(params, shell) {
  const walk = await loadWalk(params.visit);
  const back = `#/v/${params.visit}/walk${params.zone ? `/${params.zone}` : ""}`;
  if (!walk?.run) return { title: t("损伤"), back: `#/v/${params.visit}`, template: html`<p class="empty">${t("先开始环检，再记损伤。")}</p>`, foot: html`<a class="btn main" href=${back}>${t("开始环检")}</a>` };
  return { title: html`${plate(walk.visit.plate)} <span class="vh">${t("损伤")}</span>`, back, template: page(walk, shell), foot: foot(walk, shell, back), ready: () => ready(walk, params, shell) };
}

/** A mark named in the address is opened; so is the one that was being photographed when the phone closed the app. */
async function ready(walk, params, shell) {
  const intent = await cameraInterrupted(walk.visit.id, "mark");
  if (intent?.draft) {
    shell.announce(interruptedWords());
    return record(walk, shell, { ...intent.draft, notice: interruptedWords() });
  }
  if (params.mark) openMark(walk, shell, params.mark);
  else if (params.region) pick(walk, shell, params.region);
}

function page(walk, shell) {
  const states = Object.fromEntries((walk.zones ?? []).map((zone) => [zone.id, zone.state]));
  const regions = walk.regions.map((one) => ({ id: one.id, name: named(one), state: states[zoneOfRegion(one.id, walk.regions)] }));
  const beside = walk.regions.filter((one) => BESIDE.includes(one.id) && (one.id !== "battery_pack" || walk.visit.powertrain !== "fuel"));
  const open = walk.known.filter((mark) => !mark.check);
  return html`<div class="map-frame"><p class="key tiny"><span><i></i>${t("本次 %(n)s 处", { n: walk.marks.length })}</span>
      ${walk.known.length ? html`<span><i class="was"></i>${open.length ? t("上次已有 %(n)s 处，待看 %(m)s 处", { n: walk.known.length, m: open.length }) : t("上次已有 %(n)s 处，都看过了", { n: walk.known.length })}</span>` : nothing}</p>
    ${carMap({ body: walk.visit.body, regions, marks: [...discs(walk), ...making(shell.state.draft)], current: shell.state.draft?.region, onRegion: (region, x, y) => record(walk, shell, { region, x, y }), onMark: (id) => openMark(walk, shell, id) })}
    ${zoomButtons()}</div>
    <div class="beside">${beside.map((one) => html`<button type="button" class="btn small line" @click=${() => pick(walk, shell, one.id)}>${named(one)}${countAt(walk, one.id)}</button>`)}</div>
    ${list(walk, shell)}`;
}

function discs(walk) {
  const disc = (mark, old) => {
    const words = markWords(walk.list, mark);
    const said = old ? t("上次已有：%(region)s，%(kind)s，%(size)s", words) : t("%(region)s，%(kind)s，%(size)s", words);
    return { id: mark.id, x: mark.x, y: mark.y, symbol: words.symbol, words: old && !mark.check ? t("%(said)s，待确认", { said }) : said, old, checked: Boolean(mark.check) };
  };
  return [...walk.known.filter((mark) => mark.check?.now !== "gone").map((mark) => disc(mark, true)), ...walk.marks.map((mark) => disc(mark, false))].filter((mark) => mark.y < 9_150);
}

/** The place that is being recorded, while its sheet is open. */
function making(draft) {
  return draft && !BESIDE.includes(draft.region) ? [{ id: draft.mark, x: draft.x, y: draft.y, symbol: "＋", words: t("正在记录"), current: true }] : [];
}

function countAt(walk, region) {
  const n = walk.marks.filter((mark) => mark.region === region).length;
  return n ? html`<b class="is-look"> ${n}</b>` : nothing;
}

function list(walk, shell) {
  const row = (mark, old) => {
    const words = markWords(walk.list, mark);
    const [photo] = photosOf(walk.view, "mark", mark.id);
    const checked = { same: t("一样"), worse: t("变重"), gone: t("没有了") }[mark.check?.now];
    return html`<button type="button" class="row found" @click=${() => openMark(walk, shell, mark.id)}>
      ${photo ? photoImage(walk.store, photo, { alt: t("%(region)s照片", words), look: "thumb" }) : html`<span class="mark-letter ${old ? "old" : ""}">${words.symbol}</span>`}
      <span class="grow"><b>${words.region}</b><br><span class="small ${old ? "quiet" : "is-look"}">${words.kind} ${words.size}${old ? ` · ${checked ?? t("上次已有，待看")}` : ""}</span></span>${icon("next")}</button>`;
  };
  if (!walk.marks.length && !walk.known.length) return html`<p class="quiet center small">${t("还没有记损伤。看到哪里，点车图上的哪里。")}</p>`;
  return html`<div class="card rows">${walk.marks.map((mark) => row(mark, false))}${walk.known.map((mark) => row(mark, true))}</div>`;
}

function foot(walk, shell, back) {
  return html`<button type="button" class="btn" @click=${() => byName(walk, shell)}>${t("按名称选部位")}</button>
    <a class="btn main" href=${back}>${t("回到环检")}</a>`;
}

async function byName(walk, shell) {
  const region = await shell.actions(walk.regions.map((one) => ({ label: named(one), value: one.id })), { title: t("哪个部位？") });
  if (region) pick(walk, shell, region);
}

function pick(walk, shell, region) {
  const { x, y } = middleOfRegion(walk.visit.body, region);
  return record(walk, shell, { region, x, y });
}

async function record(walk, shell, draft) {
  shell.state.draft = { mark: newId(), photos: [], ...draft };
  await shell.redraw();
  await newMarkSheet(walk, shell, shell.state.draft);
  shell.state.draft = undefined;
  await shell.redraw();
}

async function openMark(walk, shell, id) {
  const known = walk.known.find((mark) => mark.id === id);
  const again = await (known ? knownSheet(walk, shell, known) : markSheet(walk, shell, walk.marks.find((mark) => mark.id === id)));
  if (again?.region) return record(await loadWalk(walk.visit.id), shell, again);
  await shell.redraw();
}
