// The phone's clock in the model: it goes on by itself, can be set, and its alarms ring only when the schedule lets time pass.

const trueNow = Date.now.bind(Date);
const TrueDate = Date;
let offset = 0;
let alarms = [];

globalThis.Date = class Date extends TrueDate {
  constructor(...args) {
    if (args.length) super(...args);
    else super(trueNow() + offset);
  }
  static now() { return trueNow() + offset; }
};

class Alarm {
  constructor(fn, ms, args, every) {
    Object.assign(this, { fn, ms: Math.max(0, Number(ms) || 0), args, every });
    this.refresh();
  }
  refresh() {
    this.left = this.ms;
    if (!alarms.includes(this)) alarms.push(this);
    return this;
  }
  close() { alarms = alarms.filter((one) => one !== this); }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return false; }
}

globalThis.setTimeout = (fn, ms, ...args) => new Alarm(fn, ms, args, false);
globalThis.setInterval = (fn, ms, ...args) => new Alarm(fn, ms, args, true);
globalThis.clearTimeout = globalThis.clearInterval = (alarm) => alarm?.close?.();

/** Somebody sets the clock; no alarm rings for that. */
export function setClock(ms) {
  offset = ms;
}

export function clockOffset() {
  return offset;
}

/** A phone that was closed rings no more. */
export function noAlarms() {
  alarms = [];
}

/** Time passes; what is due rings, in order, and time waits until what it woke is quiet(): the road is fast, not the clock. */
export async function pass(ms, quiet) {
  let left = ms;
  for (let next = due(left); next; next = due(left)) {
    const step = next.left;
    left -= step;
    offset += step;
    for (const alarm of alarms) alarm.left -= step;
    if (next.every) next.left = next.ms || 1;
    else next.close();
    next.fn(...next.args);
    await quiet();
  }
  offset += left;
  for (const alarm of alarms) alarm.left -= left;
}

function due(left) {
  return alarms.filter((alarm) => alarm.left <= left).sort((a, b) => a.left - b.left)[0];
}
