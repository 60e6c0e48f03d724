"""Arrows, circles, lines and words over a photo, as SVG. Twin of static/pwa/widgets/markup.js: places are 0..10000."""

import math
from collections.abc import Sequence
from typing import Any

WIDTH = 1000
Point = tuple[float, float]


def layer(shapes: Sequence[dict[str, Any]], width: int, height: int) -> dict[str, Any]:
    """`{"width", "height", "paths": [d], "words": [(x, y, text)]}` on a sheet as wide as 1000."""
    tall = round(WIDTH * height / max(width, 1)) or 1
    paths, words = [], []
    for shape in shapes:
        points = [(p[0] * WIDTH / 10_000, p[1] * tall / 10_000) for p in shape.get("points", ())]
        if not points:
            continue
        draw = _DRAWN.get(shape.get("kind", ""))
        if draw and len(points) > 1:
            paths.append(draw(points))
        elif shape.get("text"):
            words.append((round(points[0][0], 1), round(points[0][1], 1), shape["text"]))
    return {"width": WIDTH, "height": tall, "paths": paths, "words": words}


def _circle(points: list[Point]) -> str:
    (ax, ay), (bx, by) = points[0], points[1]
    rx, ry, left, middle = abs(bx - ax) / 2, abs(by - ay) / 2, min(ax, bx), (ay + by) / 2
    return f"M{left:.1f} {middle:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {rx * 2:.1f} 0a{rx:.1f} {ry:.1f} 0 1 0 {-rx * 2:.1f} 0"


def _arrow(points: list[Point]) -> str:
    (ax, ay), (bx, by) = points[0], points[1]
    turn, size = math.atan2(by - ay, bx - ax), min(48.0, math.hypot(bx - ax, by - ay) / 2)
    sides = [f"{bx - size * math.cos(turn + a):.1f} {by - size * math.sin(turn + a):.1f}" for a in (0.5, -0.5)]
    return f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}M{sides[0]}L{bx:.1f} {by:.1f}L{sides[1]}"


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


_DRAWN = {"circle": _circle, "arrow": _arrow, "line": _line}
