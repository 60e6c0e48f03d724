// The person's database that is in use, and the one way in which a screen changes anything.

import { ring } from "../outbox/bell.js";
import { keepAct } from "../store/acts.js";

let current;

/** The database of whoever is signed in; undefined when nobody is. */
export function useStore(store) {
  current = store;
}

export function here() {
  if (!current) throw new Error("nobody is signed in");
  return current;
}

/**
 * Keeps a command on this phone; resolves with the act once it is durable. Arguments that are undefined, null or empty are
 * left out (a plate may be empty). extras: {photo, evidence} belong to the same transaction. Throws NotSaved.
 */
export async function send(command, args, visit, extras) {
  const act = await keepAct(here(), { command, args: withoutEmpty(args), visit }, extras);
  ring("kept", { visit, act });
  return act;
}

/** A function for one command: ({visit, ...args}, extras) → act. ids: arguments that are made here when not given. */
export function command(name, makeIds = () => ({})) {
  return ({ visit, ...args } = {}, extras = undefined) => send(name, { ...makeIds(), ...withoutEmpty(args) }, visit, extras);
}

function withoutEmpty(args = {}) {
  const full = ([key, value]) => value !== undefined && value !== null && (value !== "" || key === "plate");
  return Object.fromEntries(Object.entries(args).filter(full));
}
