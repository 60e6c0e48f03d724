// The sender: acts, then photos, then what others did, then the proof. One round at a time, at most half a minute long;
// what stops it is said in state.js, and it comes back by itself (offline.md 3.4, 3.10).

import { ApiError, NoNetwork } from "../lib/http.js";
import { offsetMs, setOffset } from "../lib/clock.js";
import { t } from "../lib/words.js";
import { purgeArchive } from "../store/acts.js";
import { forgetCatalogue } from "../store/catalogue.js";
import { note } from "../store/log.js";
import { getMetas, setMeta } from "../store/meta.js";
import { dropUnfinished, freeSpace } from "../store/photos.js";
import { dropOld } from "../store/rows.js";
import { Later, pushActs } from "./acts.js";
import { listen } from "./bell.js";
import { handIn } from "./heads.js";
import { alone } from "./lease.js";
import { proveVisits } from "./manifest.js";
import { pushPhotos } from "./photos.js";
import { pullCatalogue, pullChanges } from "./pull.js";
import { forgetState, recount, setState, syncState } from "./state.js";
import { obeyWipe } from "./wipe.js";

const ROUND = 30_000;
const AFTER_WRITE = 1_000;
const IN_FRONT = 30_000;
const LONGEST_WAIT = 300_000;
const DAY = 86_400_000;

let sending;

/** Sends for this person from now on, and nobody else. */
export function startSending(store) {
  stop();
  sending = new Sender(store);
  sending.start();
}

/** Now, whatever the waiting time: somebody tapped. Resolves when the round is over. */
export async function syncNow() {
  await sending?.now();
}

export function stop() {
  sending?.stop();
  sending = undefined;
  forgetState();
}

class Sender {
  #store;
  #timer;
  #round;
  #stops = [];
  #stopped = false;
  #failures = 0;
  #due = 0;
  #again = false;
  #counting;

  constructor(store) {
    this.#store = store;
  }

