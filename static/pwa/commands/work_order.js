import { newId } from "../lib/ids.js";
import { command } from "./here.js";

export const open = command("work_order.open");
export const addJob = command("work_order.add_job", () => ({ line: newId() }));
export const addPart = command("work_order.add_part", () => ({ line: newId() }));
export const discount = command("work_order.discount");
export const removeLine = command("work_order.remove_line");
export const decline = command("work_order.decline");
export const promise = command("work_order.promise");
export const choose = command("work_order.choose");
