"""Where new shapes and lines are drawn: what lies to the right makes room, so that nothing covers anything."""

from __future__ import annotations

from lxml import etree

from workflows.diagrams.editing.sheet import Sheet
from workflows.diagrams.vocabulary import BPMN_DI, DC, DI, child, children, number

SIZES = {"userTask": (100, 80), "serviceTask": (100, 80), "exclusiveGateway": (50, 50), "endEvent": (36, 36)}
GAP = 50
Box = tuple[float, float, float, float]


def box_of(sheet: Sheet, key: str) -> Box | None:
    """Tell where an element is drawn."""
    shape = sheet.drawn(key)
    return _box(child(shape, "Bounds", of=DC)) if shape is not None else None


def make_room(sheet: Sheet, key: str, width: float) -> None:
    """Move everything to the right of an element further to the right; what lies around both grows."""
    shape, box = sheet.drawn(key), box_of(sheet, key)
    plane = shape.getparent() if shape is not None else None
    if plane is None or box is None:
        return
    edge = box[0] + box[2]
    for bounds in plane.iter(f"{{{DC}}}Bounds"):
        place = _box(bounds)
        if place is None:
            continue
        if place[0] >= edge:
            bounds.set("x", _write(place[0] + width))
        elif place[0] + place[2] > edge and _is_around(place, box):
            bounds.set("width", _write(place[2] + width))
    for point in plane.iter(f"{{{DI}}}waypoint"):
        x = number(point.get("x"))
        if x is not None and x > edge:
            point.set("x", _write(x + width))


def draw_shape(sheet: Sheet, key: str, kind: str, *, behind: str, middle: float | None = None, drop: bool = False) -> None:
    """Draw a new element to the right of another one.

    Args:
        middle: Its height on the sheet; by default that of the other element.
        drop: Draw it lower, because something else is straight on.
    """
    shape, box = sheet.drawn(behind), box_of(sheet, behind)
    plane = shape.getparent() if shape is not None else None
    if plane is None or box is None:
        return
    width, height = SIZES[kind]
    centre = (middle if middle is not None else box[1] + box[3] / 2) + (box[3] / 2 + GAP / 2 if drop else 0)
    made = sheet.add(plane, f"{{{BPMN_DI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
    if kind == "exclusiveGateway":
        made.set("isMarkerVisible", "true")
    sheet.add(
        made,
        f"{{{DC}}}Bounds",
        x=_write(box[0] + box[2] + GAP),
        y=_write(centre - height / 2),
        width=_write(width),
        height=_write(height),
    )


def draw_line(sheet: Sheet, flow: str, source: str, target: str) -> None:
    """Draw a flow from one element to another, with a bend where they are not side by side; an old line is drawn anew."""
    start, end, shape = box_of(sheet, source), box_of(sheet, target), sheet.drawn(target)
    plane = shape.getparent() if shape is not None else None
    if start is None or end is None or plane is None:
        return
    line = sheet.drawn(flow)
    if line is None:
        line = sheet.add(plane, f"{{{BPMN_DI}}}BPMNEdge", id=f"{flow}_di", bpmnElement=flow)
    for old in [*children(line, "waypoint", of=DI), *children(line, "BPMNLabel", of=BPMN_DI)]:
        sheet.remove(old)
    for x, y in _way(start, end):
        sheet.add(line, f"{{{DI}}}waypoint", x=_write(x), y=_write(y))


def middle_of_lane(sheet: Sheet, lane: str) -> float | None:
    """Tell the height of the middle of a lane."""
    box = box_of(sheet, lane)
    return box[1] + box[3] / 2 if box is not None else None


def erase(sheet: Sheet, key: str) -> None:
    """Take the drawing of an element away."""
    shape = sheet.drawn(key)
    if shape is not None:
        sheet.remove(shape)


def _way(start: Box, end: Box) -> list[tuple[float, float]]:
    left, right = (start[0] + start[2], start[1] + start[3] / 2), (end[0], end[1] + end[3] / 2)
    if abs(left[1] - right[1]) < 1:
        return [left, right]
    if right[0] > left[0]:
        half = (left[0] + right[0]) / 2
        return [left, (half, left[1]), (half, right[1]), right]
    # Back to something on the left: under both, and into it from below.
    below = max(start[1] + start[3], end[1] + end[3]) + GAP / 2
    centre, goal = start[0] + start[2] / 2, end[0] + end[2] / 2
    return [(centre, start[1] + start[3]), (centre, below), (goal, below), (goal, end[1] + end[3])]


def _is_around(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[0] + outer[2] >= inner[0] + inner[2] and outer != inner and outer[2] > inner[2] + GAP


def _box(bounds: etree._Element | None) -> Box | None:
    if bounds is None:
        return None
    x, y, width, height = (number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return (x, y, width, height) if x is not None and y is not None and width is not None and height is not None else None


def _write(value: float) -> str:
    return str(round(value, 2)).removesuffix(".0")
