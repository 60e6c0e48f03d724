// The shape to fill for a guided shot: our own line drawings, under the grid or over the live picture.

import { drawing } from "./drawing.js";

/** The drawing's node. mirrored: for the other side of the car. */
export async function silhouette(art, mirrored = false) {
  const node = await drawing(`shot-${art}`);
  node.setAttribute("aria-hidden", "true");
  node.classList.add("silhouette");
  node.classList.toggle("mirrored", mirrored);
  return node;
}
