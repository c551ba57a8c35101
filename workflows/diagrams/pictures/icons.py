"""The symbols of tasks, events, gateways and states. Each is drawn around the middle of its own little square."""

from __future__ import annotations

from math import cos, pi, sin

from workflows.diagrams.pictures.svg import number, path, tag

_INK = "#222"
_PAPER = "#fff"


def _circle(radius: float, *, x: float = 0, y: float = 0, **attributes: str | float | None) -> str:
    return tag("circle", cx=x, cy=y, r=radius, **{"fill": "none", "stroke": _INK, **attributes})


def _ring(corners: int, radius: float, *, turn: float = -pi / 2, inner: float | None = None) -> str:
    """The outline of a regular polygon, or of a star where an inner radius is given."""
    points = corners * 2 if inner is not None else corners
    written = []
    for step in range(points):
        reach = inner if inner is not None and step % 2 else radius
        angle = turn + 2 * pi * step / points
        written.append(f"{number(reach * cos(angle))} {number(reach * sin(angle))}")
    return "M" + "L".join(written) + "Z"


def _envelope(*, filled: bool, width: float = 15, height: float = 10) -> str:
    x, y = width / 2, height / 2
    box = f"M{number(-x)} {number(-y)}H{number(x)}V{number(y)}H{number(-x)}Z"
    fold = f"M{number(-x)} {number(-y)}L0 {number(y * 0.2)}L{number(x)} {number(-y)}"
    return path(box, fill=_INK if filled else _PAPER) + path(fold, stroke=_PAPER if filled else _INK)


def _page() -> str:
    return path("M-6-8H6V8H-6Z", fill=_PAPER) + path("M-4-4.5H4M-4-1.5H4M-4 1.5H4M-4 4.5H4")


def _gear() -> str:
    teeth = "".join(
        f"M{number(5 * cos(angle))} {number(5 * sin(angle))}L{number(8 * cos(angle))} {number(8 * sin(angle))}"
        for angle in (pi * step / 4 for step in range(8))
    )
    return path(teeth, stroke_width=2.6) + _circle(5.2, fill=_PAPER) + _circle(2)


def _person() -> str:
    return path("M-7.5 8V4.5C-7.5 .5-4 0 0 0S7.5.5 7.5 4.5V8Z", fill=_PAPER) + _circle(4, y=-4, fill=_PAPER)


def _hand() -> str:
    fingers = "H7C8.6-6 8.6-3.4 7-3.4H2H8C9.6-3.4 9.6-.8 8-.8H2H7.4C9-.8 9 1.8 7.4 1.8H2H6.4C8 1.8 8 4.4 6.4 4.4"
    return path(f"M-7-1C-4-5-2-6 0-6{fingers}H-1C-4 4.4-7 3.6-7 2Z", fill=_PAPER)


TASK_ICONS = {
    "userTask": _person(),
    "serviceTask": _gear(),
    "scriptTask": path("M-5-8H6C2-4 9 0 4 8H-7C-2 2-9-3-5-8Z", fill=_PAPER) + path("M-4-4.5H2M-4-1H3M-3.5 2.5H3.5M-5 5.5H2"),
    "businessRuleTask": path("M-8-6H8V6H-8Z", fill=_PAPER) + path("M-8-6H8V-2.5H-8Z", fill="#ccc") + path("M-8 1.8H8M-3-2.5V6"),
    "sendTask": _envelope(filled=True),
    "receiveTask": _envelope(filled=False),
    "manualTask": _hand(),
}

_CLOCK_MARKS = "".join(
    f"M{number(7.4 * cos(angle))} {number(7.4 * sin(angle))}L{number(9 * cos(angle))} {number(9 * sin(angle))}"
    for angle in (pi * step / 6 for step in range(12))
)


