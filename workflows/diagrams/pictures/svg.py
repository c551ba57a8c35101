"""Writing SVG: the one place where text becomes markup, so that the one place where it is escaped."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Point = tuple[float, float]


def number(value: float) -> str:
    """Write a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def plain(text: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def tag(name: str, *content: str, **attributes: str | float | None) -> str:
    """Write an element; attribute names have _ for -, None leaves one out. `content` is markup already, attributes are plain."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(plain(value) if isinstance(value, str) else number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def markup(text: str) -> str:
    """Write text inside an element."""
    return escape(plain(text))


def path(d: str, **attributes: str | float | None) -> str:
    """Write a path; open lines unless a fill is given."""
    return tag("path", d=d, **{"fill": "none", "stroke": "#222", **attributes})


def move(x: float, y: float, *parts: str) -> str:
    """Put drawn parts at a place."""
    return tag("g", *parts, transform=f"translate({number(x)} {number(y)})")


def line_through(points: list[Point], radius: float = 5) -> str:
    """The path through way points, with rounded corners."""
    start, *rest = points
    written = [f"M{number(start[0])} {number(start[1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before, radius), _towards(corner, after, radius)
        written.append(
            f"L{number(near[0])} {number(near[1])}Q{number(corner[0])} {number(corner[1])} {number(far[0])} {number(far[1])}"
        )
    last = rest[-1]
    written.append(f"L{number(last[0])} {number(last[1])}")
    return "".join(written)


def _towards(start: Point, goal: Point, distance: float) -> Point:
    """The point that lies so far on the way, at most half of it."""
    length = ((goal[0] - start[0]) ** 2 + (goal[1] - start[1]) ** 2) ** 0.5
    if not length:
        return start
    share = min(distance / length, 0.5)
    return start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share
