// Arrows, circles, a pen and words over a photo: a layer of vectors in 0..10000; the photo under it never changes.

import { html, nothing, svg } from "lit-html";
import { t } from "../lib/words.js";
import { icon } from "./icon.js";

export const TOOLS = [["circle", () => t("圈")], ["arrow", () => t("箭头")], ["line", () => t("线")], ["text", () => t("文字")]];
const MOST_POINTS = 200;

/** The layer alone. shapes: [{kind, points: [[x, y]…], text}]; ratio: width / height of the photo. */
export function layer(shapes, ratio = 4 / 3, listeners = {}) {
  const height = 1000 / ratio;
  const at = ([x, y]) => [x / 10, (y / 10_000) * height];
  const words = shapes.length ? t("标注 %(n)s 处", { n: shapes.length }) : nothing;
  return html`<svg class="markup" viewBox="0 0 1000 ${height}" preserveAspectRatio="none" role=${shapes.length ? "img" : nothing} aria-label=${words}
    @pointerdown=${listeners.down ?? nothing} @pointermove=${listeners.move ?? nothing} @pointerup=${listeners.up ?? nothing} @pointercancel=${listeners.up ?? nothing}>
    ${shapes.map((shape) => drawn(shape, at))}</svg>`;
}

/**
 * The layer to draw on. state: {shapes, tool, making}, kept by the screen; changed() after every stroke's move; done() when a
 * shape is finished; askText() resolves with words.
 */
export function markupPad(state, ratio, { changed, done, askText }) {
  const point = (event) => {
    const frame = event.currentTarget.getBoundingClientRect();
    const share = (value, from, size) => Math.min(10_000, Math.max(0, Math.round(((value - from) / size) * 10_000)));
    return [share(event.clientX, frame.x, frame.width), share(event.clientY, frame.y, frame.height)];
  };
  const down = async (event) => {
    if (!state.tool) return;
    const first = point(event);
    if (state.tool === "text") return words(state, first, { askText, done });
    event.currentTarget.setPointerCapture(event.pointerId);
    state.making = { kind: state.tool, points: [first, first] };
    changed();
  };
  const move = (event) => {
    if (!state.making) return;
    extend(state.making, point(event));
    changed();
  };
  const up = () => {
    const made = state.making;
    state.making = undefined;
    if (made && large(made)) state.shapes = [...state.shapes, made];
    if (made) done();
  };
  return layer(state.making ? [...state.shapes, state.making] : state.shapes, ratio, { down, move, up });
}

/** The row of tools; pick(tool), undo(). */
export function toolbar(state, { pick, undo }) {
  return html`<div class="tools" role="toolbar" aria-label=${t("标注工具")}>
    ${TOOLS.map(([tool, words]) => html`<button type="button" class="btn" aria-pressed=${state.tool === tool ? "true" : "false"} @click=${() => pick(tool)}>${words()}</button>`)}
    <button type="button" class="btn" aria-label=${t("撤销一步")} ?disabled=${!state.shapes.length} @click=${undo}>${icon("undo")}</button></div>`;
}

async function words(state, at, { askText, done }) {
  const text = await askText();
  if (!text) return;
  state.shapes = [...state.shapes, { kind: "text", points: [at], text }];
  done();
}

function extend(shape, at) {
  if (shape.kind !== "line") shape.points = [shape.points[0], at];
  else if (shape.points.length < MOST_POINTS && far(shape.points.at(-1), at, 60)) shape.points.push(at);
}

function large({ kind, points }) {
  return kind === "line" ? points.length > 2 : far(points[0], points[1], 150);
}

function far([ax, ay], [bx, by], least) {
  return Math.hypot(ax - bx, ay - by) > least;
}

/** Every stroke twice: white below, so that it is seen on any paint. */
function drawn(shape, at) {
  const path = { circle: circlePath, arrow: arrowPath, line: linePath }[shape.kind];
  if (path) return svg`<path class="under" d=${path(shape.points.map(at))}/><path class="over" d=${path(shape.points.map(at))}/>`;
  const [x, y] = at(shape.points[0]);
  return svg`<text class="under" x=${x} y=${y}>${shape.text}</text><text x=${x} y=${y}>${shape.text}</text>`;
}

function circlePath([[ax, ay], [bx, by]]) {
  const [rx, ry] = [Math.abs(bx - ax) / 2, Math.abs(by - ay) / 2];
  const [left, middle] = [Math.min(ax, bx), (ay + by) / 2];
  return `M${left} ${middle}a${rx} ${ry} 0 1 0 ${rx * 2} 0a${rx} ${ry} 0 1 0 ${-rx * 2} 0`;
}

function arrowPath([[ax, ay], [bx, by]]) {
  const turn = Math.atan2(by - ay, bx - ax);
  const size = Math.min(48, Math.hypot(bx - ax, by - ay) / 2);
  const side = (angle) => `${bx - size * Math.cos(turn + angle)} ${by - size * Math.sin(turn + angle)}`;
  return `M${ax} ${ay}L${bx} ${by}M${side(0.5)}L${bx} ${by}L${side(-0.5)}`;
}

function linePath(points) {
  return `M${points.map((point) => point.join(" ")).join("L")}`;
}
