// Every screen but the first, and what they alone need: one file, since whoever opens one soon opens the next, and small files
// pack badly. It is read after the first drawing, so that a tap finds it here.

export * as arrival from "../screens/arrival.js";
export * as belongings from "../screens/belongings.js";
export * as damage from "../screens/damage.js";
export * as delivery from "../screens/delivery.js";
export * as handover from "../screens/handover.js";
export * as order from "../screens/order.js";
export * as outbox from "../screens/outbox.js";
export * as phone from "../screens/phone.js";
export * as phone_checks from "../screens/phone_checks.js";
export * as photo from "../screens/photo.js";
export * as receipt from "../screens/receipt.js";
export * as shots from "../screens/shots.js";
export * as sign from "../screens/sign.js";
export * as sign_in from "../screens/sign_in.js";
export * as visit from "../screens/visit.js";
export * as walkaround from "../screens/walkaround.js";
export { drawing } from "../widgets/drawing.js";
export { fetchMissingWith } from "../widgets/photo_view.js";
