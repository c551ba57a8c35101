"""Activities, events, gateways, pools and what stands beside them."""

from __future__ import annotations

from workflows.diagrams.model import Artifact, Bounds, Element, Event
from workflows.diagrams.pictures.icons import AD_HOC_MARK, COLLAPSED_MARK, GATEWAY_MARKS, LOOP_MARKS, TASK_ICONS, event_symbol
from workflows.diagrams.pictures.svg import move, number, path, tag
from workflows.diagrams.pictures.wrapping import LEADING, LINE_HEIGHT, fit, text_block, wrap

_INK, _PAPER = "#222", "#fff"
_BAND = 30.0
_LABEL_WIDTH = 90.0


def draw_activity(element: Element, box: Bounds, *, name: str, opened: bool, mirrored: bool) -> str:
    """Draw a task, a call activity or a subprocess."""
    called = element.kind == "callActivity"
    outline = _box(
        box, radius=10, width=4.0 if called else 1.6, dashes="2 4" if element.triggered_by_event else None, see_through=opened
    )
    inner = _box(box, radius=7, width=1.2, inset=4) if element.kind == "transaction" else ""
    icon = TASK_ICONS.get(element.kind, "")
    corner = box.x + (box.width - 16 if mirrored else 16)
    parts = [outline, inner, move(corner, box.y + 15, icon) if icon else "", _activity_marks(element, box, opened=opened)]
    if opened:
        lines = wrap(name, max(box.width - 24, 20), most_lines=2)
        parts.append(text_block(lines, box.x + box.width / 2, box.y + 6 + len(lines) * LINE_HEIGHT / 2))
    else:
        lines, size = fit(name, max(box.width - 14, 20), box.height - (26 if icon else 12) - (14 if element.loop else 0))
        middle = box.y + box.height / 2 + (5 if icon else 0)
        parts.append(text_block(lines, box.x + box.width / 2, middle, size=size, leading=size * LEADING))
    return "".join(parts)


def draw_event(element: Element, box: Bounds, *, name: str) -> str:
    """Draw an event: one ring for a start, two in between, a thick one for an end."""
    x, y, radius = box.x + box.width / 2, box.y + box.height / 2, min(box.width, box.height) / 2
    event = element.event or Event(kind="none")
    ending, starting = element.kind == "endEvent", element.kind == "startEvent"
    dashes = "5 3" if not element.interrupting and (starting or element.kind == "boundaryEvent") else None
    rings = tag(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill=_PAPER,
        stroke=_INK,
        stroke_width=4.0 if ending else 1.6,
        stroke_dasharray=dashes,
        class_="bpmn-shape",
    )
    if not starting and not ending:
        rings += tag(
            "circle", cx=x, cy=y, r=max(radius - 3.2, 1), fill="none", stroke=_INK, stroke_width=1.4, stroke_dasharray=dashes
        )
    symbol = event_symbol(event.kind, throwing=element.kind in {"endEvent", "intermediateThrowEvent"})
    return rings + (move(x, y, symbol) if symbol else "") + _label_below(name, box)


