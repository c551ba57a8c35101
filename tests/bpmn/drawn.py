"""What a reader sees of a diagram, as boxes and ways: texts are taken from the picture itself, with its own line breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from workflows.diagrams import Diagram, draw
from workflows.diagrams.model import Bounds, Element
from workflows.diagrams.pictures.wrapping import width_of

Point = tuple[float, float]
Box = tuple[float, float, float, float]
#: The band at the left of pools and lanes that holds their names.
BAND = 30
#: How far a text reaches above its first and below its last base line, as parts of its size.
ASCENT, DESCENT = 0.85, 0.25
#: What two lines keep between them, and what a line may touch of a shape.
BESIDE, TOUCH = 3, 2


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One process as it is drawn in one language.

    Attributes:
        shapes: Left, top, right and bottom by element.
        open: Subprocesses whose inside is shown.
        lanes: Boxes by lane, `pools` those of the pools.
        home: The lane that lists an element, by the element.
        labels: The text beside an event, a gateway or a flow, by its id.
        titles: The name on top of an open subprocess, and the marks at its foot.
    """

    diagram: Diagram
    shapes: Mapping[str, Box]
    open: frozenset[str]
    lanes: Mapping[str, Box]
    pools: tuple[Box, ...]
    home: Mapping[str, str]
    labels: Mapping[str, Box]
    titles: tuple[tuple[str, Box], ...]
    cut: tuple[str, ...]

    @property
    def elements(self) -> Iterator[Element]:
        """All that is a shape of the flow."""
        return (self.diagram.elements[key] for key in self.shapes)

    @property
    def ways(self) -> Iterator[tuple[str, tuple[Point, ...]]]:
        """The flows with their way points."""
        return ((key, self.diagram.edges[key]) for key in self.diagram.flows)

    def around(self, element: str) -> list[str]:
        """The subprocesses around an element, the nearest first."""
        found, scope = [], self.diagram.elements[element].scope
        while scope in self.diagram.elements:
            found.append(scope)
            scope = self.diagram.elements[scope].scope
        return found

    def holder(self, label: str) -> str:
        """The element beside which a label stands: for a flow, where it begins."""
        return label if label in self.shapes else self.diagram.flows[label].source

    def frames(self) -> Iterator[tuple[str, Point, Point]]:
        """The lines of pools, lanes and open subprocesses."""
        banded = [*self.lanes.items(), *(("the pool", pool) for pool in self.pools)]
        for key, (left, top, right, bottom) in [*banded, *((key, self.shapes[key]) for key in self.open)]:
            yield from ((key, (left, y), (right, y)) for y in (top, bottom))
            yield from ((key, (x, top), (x, bottom)) for x in (left, right))
        for key, (left, top, _, bottom) in banded:
            yield key, (left + BAND, top), (left + BAND, bottom)


def see(diagram: Diagram, process: str, names: Mapping[str, str]) -> Sheet:
    """Draw a process with the names of a language, and measure."""
    root = etree.fromstring(draw(diagram, process=process, names=names).encode())
    inside = diagram.by_scope()
    elements = [element for element in diagram.elements.values() if diagram.process_of(element.id).id == process]
    opened = frozenset(each.id for each in elements if each.is_subprocess and inside.get(each.id))
    named = [each.id for each in elements if each.is_event or each.is_gateway] + list(diagram.flows)
    texts = {node.get("data-element"): _text(node) for node in root.iter() if node.get("data-element")}
    lanes = diagram.processes[process].lanes
    written = {key: texts[key] for key in named if texts.get(key)}
    return Sheet(
        diagram=diagram,
        shapes={each.id: _box(diagram.shapes[each.id]) for each in elements},
        open=opened,
        lanes={lane.id: _box(diagram.shapes[lane.id]) for lane in lanes},
        pools=tuple(_box(diagram.shapes[pool.id]) for pool in diagram.pools if pool.process == process),
        home={member: lane.id for lane in lanes for member in lane.members},
        labels={key: text.box for key, text in written.items() if text},
        titles=tuple(_titles(diagram, {key: texts[key] for key in opened})),
        cut=tuple(key for key, text in written.items() if text and text.is_cut),
    )


