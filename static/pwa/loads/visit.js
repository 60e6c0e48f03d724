// A car's arrival and its own page, and the pages about this phone.

export * as arrival from "../screens/arrival.js";
export * as outbox from "../screens/outbox.js";
export * as phone from "../screens/phone.js";
export * as phone_checks from "../screens/phone_checks.js";
export * as sign_in from "../screens/sign_in.js";
export * as visit from "../screens/visit.js";