def event_symbol(kind: str, *, throwing: bool) -> str:
    """The symbol inside an event's circle: filled for one that throws, outlined for one that catches."""
    fill = _INK if throwing else _PAPER
    symbols = {
        "message": _envelope(filled=throwing, width=17, height=11),
        "timer": _circle(9, fill=_PAPER) + path(_CLOCK_MARKS) + path("M0-6V0H4.5", stroke_width=1.5),
        "signal": path(_ring(3, 9.5), fill=fill),
        "error": path("M-8 7L-3.5-7L2 1.5L7.5-8L3.5 7.5L-2-1Z", fill=fill),
        "escalation": path("M0-9L6.5 8L0 1.5L-6.5 8Z", fill=fill),
        "conditional": _page(),
        "link": path("M-8-3.5H2V-8L9 0L2 8V3.5H-8Z", fill=fill),
        "compensation": path("M0-6V6L-8 0ZM8-6V6L0 0Z", fill=fill),
        "cancel": path("M-6-8L0-2L6-8L8-6L2 0L8 6L6 8L0 2L-6 8L-8 6L-2 0L-8-6Z", fill=fill),
        "terminate": _circle(8.5, fill=_INK),
        "multiple": path(_ring(5, 9.5), fill=fill),
    }
    return symbols.get(kind, "")


GATEWAY_MARKS = {
    "exclusiveGateway": path("M-6.5-8L6.5 8M6.5-8L-6.5 8", stroke_width=3.2),
    "parallelGateway": path("M0-10.5V10.5M-10.5 0H10.5", stroke_width=3.2),
    "inclusiveGateway": _circle(9.5, stroke_width=2.8),
    "eventBasedGateway": _circle(12) + _circle(9.8) + path(_ring(5, 7)),
    "complexGateway": path("M0-11V11M-11 0H11M-7.5-7.5L7.5 7.5M7.5-7.5L-7.5 7.5", stroke_width=2.6),
}

LOOP_MARKS = {
    "parallel": path("M-4-5V5M0-5V5M4-5V5", stroke_width=2.2),
    "sequential": path("M-5-4H5M-5 0H5M-5 4H5", stroke_width=2.2),
    "standard": path("M-2.5 5A5.5 5.5 0 1 1 3 4.6M-6 5.2H-2.2V1.2", stroke_width=1.6),
}
COLLAPSED_MARK = path("M-6.5-6.5H6.5V6.5H-6.5ZM0-4V4M-4 0H4", fill=_PAPER)
AD_HOC_MARK = path("M-7 2C-5-3-2-2 0 0S5 3 7-2", stroke_width=2.2)

_BADGE_COLOURS = {
    "done": "#1b6e3c",
    "active": "#0b5394",
    "waiting": "#6a4a00",
    "cancelled": "#5a5a5a",
    "incident": "#b00020",
    "possible": "#5a5a5a",
}
_BADGE_SIGNS = {
    "done": path("M-4.2.2L-1.2 3.4L4.4-3.4", stroke=_PAPER, stroke_width=2.2),
    "active": _circle(4, fill=_PAPER, stroke="none"),
    "waiting": path("M-2.2-4V4M2.2-4V4", stroke=_PAPER, stroke_width=2.2),
    "cancelled": path("M-3.4-3.4L3.4 3.4M3.4-3.4L-3.4 3.4", stroke=_PAPER, stroke_width=2.2),
    "incident": path("M0-5V1.4M0 3.4V5.2", stroke=_PAPER, stroke_width=2.4),
    "possible": path("M-3.6 0H3.4M.6-3L3.6 0L.6 3", stroke=_BADGE_COLOURS["possible"], stroke_width=1.6),
}
MARKS = frozenset(_BADGE_SIGNS)


def badge(mark: str) -> str:
    """The sign of a state; each has its own form, because colour alone does not reach everybody."""
    colour = _BADGE_COLOURS[mark]
    hollow = mark == "possible"
    ground = _circle(
        9,
        fill=_PAPER if hollow else colour,
        stroke=colour if hollow else _PAPER,
        stroke_width=1.5,
        stroke_dasharray="3 2" if hollow else None,
    )
    return tag("g", ground, _BADGE_SIGNS[mark], class_=f"bpmn-badge bpmn-badge-{mark}")