@dataclass(frozen=True)
class _Text:
    box: Box
    is_cut: bool


def _text(node: etree._Element) -> _Text | None:
    """The text of an element; None where it has none."""
    found = node.find(".//{*}text")
    if found is None:
        return None
    size, lines = float(found.get("font-size", "0")), list(found)
    x, heights = float(lines[0].get("x", "0")), [float(line.get("y", "0")) for line in lines]
    half = max(width_of(line.text or "", size) for line in lines) / 2
    box = (x - half, heights[0] - ASCENT * size, x + half, heights[-1] + DESCENT * size)
    return _Text(box, (lines[-1].text or "").endswith("…"))


def _titles(diagram: Diagram, texts: Mapping[str, _Text | None]) -> Iterator[tuple[str, Box]]:
    for key, text in texts.items():
        if text:
            yield key, text.box
        if diagram.elements[key].loop:
            left, _, right, bottom = _box(diagram.shapes[key])
            yield key, ((left + right) / 2 - 10, bottom - 18, (left + right) / 2 + 10, bottom)


def _box(bounds: Bounds) -> Box:
    return bounds.x, bounds.y, bounds.x + bounds.width, bounds.y + bounds.height


def body(element: Element, box: Box) -> list[Box]:
    """What a shape covers: its box, or strips that fill its circle or its diamond."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if element.is_event:
        shares = [(0.146, 0.146), (0.3, 0.0), (0.0, 0.3)]
    elif element.is_gateway:
        shares = [(part, 0.5 - part) for part in (0.04, 0.12, 0.2, 0.25, 0.3, 0.38, 0.46)]
    else:
        shares = [(0.0, 0.0)]
    return [(left + width * x, top + height * y, right - width * x, bottom - height * y) for x, y in shares]


def meet(one: Box, other: Box, *, touch: float = 0) -> bool:
    """Whether two boxes lie on each other by more than a touch."""
    across = one[0] < other[2] - touch and other[0] + touch < one[2]
    return across and one[1] < other[3] - touch and other[1] + touch < one[3]


def holds(outer: Box, inner: Box) -> bool:
    """Whether a box lies within another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def passes(start: Point, end: Point, box: Box, *, touch: float = 0) -> bool:
    """Whether a straight line, level or upright, leads through a box."""
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return meet((left, top, right, bottom), box, touch=touch)


def overlap(one: tuple[Point, Point], other: tuple[Point, Point], *, beside: float = BESIDE) -> bool:
    """Whether two straight lines lie upon each other, or so near that they look like one."""
    for along, across in ((0, 1), (1, 0)):
        level = one[0][across] == one[1][across] and other[0][across] == other[1][across]
        if level and abs(one[0][across] - other[0][across]) < beside:
            start = max(min(one[0][along], one[1][along]), min(other[0][along], other[1][along]))
            end = min(max(one[0][along], one[1][along]), max(other[0][along], other[1][along]))
            if end - start > beside:
                return True
    return False


def without_stem(one: tuple[Point, ...], other: tuple[Point, ...]) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """What is left of two ways behind the stretch that they begin with together."""
    steps, others = _steps(one), _steps(other)
    shared = next(
        (place for place, (a, b) in enumerate(zip(steps, others, strict=False)) if a != b), min(len(steps), len(others))
    )
    return _corners(steps[max(shared - 1, 0) :]), _corners(others[max(shared - 1, 0) :])


def _steps(way: tuple[Point, ...]) -> list[Point]:
    """A way in steps of about one pixel."""
    found = [way[0]]
    for (x, y), (right, down) in pairwise(way):
        count = max(round(abs(right - x) + abs(down - y)), 1)
        parts = (part / count for part in range(1, count + 1))
        found += [(round(x + (right - x) * part, 2), round(y + (down - y) * part, 2)) for part in parts]
    return found


def _corners(steps: list[Point]) -> tuple[Point, ...]:
    """The way points of a way in steps."""
    turns = [
        point
        for before, point, after in zip(steps, steps[1:], steps[2:], strict=False)
        if (before[0] == point[0]) != (point[0] == after[0])
    ]
    return (*steps[:1], *turns, *steps[-1:])
