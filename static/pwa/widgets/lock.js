// Phones pause the network when the screen sleeps: while something is being sent the screen is kept awake, where the phone can.

let held = null;
let wanted = false;

/** Keeps the screen awake, or lets it sleep again. Never fails: it is a courtesy. */
export async function keepAwake(on) {
  wanted = on;
  if (!on) {
    held?.release().catch(() => {});
    held = null;
  } else if (!held && navigator.wakeLock && document.visibilityState === "visible") {
    held = await navigator.wakeLock.request("screen").catch(() => null);
    held?.addEventListener("release", () => { held = null; });
    if (!wanted) keepAwake(false);
  }
}
