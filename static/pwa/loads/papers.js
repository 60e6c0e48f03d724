// What is needed at the desk with the customer: the order, the documents, the way back to the owner.

export * as delivery from "../screens/delivery.js";
export * as handover from "../screens/handover.js";
export * as order from "../screens/order.js";
export * as receipt from "../screens/receipt.js";
export * as sign from "../screens/sign.js";
