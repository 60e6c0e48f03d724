import { newId } from "../lib/ids.js";
import { command } from "./here.js";

export const add = command("concern.add", () => ({ concern: newId() }));
export const retract = command("concern.retract");
