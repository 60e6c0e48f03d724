// Two fingers make a picture up to four times as large; then one finger (or the scroll bar, or the arrow keys) moves it.

import { Directive, directive } from "lit-html/directive.js";
import { setVars } from "./vars.js";

const MOST = 4;

/** On the box that scrolls; what is inside takes its width from --zoom. */
export const pinchable = directive(class extends Directive {
  render() {}

  update(part) {
    if (this.box === part.element) return;
    this.box = part.element;
    listen(part.element);
  }
});

/** Larger or smaller by a factor, keeping the middle (or the given point) where it is. */
export function zoomBy(box, factor, { x = box.clientWidth / 2, y = box.clientHeight / 2 } = {}) {
  const before = Number(box.style.getPropertyValue("--zoom")) || 1;
  const zoom = Math.min(MOST, Math.max(1, before * factor));
  const [left, top] = [(box.scrollLeft + x) / before, (box.scrollTop + y) / before];
  setVars(box, { "--zoom": zoom });
  box.classList.toggle("zoomed", zoom > 1);
  box.scrollTo(left * zoom - x, top * zoom - y);
}

function listen(box) {
  const fingers = new Map();
  let apart = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  box.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) apart = spread().distance;
  });
  box.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event);
    if (fingers.size !== 2) return;
    const { distance, x, y } = spread();
    const frame = box.getBoundingClientRect();
    zoomBy(box, distance / apart, { x: x - frame.x, y: y - frame.y });
    apart = distance;
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) box.addEventListener(end, (event) => fingers.delete(event.pointerId));
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const frame = box.getBoundingClientRect();
    zoomBy(box, event.deltaY < 0 ? 1.2 : 1 / 1.2, { x: event.clientX - frame.x, y: event.clientY - frame.y });
  }, { passive: false });
}
