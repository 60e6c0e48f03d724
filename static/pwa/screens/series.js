// Guided shots one after the other through the page's own viewfinder: each shutter goes on to the next shape.

import { t } from "../lib/words.js";
import { silhouette } from "../widgets/silhouette.js";
import { lookThrough } from "../widgets/viewfinder.js";

/** shots: in the order to take them; keep(file, shot) and skip(shot) say whether to go on. */
export async function inSeries(shell, shots, { keep, skip }) {
  let at = 0;
  const onward = () => { at += 1; return at < shots.length; };
  const seen = await lookThrough({
    now: async () => ({ title: t("%(name)s（%(at)s / %(all)s）", { name: shots[at].name, at: at + 1, all: shots.length }), hint: shots[at].hint, overlay: await silhouette(shots[at].art, shots[at].mirrored) }),
    onShot: async (file) => ((await keep(file, shots[at])) ? onward() : true),
    onSkip: async () => ((await skip(shots[at])) ? onward() : true),
  });
  if (seen === "unavailable") shell.toast(t("这里打不开取景，请用“拍”按钮打开手机相机"));
}
