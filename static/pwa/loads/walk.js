// What is needed beside the car: one file, since whoever opens one of these soon opens the next, and small files pack badly.

export * as belongings from "../screens/belongings.js";
export * as damage from "../screens/damage.js";
export * as photo from "../screens/photo.js";
export * as shots from "../screens/shots.js";
export * as walkaround from "../screens/walkaround.js";
