"""A place for every shape of a diagram that carries no drawing: columns from left to right, one row above the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.diagrams.model import Bounds, Diagram, Element, Process

Point = tuple[float, float]

_SIZES = {"event": (36.0, 36.0), "gateway": (50.0, 50.0), "activity": (110.0, 80.0)}
_COLUMN_GAP, _ROW_GAP, _MARGIN, _LANE_TITLE = 60.0, 50.0, 40.0, 30.0


@dataclass(kw_only=True, slots=True)
class Placing:
    """Shapes by id, relative to the upper left corner of what is placed."""

    width: float
    height: float
    shapes: dict[str, Bounds] = field(default_factory=dict)


def lay_out(diagram: Diagram, processes: Iterable[str]) -> dict[str, Bounds]:
    """Place everything in the named processes, one process below the other."""
    shapes: dict[str, Bounds] = {}
    y = 0.0
    for process_id in processes:
        process = diagram.processes[process_id]
        placing = _place_process(diagram, process)
        pool = next((pool for pool in diagram.pools if pool.process == process_id), None)
        left = _LANE_TITLE if pool else 0.0
        if pool:
            shapes[pool.id] = Bounds(x=0, y=y, width=placing.width + left, height=placing.height)
        shapes |= {key: _moved(box, left, y) for key, box in placing.shapes.items()}
        y += placing.height + _MARGIN
    return shapes


def _place_process(diagram: Diagram, process: Process) -> Placing:
    """Place a process; its innermost lanes become bands, one below the other."""
    parents = {lane.parent for lane in process.lanes}
    bands = [lane for lane in process.lanes if lane.id not in parents]
    inside = diagram.by_scope()
    elements = inside.get(process.id, [])
    if not bands:
        return _place_scope(diagram, inside, elements, {})
    rows = {lane.name: number for number, lane in enumerate(bands)}
    placing = _place_scope(diagram, inside, elements, {element.id: rows.get(element.lane or "", 0) for element in elements})
    placed = Placing(width=placing.width + _LANE_TITLE, height=placing.height)
    placed.shapes = {key: _moved(box, _LANE_TITLE, 0) for key, box in placing.shapes.items()}
    y = 0.0
    for number, lane in enumerate(bands):
        boxes = [placing.shapes[element.id] for element in elements if rows.get(element.lane or "", 0) == number]
        last = number == len(bands) - 1
        bottom = placing.height if last else max((box.y + box.height for box in boxes), default=y + 60) + _ROW_GAP / 2
        placed.shapes[lane.id] = Bounds(x=0, y=y, width=placed.width, height=max(bottom - y, 60))
        y = max(bottom, y + 60)
    placed.height = max(placing.height, y)
    return placed


def _place_scope(
    diagram: Diagram, inside: Mapping[str, list[Element]], elements: list[Element], bands: Mapping[str, int]
) -> Placing:
    """Place the elements of one process or subprocess, inner subprocesses first."""
    inner = {
        element.id: _place_scope(diagram, inside, inside.get(element.id, []), {}) for element in elements if element.is_subprocess
    }
    sizes = {element.id: _size(element, inner) for element in elements}
    ranks = _ranks(diagram, elements)
    rows: dict[int, dict[int, list[Element]]] = {band: {} for band in range(max(bands.values(), default=0) + 1)}
    widths: dict[int, float] = {}
    for element in elements:
        if element.kind != "boundaryEvent":
            rank = ranks[element.id]
            rows[bands.get(element.id, 0)].setdefault(rank, []).append(element)
            widths[rank] = max(widths.get(rank, 0), sizes[element.id][0])
    middles, x = _middles(widths)
    shapes, y = _stack_bands(rows, sizes, middles)
    _attach(elements, shapes)
    for key, placing in inner.items():
        shapes |= {part: _moved(box, shapes[key].x, shapes[key].y) for part, box in placing.shapes.items()}
    return Placing(width=max(x + _MARGIN, 100.0), height=max(y + _MARGIN, 80.0), shapes=shapes)


def _middles(widths: Mapping[int, float]) -> tuple[dict[int, float], float]:
    """The middle of each column, and where the last one ends."""
    middles: dict[int, float] = {}
    x = _MARGIN
    for rank in sorted(widths):
        middles[rank] = x + widths[rank] / 2
        x += widths[rank] + _COLUMN_GAP
    return middles, x - _COLUMN_GAP


def _stack_bands(
    rows: Mapping[int, Mapping[int, list[Element]]], sizes: Mapping[str, Point], middles: Mapping[int, float]
) -> tuple[dict[str, Bounds], float]:
    """Place one band below the other, and say where the last one ends."""
    shapes: dict[str, Bounds] = {}
    y = _MARGIN
    for columns in rows.values():
        heights = {rank: sum(sizes[one.id][1] + _ROW_GAP for one in column) for rank, column in columns.items()}
        height = max(heights.values(), default=_ROW_GAP)
        for rank, column in columns.items():
            shapes |= _stack(column, sizes, middle=middles[rank], top=y + (height - heights[rank]) / 2)
        y += height
    return shapes, y - _ROW_GAP


def _stack(row: list[Element], sizes: Mapping[str, Point], *, middle: float, top: float) -> Iterator[tuple[str, Bounds]]:
    for element in row:
        width, height = sizes[element.id]
        yield element.id, Bounds(x=middle - width / 2, y=top, width=width, height=height)
        top += height + _ROW_GAP


def _attach(elements: list[Element], shapes: dict[str, Bounds]) -> None:
    """Put boundary events onto the lower border of their activities."""
    used: dict[str, int] = {}
    for element in elements:
        if element.kind != "boundaryEvent":
            continue
        host = shapes.get(element.attached_to or "", Bounds(x=0, y=0, width=110, height=80))
        number = used.get(element.attached_to or "", 0)
        used[element.attached_to or ""] = number + 1
        x = host.x + host.width - 50 - number * 44
        shapes[element.id] = Bounds(x=x, y=host.y + host.height - 18, width=36, height=36)


def _size(element: Element, inner: Mapping[str, Placing]) -> tuple[float, float]:
    if element.id in inner:
        return inner[element.id].width, inner[element.id].height
    if element.is_event:
        return _SIZES["event"]
    return _SIZES["gateway"] if element.is_gateway else _SIZES["activity"]


def _ranks(diagram: Diagram, elements: list[Element]) -> dict[str, int]:
    """The column of each element: one more than the furthest that leads to it, not counting the ways back."""
    following: dict[str, list[str]] = {element.id: [] for element in elements}
    for element in elements:
        targets = [diagram.flows[flow].target for flow in element.outgoing]
        following[element.id] += [target for target in targets if target in following]
        if element.attached_to in following:
            following[element.attached_to].append(element.id)
    starts_first = sorted(elements, key=lambda element: element.kind == "startEvent")
    order = _sorted_forwards([element.id for element in starts_first], following)
    position = {key: number for number, key in enumerate(order)}
    attached = {element.id for element in elements if element.kind == "boundaryEvent"}
    ranks = dict.fromkeys(order, 0)
    for key in order:
        for target in following[key]:
            if position[target] > position[key]:
                ranks[target] = max(ranks[target], ranks[key] + (0 if target in attached else 1))
    return ranks


def _sorted_forwards(keys: list[str], following: Mapping[str, list[str]]) -> list[str]:
    """An order in which only the ways back lead backwards."""
    done: list[str] = []
    seen: set[str] = set()
    for key in keys:
        stack = [(key, iter(following[key]))] if key not in seen else []
        seen.add(key)
        while stack:
            current, rest = stack[-1]
            following_one = next((target for target in rest if target not in seen), None)
            if following_one is None:
                done.append(current)
                stack.pop()
            else:
                seen.add(following_one)
                stack.append((following_one, iter(following[following_one])))
    return done[::-1]


def _moved(box: Bounds, right: float, down: float) -> Bounds:
    return replace(box, x=box.x + right, y=box.y + down)


def route(source: Bounds, target: Bounds) -> tuple[Point, ...]:
    """A way from shape to shape: straight where it can be, with two corners where not, below both where it leads back."""
    x1, y1 = source.x + source.width, source.y + source.height / 2
    x2, y2 = target.x, target.y + target.height / 2
    if x2 < x1:
        below = max(source.y + source.height, target.y + target.height) + 30
        middle, end = source.x + source.width / 2, target.x + target.width / 2
        return (middle, source.y + source.height), (middle, below), (end, below), (end, target.y + target.height)
    if abs(y1 - y2) < 1:
        return (x1, y1), (x2, y2)
    turn = x2 - _COLUMN_GAP / 2 if x2 - x1 >= _COLUMN_GAP / 2 else (x1 + x2) / 2
    return (x1, y1), (turn, y1), (turn, y2), (x2, y2)
