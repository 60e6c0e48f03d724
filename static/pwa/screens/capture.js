// From the shutter to "已存本机": intent before the camera, small picture, bytes read back, act kept; only then it counts as saved.

import { here } from "../commands/here.js";
import { add } from "../commands/photo.js";
import { makePicture, PictureRefused } from "../lib/picture.js";
import { t } from "../lib/words.js";
import { dropIntent, intentOf, keepIntent } from "../store/intents.js";
import { askForPicture } from "../widgets/camera.js";

const CAMERA = "camera";
const AGAIN = {
  empty: () => t("这张照片是空的，请重拍"),
  blank: () => t("这张照片是一片单色，请重拍"),
  unreadable: () => t("这部手机读不出这张照片，请重拍"),
  too_large: () => t("这张照片太大，请用普通像素重拍"),
};

/**
 * Takes one photo of `subject` and keeps it; resolves with its act's arguments, or undefined. hash: where to come back to when
 * the system closed the app under the open camera; draft: what else stood on the screen then.
 */
export async function takePhoto(shell, { visit, subject, hash, album = false, draft }) {
  const file = await askForPicture({ album, before: () => keepIntent(here(), CAMERA, { visit, subject, hash, draft }) });
  const kept = file && (await keepPicture(shell, file, { visit, subject }));
  await dropIntent(here(), CAMERA);
  return kept;
}

/** Keeps a picture that is already taken (viewfinder, album). */
export async function keepPicture(shell, file, { visit, subject }) {
  try {
    const made = await makePicture(file);
    const act = await shell.attempt(() => add({ visit, subject, ...made }));
    return act ? act.args : undefined;
  } catch (fault) {
    if (!(fault instanceof PictureRefused)) return shell.attempt(() => { throw fault; });
    shell.buzz([60, 60, 60]);
    await shell.actions([{ label: t("知道了，重拍"), value: true }], { title: AGAIN[fault.code]() });
    return undefined;
  }
}

/** What was about to be photographed of this visit when the app was closed: {hash, subject, draft}, once; or undefined. */
export async function cameraInterrupted(visit, kind) {
  const intent = await intentOf(here(), CAMERA);
  if (intent?.visit !== visit || (kind && intent.subject.kind !== kind)) return undefined;
  await dropIntent(here(), CAMERA);
  return intent;
}

/** The sentence for somebody who comes back to a closed camera. */
export function interruptedWords() {
  return t("拍照时手机关掉了应用，这张没有存下，请再拍一次。之前记下的都在。");
}
