"""Flows and associations: their way, heads, marks and labels."""

from __future__ import annotations

from itertools import pairwise

from workflows.diagrams.model import Artifact, Bounds, Flow
from workflows.diagrams.pictures.svg import Point, line_through, number, path, tag
from workflows.diagrams.pictures.wrapping import text_block, wrap

_LABEL_WIDTH = 100.0
_MOST_LINES = 4


def draw_flow(
    flow: Flow, points: tuple[Point, ...], *, label: Bounds | None, name: str, marks: str, default: bool, diamond: bool
) -> str:
    """Draw a sequence flow.

    Args:
        marks: Further classes.
        default: Whether it carries the slash of a default flow.
        diamond: Whether it carries the diamond of a condition that no gateway asks.
    """
    way = list(points)
    parts = [path(line_through(way), stroke_width=1.6, class_="bpmn-line"), _head(way[-2], way[-1], filled=True)]
    if default:
        parts.append(_slash(way[0], way[1]))
    if diamond:
        parts.append(_diamond(way[0], way[1]))
    parts.append(_label(name, way, label))
    return tag("g", *parts, class_=f"bpmn-flow {marks}".strip(), data_element=flow.id, aria_hidden="true")


def draw_association(artifact: Artifact, points: tuple[Point, ...], *, label: Bounds | None) -> str:
    """Draw an association (dotted) or a message flow (dashed)."""
    way = list(points)
    message = artifact.kind == "messageFlow"
    parts = [path(line_through(way), stroke_width=1.4, stroke_dasharray="8 5" if message else "1.5 4.5", class_="bpmn-line")]
    if message:
        parts.append(tag("circle", cx=way[0][0], cy=way[0][1], r=4.0, fill="#fff", stroke="#222"))
    if artifact.directed:
        parts.append(_head(way[-2], way[-1], filled=False))
    parts.append(_label(artifact.text, way, label))
    return tag("g", *parts, class_=f"bpmn-{artifact.kind}", aria_hidden="true")


def _direction(start: Point, end: Point) -> Point:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    return ((end[0] - start[0]) / length, (end[1] - start[1]) / length) if length else (1.0, 0.0)


def _at(origin: Point, direction: Point, along: float, aside: float) -> str:
    x = origin[0] + direction[0] * along - direction[1] * aside
    y = origin[1] + direction[1] * along + direction[0] * aside
    return f"{number(x)} {number(y)}"


def _head(before: Point, end: Point, *, filled: bool) -> str:
    way = _direction(before, end)
    outline = f"M{_at(end, way, -10, 4.5)}L{_at(end, way, 0, 0)}L{_at(end, way, -10, -4.5)}"
    if filled:
        return path(outline + "Z", fill="#222", class_="bpmn-head")
    return path(outline, stroke_width=1.2, class_="bpmn-head bpmn-head-open")


def _slash(start: Point, following: Point) -> str:
    way = _direction(start, following)
    return path(f"M{_at(start, way, 6, 5)}L{_at(start, way, 12, -5)}", stroke_width=1.6)


def _diamond(start: Point, following: Point) -> str:
    way = _direction(start, following)
    return path(
        f"M{_at(start, way, 0, 0)}L{_at(start, way, 8, 4.5)}L{_at(start, way, 16, 0)}L{_at(start, way, 8, -4.5)}Z", fill="#fff"
    )


def _label(text: str, way: list[Point], label: Bounds | None) -> str:
    if not text:
        return ""
    lines = wrap(text, max(label.width, 60.0) + 12 if label else _LABEL_WIDTH, most_lines=_MOST_LINES, size=11)
    if label is not None:
        return text_block(lines, label.x + label.width / 2, label.y + label.height / 2, size=11, halo=True)
    start, end = max(pairwise(way), key=_length)
    return text_block(lines, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 9, size=11, halo=True)


def _length(segment: tuple[Point, Point]) -> float:
    (x1, y1), (x2, y2) = segment
    return abs(x2 - x1) + abs(y2 - y1)
