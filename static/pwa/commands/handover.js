import { command } from "./here.js";

export const start = command("handover.start");
export const answer = command("handover.answer");
export const answerZone = command("handover.answer_zone");
export const clearAnswer = command("handover.clear_answer");
export const returnBelonging = command("handover.return_belonging");
export const compareMark = command("handover.compare_mark");
export const findDefect = command("handover.find_defect");
