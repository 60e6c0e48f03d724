// 请客户过目: the phone is turned to the customer. One document after the other, each read to its end, then the pad. What is
// shown is read back from the bytes that will be kept; when the visit changes under the pad, the pad closes and says so.

import { html, nothing } from "lit-html";
import { refuse, sign } from "../commands/document.js";
import { sumsOf } from "../commands/papers.js";
import { issueLink, tokenOf } from "../commands/status.js";
import { onChange } from "../commands/view.js";
import { amount, docToBlocks, kindName } from "../lib/blocks.js";
import { locale, t } from "../lib/words.js";
import { documentView, marksToTick } from "../widgets/document.js";
import { icon } from "../widgets/icon.js";
import { look, setLook } from "../widgets/look.js";
import { openPad } from "../widgets/pad.js";
import { plate } from "../widgets/plate.js";
import { loadSigning, signedDoc, stillTrue } from "./sign_data.js";
import { otherWays } from "./sign_other.js";

const RELATIONS = {
  owner: () => t("车主本人"), family: () => t("家属"), driver: () => t("司机"), company: () => t("单位经办人"), other: () => t("受托人"),
};
let watching;

export async function draw(params, shell) {
  const state = shell.state;
  state.done ??= [];
  const facts = await loadSigning(params.visit, state);
  const { view, due } = facts;
  if (!view?.visit) return { title: t("签字"), template: html`<p class="card empty">${t("这辆车的资料还没有到这部手机。联网后再打开。")}</p>` };
  const page = { still: true, head: head(view, shell), ready: () => watch(params.visit, shell), leave: () => unwatch(state) };
  if (!due.length) return { ...page, ...(state.done.length ? handBack(facts, shell) : nothingDue(facts, shell)) };
  state.signer ??= view.visit.sender_name ?? view.visit.customer_name;
  state.relation ??= view.visit.sender;
  const blocks = docToBlocks(facts.sealed.doc);
  requestAnimationFrame(() => watchEnd(state, shell));
  return { ...page, sitting: true, template: reading(facts, blocks, shell), foot: foot(facts, blocks, shell) };
}

