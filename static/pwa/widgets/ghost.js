// The arrival photo as a ghost at 35 % over the camera, so that the same place is taken from the same side. Tap hides it.

import { html } from "lit-html";
import { t } from "../lib/words.js";
import { askForPicture } from "./camera.js";
import { openSheet } from "./sheet.js";
import { lookThrough } from "./viewfinder.js";

/**
 * Takes one picture with `ghost` (an address, e.g. of a photo's bytes) laid over the view; resolves with the File or Blob, or
 * undefined. Where the page may not look through the camera, the ghost is shown above the button that opens it.
 * before(): what must be kept before a camera opens.
 */
export async function takeWithGhost({ ghost, title, before }) {
  await before?.();
  let taken;
  let hidden = false;
  const seen = await lookThrough({
    now: () => ({ title, hint: t("与接车照片对齐；点画面可隐藏它"), overlay: hidden ? undefined : pictureOf(ghost) }),
    onShot: (file) => { taken = file; return false; },
    onTap: () => { hidden = !hidden; },
  });
  return seen === "unavailable" ? above(ghost, title) : taken;
}

function pictureOf(address) {
  return Object.assign(document.createElement("img"), { src: address, alt: "", className: "ghost" });
}

function above(ghost, title) {
  return openSheet((close) => {
    const take = (album) => async () => close(await askForPicture({ album }));
    return html`<div class="stack"><figure class="stage"><img src=${ghost} alt=${t("接车时的照片")}><figcaption>${t("接车时")}</figcaption></figure>
      <p class="small quiet">${t("从同一边、同样远近再拍一张。")}</p>
      <div class="acts"><button type="button" class="btn" @click=${take(true)}>${t("从相册选")}</button><button type="button" class="btn main" @click=${take(false)}>${t("打开相机")}</button></div></div>`;
  }, { label: title });
}
