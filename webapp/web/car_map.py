"""The car unfolded, as a tree that a template writes out: drawings are our own files, still nothing is trusted unescaped."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree  # noqa: S405 - reads our own drawings only

BODIES = ("saloon", "suv", "mpv")
FOLDER = Path(__file__).parents[2] / "static/pwa/cars"
TAGS = frozenset({"g", "path", "text", "rect", "circle", "use", "defs", "title", "line", "polyline", "ellipse", "polygon"})


@dataclass(frozen=True)
class Shape:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    text: str
    inner: tuple["Shape", ...]


@dataclass(frozen=True)
class CarMap:
    body: str
    attributes: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]


@cache
def car_map(body: str) -> CarMap:
    """The drawing of this body; a body we have no drawing of is shown as a saloon."""
    body = body if body in BODIES else "saloon"
    root = ElementTree.parse(FOLDER / f"car-{body}.svg").getroot()  # noqa: S314
    kept = tuple((name, value) for name, value in root.attrib.items() if name not in ("viewBox", "role", "width", "height"))
    return CarMap(body, kept, tuple(_shape(child) for child in root if _tag(child) in TAGS))


def _shape(element: ElementTree.Element) -> Shape:
    inner = tuple(_shape(child) for child in element if _tag(child) in TAGS)
    return Shape(_tag(element), tuple(element.attrib.items()), (element.text or "").strip(), inner)


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