function head({ visit }, shell) {
  const elder = () => { setLook({ elder: !look().elder }); shell.redraw(); };
  return html`<header class="head"><button class="btn icon" type="button" aria-label=${t("返回")} @click=${() => shell.back(`#/v/${visit.id}/order`)}>${icon("back")}</button>
    <h1>${plate(visit.plate)}</h1><button class="chip" type="button" aria-pressed=${look().elder} @click=${elder}>${t("大字")}</button></header>`;
}

function reading({ store, view, due, kind, sealed }, blocks, shell) {
  const { state } = shell;
  const all = state.done.length + due.length;
  const tick = (mark, seen) => {
    if (seen) state.ticks.add(mark);
    else state.ticks.delete(mark);
    shell.redraw();
  };
  return html`${all > 1 ? html`<p class="sign-step small quiet">${t("请您过目 · 第 %(n)s 份，共 %(all)s 份", { n: state.done.length + 1, all })}</p>` : nothing}
    ${state.changed ? html`<div class="note" role="alert">${icon("look")}<p><b>${t("单据有变动")}</b><br>${t("内容和刚才不同了，请重新过目后再签。")}</p></div>` : nothing}
    ${state.unsaved ? html`<div class="note" role="alert">${icon("look")}<p><b>${t("签字还没有存下")}</b><br>${t("笔迹还在，不用重签。请先腾出手机空间，再点“再存一次”。")}</p></div>` : nothing}
    ${documentView(blocks, { store, code: sealed.code, ticks: state.ticks, onTick: asksForTicks(kind) ? tick : undefined })}
    <span id="doc-end" aria-hidden="true"></span>
    ${view.consent?.signature === false ? paperNote() : signerCard(shell, kind)}`;
}

function signerCard({ state, redraw }, kind) {
  const pick = (value) => () => { state.relation = value; redraw(); };
  return html`<section class="card sign-who"><div class="field"><label class="label" for="signer">${t("签字人姓名")}</label>
      <input class="input" id="signer" maxlength="40" autocomplete="off" .value=${state.signer} @change=${(event) => { state.signer = event.target.value.trim(); redraw(); }}></div>
    <fieldset class="field"><legend class="label">${t("与车主的关系")}</legend><div class="pick">${Object.entries(RELATIONS).map(([value, words]) => html`<label>
      <input type="radio" name="relation" value=${value} .checked=${state.relation === value} @change=${pick(value)}><span>${words()}</span></label>`)}</div>
      ${state.relation === "other" ? html`<p class="small is-look">${t("受托人签字，请在照片里拍下授权书。")}</p>` : nothing}</fieldset>
    ${kind === "refusal_statement" ? html`<p class="field small">${t("这份声明只针对上面的安全项，不影响其他项目。")}</p>` : nothing}</section>`;
}

function paperNote() {
  return html`<div class="note">${icon("look")}<p><b>${t("客户不同意采集手写签名")}</b><br>${t("请在台前打印纸质单据签字，这里只记下“改签纸质”。")}</p></div>`;
}

function foot({ view, kind, sealed }, blocks, shell) {
  const { state } = shell;
  const left = (asksForTicks(kind) ? marksToTick(blocks) : []).filter((mark) => !state.ticks.has(mark));
  const others = html`<button class="btn" type="button" @click=${() => leaveOtherwise(view, sealed, shell)}>${t("有异议")}</button>`;
  const main = (words, act, wait) => html`${others}<button class="btn main ${wait ? "wait" : ""}" type="button" @click=${act}>${words}</button>`;
  if (state.unsaved) return main(t("再存一次"), () => keep(state.unsaved, shell));
  if (!state.read) return main(t("请往下看到最后"), scrollOn, true);
  if (view.consent?.signature === false) return main(t("已改签纸质"), () => onPaper(view, sealed, shell));
  if (left.length) return main(t("再确认 %(n)s 处后签字", { n: left.length }), () => showMark(left[0]), true);
  if (!state.signer) return main(t("填写签字人姓名后签字"), () => document.getElementById("signer").focus(), true);
  return main(t("签字：%(paper)s", { paper: kindName(kind, locale()) }), () => takeSignature(view, sealed, shell));
}

/** At handover each mark was just compared on the car itself; asking twice would teach blind tapping. */
function asksForTicks(kind) {
  return kind === "pre_inspection";
}

async function takeSignature(view, sealed, shell) {
  const { state } = shell;
  const { doc, code } = sealed;
  const total = doc.kind === "work_order" ? `¥${amount(doc.totals.total_fen)}` : "";
  const marks = doc.marks?.length ?? 0;
  const statement = doc.kind === "work_order" ? t("签字即确认以上项目与费用")
    : marks ? t("签字即确认以上内容与 %(n)s 处已有损伤", { n: marks }) : t("签字即确认以上内容");
  state.pad = openPad({ signer: state.signer, title: kindName(doc.kind, doc.locale), total, revision: doc.revision, code, statement });
  const result = await state.pad.signed;
  state.pad = undefined;
  if (result.closed) return shell.redraw();
  if (!(await stillTrue(view.visit.id, doc))) return shell.redraw();
  const signature = { signer: state.signer, relation: state.relation, consent_sha256: doc.legal.sha256, ...result };
  await keep({ visit: view.visit.id, document: doc.document, kind: doc.kind, revision: doc.revision, doc, signature }, shell);
}

/** Bytes, strokes and act in one transaction. When the phone has no room the ink stays on the screen, to be kept again. */
async function keep(signed, shell) {
  const { state } = shell;
  const done = await shell.attempt(() => sign(signed));
  state.unsaved = done ? undefined : signed;
  if (done) await next(signed.kind, shell, t("%(paper)s已签", { paper: kindName(signed.kind, locale()) }));
  else await shell.redraw();
}

async function onPaper(view, { doc }, shell) {
  const done = await shell.attempt(() => refuse({ visit: view.visit.id, kind: doc.kind, revision: doc.revision, reason: "paper" }));
  if (done) await next(doc.kind, shell, t("已记下改签纸质"));
}

async function leaveOtherwise(view, { doc }, shell) {
  const ended = await otherWays(view, doc, shell);
  if (ended === "back") return;
  if (ended) await next(ended, shell, t("已记下"));
}

async function next(kind, shell, words) {
  shell.state.done.push(kind);
  shell.announce(words);
  shell.buzz();
  scrollTo(0, 0);
  await shell.redraw();
}

function handBack({ view }, shell) {
  const { visit } = view;
  const on = async () => {
    if (visit.state === "settling") return shell.go(`#/v/${visit.id}/handover`, { replace: true });
    if (visit.state === "cancelled") return shell.go("#/", { replace: true });
    if (!view.lines.some((line) => !line.removed)) return shell.go(`#/v/${visit.id}/order`, { replace: true });
    if (!(await ownLink(view)) && !(await shell.attempt(() => issueLink({ visit: visit.id })))) return;
    shell.go(`#/v/${visit.id}/receipt`, { replace: true });
  };
  return {
    sitting: true,
    template: html`<div class="hand-back"><i class="i check" aria-hidden="true"></i><h2 class="title">${t("谢谢您，单据已存好")}</h2>
      <p>${t("请把手机交还服务顾问。")}</p></div>`,
    foot: html`<button class="btn main" type="button" @click=${on}>${t("我是服务顾问，继续")}</button>`,
  };
}

