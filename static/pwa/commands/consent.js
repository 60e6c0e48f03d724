import { command } from "./here.js";

export const record = command("consent.record");
