import { newId } from "../lib/ids.js";
import { command } from "./here.js";

export const start = command("walkaround.start");
export const answer = command("walkaround.answer");
export const answerZone = command("walkaround.answer_zone");
export const clearAnswer = command("walkaround.clear_answer");
export const resolve = command("walkaround.resolve");
export const skipZone = command("walkaround.skip_zone");
export const skipPhoto = command("walkaround.skip_photo");
export const recordDamage = command("walkaround.record_damage", () => ({ mark: newId() }));
export const retractDamage = command("walkaround.retract_damage");
export const compareMark = command("walkaround.compare_mark");
export const recordBelonging = command("walkaround.record_belonging", () => ({ belonging: newId() }));
export const retractBelonging = command("walkaround.retract_belonging");
