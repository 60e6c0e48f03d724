// Whose work this is: opens their database, starts sending, and says so when the phone's storage fails.

import { html } from "lit-html";
import { useStore } from "./commands/here.js";
import { forgetViews } from "./commands/view.js";
import { t } from "./lib/words.js";
import { comeBack, whoIsHere } from "./outbox/enrol.js";
import { pictureOf } from "./outbox/photos.js";
import { startSending, stop } from "./outbox/sender.js";

let open; // {store, user} of whoever works here now

/** The person at work, or undefined when nobody is signed in. Throws NotSaved when their database will not open. */
export async function enter(banners) {
  const user = await whoIsHere();
  if (open && user && open.user.store === user.store && open.user.staff === user.staff) return (open.user = user);
  leave();
  if (!user) return undefined;
  const store = await comeBack(user);
  store.onLost((why) => banners.set("store", loud(why.text)));
  store.onBlocked((why) => banners.set("store", loud(why.text)));
  store.onUpdate(() => banners.set("store", loud(t("新版本已就绪，请重新打开本应用。"))));
  useStore(store);
  open = { store, user };
  startSending(store);
  import("./loads/rest.js").then(({ fetchMissingWith }) =>
    fetchMissingWith(async (photo, size) => (await pictureOf(store, photo, size === "thumb" ? "thumb" : "view")).bytes)).catch(() => {});
  return user;
}

function leave() {
  if (!open) return;
  stop();
  open.store.close();
  useStore(undefined);
  forgetViews();
  open = undefined;
}

function loud(text) {
  return html`<div class="banner stop" role="alert"><p><b>${text}</b></p><button class="btn small line" type="button" @click=${() => location.reload()}>${t("重新打开")}</button>
    <a class="btn small line" href="/lane/rescue.html">${t("救援页")}</a></div>`;
}