  start() {
    this.#stops.push(listen("kept", () => { this.#countSoon(); this.#soon(AFTER_WRITE); }));
    this.#stops.push(listen("catalogue", ({ elsewhere }) => elsewhere && forgetCatalogue(this.#store)));
    if (typeof window !== "undefined") this.#watchPage();
    getMetas(this.#store, ["offset"]).then(({ offset }) => offsetMs() || setOffset(offset ?? 0)).catch(() => {});
    this.#count();
    this.#soon(0);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#counting);
    for (const end of this.#stops) end();
  }

  /** A round of its own: one that is under way may have passed what is wanted. */
  async now() {
    this.#failures = 0;
    await this.#round;
    await this.#run();
  }

  #watchPage() {
    const now = () => { if (document.visibilityState === "visible") { this.#failures = 0; this.#soon(0); } };
    for (const [target, event] of [[window, "online"], [window, "pageshow"], [document, "visibilitychange"]]) {
      target.addEventListener(event, now);
      this.#stops.push(() => target.removeEventListener(event, now));
    }
    const beat = setInterval(() => { if (document.visibilityState === "visible" && !this.#failures) this.#soon(0); }, IN_FRONT);
    this.#stops.push(() => clearInterval(beat));
  }

  /** At the latest in `ms`; a nearer appointment stays. Node may end while it waits. */
  #soon(ms) {
    if (this.#stopped || (this.#timer && this.#due <= Date.now() + ms)) return;
    if (this.#failures && ms === AFTER_WRITE && this.#timer) return;
    clearTimeout(this.#timer);
    this.#due = Date.now() + ms;
    this.#timer = setTimeout(() => {
      this.#again = Boolean(this.#round); // the one under way may have passed what is wanted
      this.#run();
    }, ms);
    this.#timer.unref?.();
  }

  #run() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#round ??= this.#guarded().finally(() => { this.#round = undefined; });
    return this.#round;
  }

  async #guarded() {
    try {
      const more = await alone(this.#store, (beat) => this.#cycle(beat));
      if (more !== undefined) this.#failures = 0;
      if (more) this.#soon(0);
    } catch (why) {
      await this.#explain(why);
    }
    await this.#count();
    if (this.#again) this.#soon(0);
    this.#again = false;
  }

  /** One round. Returns true when there is more to do at once. */
  async #cycle(beat) {
    const store = this.#store;
    const until = Date.now() + ROUND;
    const go = () => !this.#stopped && Date.now() < until;
    const { token, kept_house_at = 0 } = await getMetas(store, ["token", "kept_house_at"]);
    if (!token) throw new ApiError(401, { code: "phone.signed_out" });

    setState({ phase: "sending", problem: undefined });
    const acts = await attempt(() => pushActs(store, go));
    await beat();
    await this.#count();
    if (!(acts instanceof Error)) await pushPhotos(store, go);
    else if (!(acts instanceof Later)) throw acts;
    await beat();
    await pullCatalogue(store);
    const { done, back } = await pullChanges(store, go);
    await beat();
    if (acts instanceof Later) throw acts;
    const left = await recount(store).then(() => syncState().acts + syncState().photos);
    const differ = done && !back && !left ? await proveVisits(store, go) : 0;
    await setMeta(store, { offset: offsetMs(), last_at: Date.now(), stopped: undefined });
    if (Date.now() - kept_house_at > DAY) await this.#keepHouse();
    await this.#count();
    if (differ) throw new Later(t("服务器上还缺一些内容，正在核对，稍后自动重发"));
    setState({ phase: "idle", problem: undefined });
    return back || !done || (syncState().acts + syncState().photos > 0 && !go());
  }

  async #keepHouse() {
    const { epoch, watermark } = await getMetas(this.#store, ["epoch", "watermark"]);
    await purgeArchive(this.#store, { watermark });
    await dropUnfinished(this.#store);
    await dropOld(this.#store);
    await freeSpace(this.#store, { epoch, watermark });
    await handIn(this.#store);
    await setMeta(this.#store, { kept_house_at: Date.now() });
  }

  /** Says what stopped the round and when it is tried again. */
  async #explain(why) {
    if (this.#stopped) return;
    const { phase, problem, retry } = this.#reading(why);
    if (phase === "revoked") await setMeta(this.#store, { stopped: true });
    setState({ phase, problem });
    if (why.facts?.wipe) return (await obeyWipe(this.#store).catch(() => false)) ? this.stop() : this.#soon(AFTER_WRITE);
    if (phase !== "offline") await note(this.#store, "round.stopped", { code: problem.code });
    if (!retry) return;
    this.#failures++;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** (this.#failures - 1)) * (0.5 + Math.random() / 2);
    this.#soon(Math.max(wait, (why.retryAfter ?? 0) * 1000));
  }

  #reading(why) {
    const problem = { code: why.code ?? why.name, text: why.text ?? why.message };
    if (why instanceof NoNetwork) return { phase: "offline", problem: { code: "offline", text: t("没有连上服务器，内容都在手机上，连上后自动发送") }, retry: true };
    if (why.status === 401) return { phase: "paused", problem: { code: "signed_out", text: t("请重新登录，登录后继续发送") } };
    if (why.code === "device_revoked") return { phase: "revoked", problem };
    if (why.name === "NotSaved") return { phase: "waiting", problem, retry: true };
    return { phase: "waiting", problem: problem.text ? problem : { ...problem, text: t("服务器暂时收不了，稍后自动重发") }, retry: true };
  }

  /** Twenty taps in a row are counted once. */
  #countSoon() {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      this.#count();
    }, 120);
    this.#counting.unref?.();
  }

  async #count() {
    if (this.#stopped) return;
    try {
      await recount(this.#store);
    } catch {
      // Storage is in trouble; whoever writes next hears it.
    }
  }
}

async function attempt(work) {
  try {
    return await work();
  } catch (why) {
    return why;
  }
}
