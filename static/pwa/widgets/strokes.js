// Ink as numbers: what a signature is made of, when it counts, and how it is kept whole when the phone is turned. No DOM.

export const LEAST_POINTS = 20;
export const LEAST_MS = 300;
const MOST_POINTS = 4000; // an act may weigh 200 KB; a name has some hundred points

/** Does this ink count as a signature (decisions.md 12)? "" when it does, else what is missing: points or time. */
export function inkMissing(strokes) {
  const points = strokes.reduce((n, stroke) => n + stroke.length, 0);
  const inked = strokes.reduce((ms, stroke) => ms + (stroke.length ? stroke.at(-1)[2] - stroke[0][2] : 0), 0);
  if (points < LEAST_POINTS) return "points";
  return inked < LEAST_MS ? "time" : "";
}

/** Pad data [{points: [{x, y, time, pressure}]}] as whole numbers [[x, y, t, pressure]] within the pad, t from opening. */
export function toStrokes(data, { width, height, openedMs }) {
  const whole = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
  let last = 0; // ink never runs backwards, whatever the clock of an event says
  const moment = (time) => { last = Math.max(last, whole(time - openedMs, 86_400_000)); return last; };
  const strokes = data.map(({ points }) => points.map((p) =>
    [whole(p.x, width), whole(p.y, height), moment(p.time), whole((p.pressure ?? 0.5) * 1000, 1000)]));
  return thinned(strokes.filter((stroke) => stroke.length));
}

/** The same ink in a pad of another size: one scale for both directions, so that a name keeps its shape; centred. */
export function rescaled(data, from, to) {
  const scale = Math.min(to.width / from.width, to.height / from.height);
  const [dx, dy] = [(to.width - from.width * scale) / 2, (to.height - from.height * scale) / 2];
  return data.map((group) => ({ ...group, points: group.points.map((p) => ({ ...p, x: p.x * scale + dx, y: p.y * scale + dy })) }));
}

function thinned(strokes) {
  const total = strokes.reduce((n, stroke) => n + stroke.length, 0);
  const step = Math.ceil(total / MOST_POINTS);
  return step <= 1 ? strokes : strokes.map((stroke) => stroke.filter((_, n) => n % step === 0 || n === stroke.length - 1));
}
