// 已受理: what the customer takes away. The QR code leads to the car's own page; it is drawn here and works as soon as its act
// has arrived. The token is only in this phone and in the code (evidence.md D2).

import { html, nothing } from "lit-html";
import { here } from "../commands/here.js";
import { issueLink, revokeLink, tokenOf } from "../commands/status.js";
import { visitView } from "../commands/view.js";
import { kindName } from "../lib/blocks.js";
import { locale, t } from "../lib/words.js";
import { pendingActs } from "../store/acts.js";
import { catalogue } from "../store/catalogue.js";
import { photosOf } from "../store/photos.js";
import { icon } from "../widgets/icon.js";
import { plate } from "../widgets/plate.js";
import { qr } from "../widgets/qr.js";
import { askReason } from "../widgets/reason.js";
import { syncRing, syncWords } from "../widgets/sync_ring.js";
import { promiseText } from "./promise.js";

const SENT = new Set(["sent", "confirmed", "freed"]);

export async function draw(params, shell) {
  const store = here();
  const [view, list] = await Promise.all([visitView(params.visit), catalogue(store)]);
  if (!view?.visit) return { title: t("客户进度码"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const { visit } = view;
  const [link, token] = await ownLink(view);
  const kept = await whereKept(store, view);
  return {
    title: plate(visit.plate),
    back: `#/v/${visit.id}`,
    template: html`<article class="card ticket">${promised(view)}
        ${token ? code(addressOf(list, token), visit, kept.linkDone) : noCode(view, shell)}
        <hr class="cut"><ul class="ticket-facts" aria-label=${t("保存状态")}>${kept.lines.map(line)}</ul></article>
      <p class="small quiet center">${t("时间有变会先告诉您。未经您同意不加钱。")}</p>
      ${kept.busy ? html`<p class="small quiet center">${t("收起手机会暂停发送，照片不会丢；再打开时接着发。")}</p>` : nothing}
      ${link ? html`<button class="btn small line" type="button" @click=${() => replace(view, link, shell)}>${t("给错了人，换一个码")}</button>` : nothing}`,
    foot: html`<button class="btn main" type="button" @click=${() => shell.go("#/")}>${t("接下一辆")}</button>`,
  };
}

function promised({ order, visit }) {
  const at = order?.promised_at ?? visit.promised_at;
  if (visit.state === "released") return html`<p class="label">${t("已交车")}</p>`;
  return at ? html`<p class="label">${t("预计交车")}</p><p class="promise">${promiseText(at)}</p>` : html`<p class="label">${t("交车时间还没定")}</p>`;
}

function code(address, visit, arrived) {
  return html`<div class="qr">${qr(address, t("客户进度页二维码"))}</div>
    <p><b>${t("请%(name)s用微信扫一扫", { name: visit.sender_name ?? visit.customer_name })}</b><br><span class="small quiet">${t("看进度、照片与单据，不用下载，不用登录")}</span></p>
    ${arrived ? nothing : html`<p class="note">${icon("look")}<span>${t("资料还在这部手机上，发出后二维码就打得开。可以先扫下来。")}</span></p>`}`;
}

function noCode({ visit, links }, shell) {
  const make = async () => (await shell.attempt(() => issueLink({ visit: visit.id }))) && shell.redraw();
  const other = links.some((link) => !link.revoked);
  return html`<p>${other ? t("进度码在另一部手机上。需要的话，这里再给一个。") : t("还没有给客户进度码。")}</p>
    <button class="btn main wide" type="button" @click=${make}>${t("给客户进度码")}</button>`;
}

function line({ name, state, percent, words }) {
  return html`<li>${syncRing(state, percent)}<b>${name}</b><span class="small ${state === "done" ? "is-ok" : state === "stop" ? "is-stop" : "quiet"}">${words ?? syncWords(state)}</span></li>`;
}

/** The newest link whose token this phone knows: [row, token], or []. */
async function ownLink({ links }) {
  for (const link of [...links].reverse()) {
    const token = !link.revoked && (await tokenOf(link.id));
    if (token) return [link, token];
  }
  return [];
}

function addressOf(list, token) {
  return `${list?.store?.status_base ?? location.origin}/s/${token}`;
}

/** Where the papers and pictures are: on this phone, or proven on the server. */
async function whereKept(store, view) {
  const [acts, photos] = await Promise.all([pendingActs(store, view.visit.id), photosOf(store, view.visit.id)]);
  const waiting = acts.filter((kept) => kept.state === "waiting").map((kept) => kept.act);
  const stateOf = (yes) => (waiting.some(yes) ? "phone" : "done");
  const lines = view.documents.map((row) => ({
    name: t("%(paper)s已签 · %(code)s", { paper: kindName(row.kind, locale()), code: row.doc_sha256.slice(0, 8).toUpperCase() }),
    state: stateOf((act) => act.command === "document.sign" && act.args.document === row.id),
  }));
  const total = view.photos.filter((photo) => !photo.retracted).length;
  const away = photos.filter((photo) => !SENT.has(photo.state)).length;
  if (total) {
    const state = photos.some((photo) => ["damaged", "refused"].includes(photo.state)) ? "stop" : away ? "wait" : "done";
    lines.push({ name: t("照片 %(n)s 张", { n: total }), state, words: away ? t("还在手机上 %(n)s 张", { n: away }) : undefined });
  }
  return { lines, busy: waiting.length + away > 0, linkDone: !waiting.some((act) => act.command === "status.issue_link") };
}

async function replace(view, link, shell) {
  const reason = await askReason(t("为什么换？"), [t("扫错了人"), t("客户换了手机")]);
  if (!reason) return;
  const visit = view.visit.id;
  const done = await shell.attempt(async () => {
    await revokeLink({ visit, link: link.id, reason });
    return issueLink({ visit });
  });
  if (done) shell.redraw();
}
