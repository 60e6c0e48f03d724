// Every screen but the first, and what they alone need: one file, since whoever opens one soon opens the next, and small files
// pack badly. It is read after the first drawing, so that a tap finds it here.

export { draw as arrival } from "../screens/arrival.js";
export { draw as belongings } from "../screens/belongings.js";
export { draw as damage } from "../screens/damage.js";
export { draw as delivery } from "../screens/delivery.js";
export { draw as handover } from "../screens/handover.js";
export { untilUnlocked } from "../screens/locked.js";
export { draw as order } from "../screens/order.js";
export { draw as outbox } from "../screens/outbox.js";
export { draw as phone } from "../screens/phone.js";
export { safetyChecks } from "../screens/phone_checks.js";
export { draw as photo } from "../screens/photo.js";
export { draw as receipt } from "../screens/receipt.js";
export { draw as shots } from "../screens/shots.js";
export { draw as sign } from "../screens/sign.js";
export { draw as sign_in } from "../screens/sign_in.js";
export { draw as visit } from "../screens/visit.js";
export { draw as walkaround } from "../screens/walkaround.js";
export { drawing } from "../widgets/drawing.js";
export { fetchMissingWith } from "../widgets/photo_view.js";