def draw_gateway(element: Element, box: Bounds, *, name: str) -> str:
    """Draw a gateway's diamond and its mark."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    tips = ((x, box.y), (box.x + box.width, y), (x, box.y + box.height), (box.x, y))
    corners = "M" + "L".join(f"{number(right)} {number(down)}" for right, down in tips) + "Z"
    mark = GATEWAY_MARKS[element.kind] if element.kind != "exclusiveGateway" or box.marker_visible else ""
    diamond = path(corners, fill=_PAPER, stroke_width=1.6, class_="bpmn-shape")
    return diamond + (move(x, y, mark) if mark else "") + _label_below(name, box)


def draw_container(box: Bounds, name: str, *, kind: str, mirrored: bool, titled: bool = True) -> str:
    """Draw a pool or a lane: a box with its name along its leading edge (or on top, where it stands upright)."""
    outline = tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        fill="none",
        stroke=_INK,
        stroke_width=1.4,
        class_=f"bpmn-{kind}-box",
    )
    if not titled:
        lines = wrap(name, box.width - 16, most_lines=2, size=13)
        return outline + text_block(lines, box.x + box.width / 2, box.y + box.height / 2, size=13)
    if not box.horizontal:
        edge = path(f"M{number(box.x)} {number(box.y + _BAND)}H{number(box.x + box.width)}")
        return outline + edge + text_block(wrap(name, box.width - 8, most_lines=2), box.x + box.width / 2, box.y + _BAND / 2)
    at = box.x + box.width - _BAND if mirrored else box.x + _BAND
    middle = at + _BAND / 2 if mirrored else at - _BAND / 2
    edge = path(f"M{number(at)} {number(box.y)}V{number(box.y + box.height)}")
    lines = wrap(name, max(box.height - 10, 20), most_lines=2)
    text = text_block(lines, 0, 0)
    turned = tag("g", text, transform=f"translate({number(middle)} {number(box.y + box.height / 2)}) rotate(-90)") if text else ""
    return outline + edge + turned


def draw_artifact(artifact: Artifact, box: Bounds, *, mirrored: bool) -> str:
    """Draw an annotation, a group or a data object."""
    if artifact.kind == "textAnnotation":
        drawn = _annotation(artifact, box, mirrored=mirrored)
    elif artifact.kind == "group":
        outline = tag(
            "rect",
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
            rx=10.0,
            fill="none",
            stroke=_INK,
            stroke_width=1.4,
            stroke_dasharray="10 5 2 5",
        )
        drawn = outline + text_block(
            wrap(artifact.text, max(box.width - 16, 20), most_lines=1), box.x + box.width / 2, box.y + 12
        )
    else:
        drawn = _sheet(box) + _label_below(artifact.text, box)
    return tag("g", drawn, class_=f"bpmn-artifact bpmn-{artifact.kind}", data_element=artifact.id)


def _annotation(artifact: Artifact, box: Bounds, *, mirrored: bool) -> str:
    edge = box.x + box.width if mirrored else box.x
    inwards = -1 if mirrored else 1
    tip = number(edge + inwards * 12)
    bracket = path(f"M{tip} {number(box.y)}H{number(edge)}V{number(box.y + box.height)}H{tip}")
    lines = wrap(artifact.text, max(box.width - 12, 40), most_lines=max(int(box.height / LINE_HEIGHT), 1))
    return bracket + text_block(lines, edge + inwards * 8, box.y + box.height / 2, anchor="end" if mirrored else "start")


def _sheet(box: Bounds) -> str:
    """The dog-eared page of a data object."""
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    ear = min(box.width, box.height) / 3
    outline = f"M{number(x)} {number(y)}H{number(right - ear)}L{number(right)} {number(y + ear)}V{number(bottom)}H{number(x)}Z"
    fold = f"M{number(right - ear)} {number(y)}V{number(y + ear)}H{number(right)}"
    return path(outline, fill=_PAPER) + path(fold)


def _box(
    box: Bounds, *, radius: float, width: float, inset: float = 0, dashes: str | None = None, see_through: bool = False
) -> str:
    return tag(
        "rect",
        x=box.x + inset,
        y=box.y + inset,
        width=max(box.width - 2 * inset, 1),
        height=max(box.height - 2 * inset, 1),
        rx=radius,
        fill=_PAPER,
        fill_opacity=0.6 if see_through else None,
        stroke=_INK,
        stroke_width=width,
        stroke_dasharray=dashes,
        class_="bpmn-shape",
    )


def _activity_marks(element: Element, box: Bounds, *, opened: bool) -> str:
    marks = [LOOP_MARKS[element.loop.kind]] if element.loop else []
    if element.kind == "adHocSubProcess":
        marks.append(AD_HOC_MARK)
    if element.is_subprocess and not opened:
        marks.append(COLLAPSED_MARK)
    first = box.x + box.width / 2 - (len(marks) - 1) * 9
    return "".join(move(first + place * 18, box.y + box.height - 10, mark) for place, mark in enumerate(marks))


def _label_below(name: str, box: Bounds) -> str:
    if not name:
        return ""
    if box.label is not None:
        # A modeler measured with its own font; a little more room keeps its line breaks.
        lines = wrap(name, max(box.label.width + 14, 50.0), most_lines=5, size=11)
        return text_block(lines, box.label.x + box.label.width / 2, box.label.y + box.label.height / 2, size=11, halo=True)
    lines = wrap(name, _LABEL_WIDTH, most_lines=3, size=11)
    return text_block(lines, box.x + box.width / 2, box.y + box.height + 6 + len(lines) * LINE_HEIGHT / 2, size=11, halo=True)