async function ownLink({ links }) {
  for (const link of links) if (!link.revoked && (await tokenOf(link.id))) return link;
  return undefined;
}

function nothingDue({ store, view }, shell) {
  const { visit, documents } = view;
  const open = async (row) => {
    const doc = await signedDoc(store, row);
    const code = `${row.doc_sha256.slice(0, 4)} ${row.doc_sha256.slice(4, 8)}`.toUpperCase();
    if (doc) await shell.sheet(documentView(docToBlocks(doc), { store, code }), { label: kindName(row.kind, locale()), full: true });
    else shell.toast(t("这份单据是在另一部手机上签的，请到台前查看。"));
  };
  const priced = view.lines.some((line) => !line.removed) && sumsOf(view).total_fen >= 0;
  return {
    template: html`<h2 class="title">${documents.length ? t("单据都签好了") : t("现在没有要签的单据")}</h2>
      ${documents.length ? html`<div class="card rows">${documents.map((row) => html`<button class="row tap" type="button" @click=${() => open(row)}>
        <span class="grow">${kindName(row.kind, locale())}<br><span class="small quiet">${t("第 %(n)s 版", { n: row.revision })} · ${row.signer}${row.void_reason ? ` · ${t("已作废")}` : ""}</span></span>
        <code class="tiny">${row.doc_sha256.slice(0, 8).toUpperCase()}</code>${icon("next")}</button>`)}</div>` : nothing}
      ${!documents.length && !view.runs.walkaround ? html`<p class="card empty">${t("先环检，再请客户过目。")}</p>` : nothing}`,
    foot: html`<button class="btn main" type="button" @click=${() => shell.go(`#/v/${visit.id}${priced ? "/receipt" : "/order"}`)}>${priced ? t("客户进度码") : t("去开单")}</button>`,
  };
}

/** Something changed, here or from the server: a pad over a document that is no longer true is taken away. */
function watch(visit, shell) {
  watching?.();
  watching = onChange(visit, async () => {
    const { state } = shell;
    if (state.sealed && !(await stillTrue(visit, state.sealed.doc))) {
      state.pad?.close("changed");
      scrollTo(0, 0);
    }
    if (!state.pad && !document.activeElement?.matches?.("#signer")) shell.redraw();
  });
}

function unwatch(state) {
  watching?.();
  watching = undefined;
  state.end?.disconnect();
  state.pad?.close("left");
}

/** Has the customer had the end of the document before their eyes? A short one fits at once. */
function watchEnd(state, shell) {
  state.end?.disconnect();
  const end = document.getElementById("doc-end");
  if (!end || state.read) return;
  state.end = new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) return;
    state.end.disconnect();
    state.read = true;
    shell.redraw();
  });
  state.end.observe(end);
}

function scrollOn() {
  scrollBy({ top: innerHeight * 0.7, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function showMark(mark) {
  const box = document.querySelector(`[data-mark="${mark}"]`);
  box?.scrollIntoView({ block: "center" });
  box?.focus({ preventScroll: true });
}
