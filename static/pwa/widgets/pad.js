// The pad: full screen and lying on its side, paper in both themes. Strokes are kept as vectors; turning the phone redraws
// them. Nothing scrolls, nothing zooms, and nothing but 返回 and 完成签字 leads out.

import { html, nothing, render } from "lit-html";
import SignaturePad from "signature_pad";
import { now, toWire } from "../lib/clock.js";
import { t } from "../lib/words.js";
import { inkMissing, rescaled, toStrokes } from "./strokes.js";

const PEN = { penColor: "#10141f", minWidth: 1.1, maxWidth: 3.2, minDistance: 1, throttle: 0 };

/**
 * Opens the pad. facts: {signer, title, total, revision, code, statement}. Returns {signed, close(reason)}: signed resolves
 * with {strokes, width, height, opened_at, signed_at}, or {closed: reason} when it was left ("back") or taken away.
 */
export function openPad(facts) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "padwrap" });
  dialog.setAttribute("aria-label", t("签字"));
  const opened = now();
  const state = { opened, openedMs: Date.now(), size: undefined, pad: undefined, words: "" };
  let settle;
  const signed = new Promise((resolve) => { settle = resolve; });

  const draw = () => render(content(facts, state, { back: () => close("back"), again, finish }), dialog);
  const close = (reason) => end({ closed: reason });
  const again = () => {
    state.pad.clear();
    state.words = "";
    draw();
  };
  const finish = () => {
    const strokes = toStrokes(state.pad.toData(), { ...state.size, openedMs: state.openedMs });
    state.words = missingWords(inkMissing(strokes));
    if (state.words) return draw();
    end({ strokes, ...state.size, opened_at: toWire(opened), signed_at: toWire(now()) });
  };
  const fit = () => fitPad(dialog, state);
  const end = (result) => {
    removeEventListener("resize", fit);
    removeEventListener("hashchange", leave);
    state.pad?.off();
    if (dialog.open) dialog.close();
    dialog.remove();
    settle(result);
  };
  const leave = () => close("back");

  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close("back"); });
  dialog.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  addEventListener("resize", fit);
  addEventListener("hashchange", leave);
  document.body.append(dialog);
  draw();
  dialog.showModal();
  const canvas = dialog.querySelector("canvas");
  state.pad = new TurnedPad(canvas, PEN);
  state.pad.addEventListener("beginStroke", () => canvas.classList.add("inked"));
  state.pad.addEventListener("endStroke", () => { state.words = ""; draw(); });
  fit();
  return { signed, close };
}

/** signature_pad on a canvas that may lie on its side, fed with every point that the screen has seen between two frames. */
class TurnedPad extends SignaturePad {
  turned = false;

  _handlePointerMove(event) {
    const between = this._drawingStroke ? (event.getCoalescedEvents?.() ?? []).slice(0, -1) : [];
    for (const one of between) {
      if (this._allowPointerId(one)) this.#at(one, () => this._strokeUpdate(this._pointerEventToSignatureEvent(one)));
    }
    this.#at(event, () => super._handlePointerMove(event));
  }

  _createPoint(x, y, pressure) {
    const point = super._createPoint(x, y, pressure);
    const box = this.canvas.getBoundingClientRect();
    if (this.turned) Object.assign(point, { x: y - box.top, y: box.right - x });
    if (this.moment) point.time = Math.round(this.moment);
    return point;
  }

  #at(event, act) {
    this.moment = performance.timeOrigin + event.timeStamp;
    act();
    this.moment = undefined;
  }
}

/** The canvas as large as its place, at the screen's own resolution; the ink that is there is drawn again. */
function fitPad(dialog, state) {
  const { pad } = state;
  const canvas = dialog.querySelector("canvas");
  pad.turned = innerHeight > innerWidth;
  dialog.classList.toggle("turned", pad.turned);
  const size = { width: Math.round(canvas.clientWidth), height: Math.round(canvas.clientHeight) };
  const before = pad.toData();
  const ink = state.size ? rescaled(before, state.size, size) : before;
  const ratio = Math.max(devicePixelRatio || 1, 1);
  Object.assign(canvas, { width: size.width * ratio, height: size.height * ratio });
  canvas.getContext("2d").scale(ratio, ratio);
  state.size = size;
  pad.fromData(ink);
}

function content({ signer, title, total, revision, code, statement }, state, act) {
  return html`<div class="pad-turn"><header><p>${t("%(name)s 签署", { name: signer })} <b>${title}${total ? ` ${total}` : ""}</b></p>
      <p class="pad-code">${t("第 %(n)s 版 · 校验码 %(code)s", { n: revision, code })}</p></header>
    <div class="ink"><canvas role="img" aria-label=${t("签字区")}></canvas><p class="pad-hint">${t("请横过手机，用手指签在线上")}</p></div>
    <footer><p role="status" class=${state.words ? "pad-missing" : ""}>${state.words || statement}</p>
      <button type="button" class="btn line" @click=${act.back}>${t("返回")}</button>
      <button type="button" class="btn line" @click=${act.again}>${t("重签")}</button>
      <button type="button" class="btn main" @click=${act.finish}>${t("完成签字")}</button></footer>${nothing}</div>`;
}

function missingWords(missing) {
  if (missing === "points") return t("笔画太少，请签上您的姓名。");
  return missing === "time" ? t("签得太快，请慢一点再签一遍。") : "";
}
