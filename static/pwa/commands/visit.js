import { newId } from "../lib/ids.js";
import { command, send } from "./here.js";

/** Opens a visit under a fresh id (or the one given); resolves with the act, whose `visit` is that id. */
export function open({ visit = newId(), ...args }) {
  return send("visit.open", args, visit);
}
export const describe = command("visit.describe");
export const correct = command("visit.correct");
export const merge = command("visit.merge");
export const markReady = command("visit.mark_ready");
export const release = command("visit.release");
export const cancel = command("visit.cancel");
