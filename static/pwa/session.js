// Whose work this is: opens their database, starts sending, and says so when the phone's storage fails.

import { html } from "lit-html";
import { useStore } from "./commands/here.js";
import { forgetViews, visitView } from "./commands/view.js";
import { t } from "./lib/words.js";
import { comeBack, whoIsHere } from "./outbox/enrol.js";
import { pictureOf } from "./outbox/photos.js";
import { startSending, stop } from "./outbox/sender.js";

let open; // {store, user} of whoever works here now
let sending;

/**
 * The person at work, or undefined when nobody is signed in. visit: the car that will be shown, read while the rest is made
 * ready. Sending waits for `work`: the screen comes first. Throws NotSaved when their database will not open.
 */
export async function enter(banners, visit) {
  const user = await whoIsHere();
  if (open && user && open.user.store === user.store && open.user.staff === user.staff) return (open.user = user);
  leave();
  if (!user) return undefined;
  const store = await comeBack(user, (begun) => {
    useStore(begun);
    if (visit) visitView(visit).catch(() => {}); // whoever shows it asks again and says what is wrong
  });
  store.onLost((why) => banners.set("store", loud(why.text)));
  store.onBlocked((why) => banners.set("store", loud(why.text)));
  store.onUpdate(() => banners.set("store", loud(t("新版本已就绪，请重新打开本应用。"))));
  open = { store, user };
  return user;
}

/** The screen stands: from now on what is kept here is sent, and pictures that are not here are fetched. */
export function work() {
  const store = open?.store;
  if (!store || sending === store) return;
  sending = store;
  startSending(store);
  import("./loads/rest.js").then(({ fetchMissingWith }) =>
    fetchMissingWith(async (photo, size) => (await pictureOf(store, photo, size === "thumb" ? "thumb" : "view")).bytes)).catch(() => {});
}

function leave() {
  if (!open) return;
  stop();
  sending = undefined;
  open.store.close();
  useStore(undefined);
  forgetViews();
  open = undefined;
}

function loud(text) {
  return html`<div class="banner stop" role="alert"><p><b>${text}</b></p><button class="btn small line" type="button" @click=${() => location.reload()}>${t("重新打开")}</button>
    <a class="btn small line" href="/lane/rescue.html">${t("救援页")}</a></div>`;
}
