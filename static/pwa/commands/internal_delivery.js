import { command } from "./here.js";

export const start = command("internal_delivery.start");
export const answer = command("internal_delivery.answer");
export const answerZone = command("internal_delivery.answer_zone");
export const clearAnswer = command("internal_delivery.clear_answer");
