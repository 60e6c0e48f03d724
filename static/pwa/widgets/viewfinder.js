// Looking through the camera inside the page, with something laid over it: a shape to fill, or the arrival photo.

import { html, nothing, render } from "lit-html";
import { t } from "../lib/words.js";
import { icon } from "./icon.js";

const WANTED = { audio: false, video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1920 } } };

/**
 * Opens the viewfinder over the screen. now() → {title, hint, overlay: Node, hidden}; onShot(file) and onSkip() resolve true to
 * stay open. onTap() when the picture is touched. Resolves "closed", or "unavailable" where the page may not look through.
 */
export async function lookThrough({ now, onShot, onSkip, onTap }) {
  const stream = await navigator.mediaDevices?.getUserMedia(WANTED).catch(() => undefined);
  if (!stream) return "unavailable";
  const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
  const dialog = document.createElement("dialog");
  dialog.className = "viewfinder";
  document.body.append(dialog);
  const view = { busy: false };
  const draw = async () => render(frame({ ...(await now()), video, ...view }, { shoot, skip: onSkip && skip, close: () => dialog.close(), tap: onTap && (() => { onTap(); draw(); }) }), dialog);
  const step = (act) => async () => {
    if (view.busy) return;
    view.busy = true;
    await draw();
    const stay = await act();
    view.busy = false;
    if (stay) await draw();
    else dialog.close();
  };
  const shoot = step(async () => onShot(await grab(video)));
  const skip = step(() => onSkip());
  const leave = () => dialog.close();
  addEventListener("hashchange", leave);
  await draw();
  dialog.showModal();
  await video.play().catch(() => {});
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  removeEventListener("hashchange", leave);
  for (const track of stream.getTracks()) track.stop();
  dialog.remove();
  return "closed";
}

function frame({ title, hint, overlay, video, busy }, { shoot, skip, close, tap }) {
  return html`<div class="view-head"><button type="button" class="btn icon" aria-label=${t("关闭取景")} @click=${close}>${icon("close")}</button>
      <p role="status"><b>${title}</b>${hint ? html`<br><span class="small">${hint}</span>` : nothing}</p></div>
    <div class="view-picture" @click=${tap ?? nothing}>${video}<div class="view-over">${overlay ?? nothing}</div></div>
    <div class="view-foot">${skip ? html`<button type="button" class="btn" ?disabled=${busy} @click=${skip}>${t("略过")}</button>` : html`<span></span>`}
      <button type="button" class="shutter" aria-label=${t("拍下 %(title)s", { title })} ?disabled=${busy} @click=${shoot}></button>
      <span class="small">${busy ? t("正在存") : nothing}</span></div>`;
}

/** The picture as it stands, at the camera's own size. */
async function grab(video) {
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  canvas.width = 0;
  canvas.height = 0;
  return blob ?? new Blob([]);
}
