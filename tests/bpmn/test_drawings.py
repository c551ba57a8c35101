"""Every diagram can be read in every language: no text over a line, no line through a shape, nothing upon something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from services import definitions
from tests.bpmn.conftest import PROCESSES
from tests.bpmn.drawn import TOUCH, Sheet, body, holds, meet, overlap, passes, see, without_stem

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
FILES = [pytest.param(file, id=f"{file.parent.name}-{file.stem}") for file in sorted(PROCESSES.glob("*/*.bpmn"))]


@cache
def sheets(file: Path) -> dict[str, Sheet]:
    """The sheet of a file in each language."""
    package = definitions.read_folder(file.parent)
    diagram = package.diagrams[file.name]
    (process,) = diagram.processes
    return {key: see(diagram, process, package.texts.get(key, {}).get("elements") or {}) for key in LANGUAGES}


@pytest.mark.parametrize("file", FILES)
def test_no_text_lies_over_a_line_a_shape_or_another_text(file: Path) -> None:
    found = {f"{language}: {fault}" for language, sheet in sheets(file).items() for fault in covered_texts(sheet)}

    assert sorted(found) == []


@pytest.mark.parametrize("file", FILES)
def test_every_text_has_room_where_it_belongs(file: Path) -> None:
    found = {f"{language}: {fault}" for language, sheet in sheets(file).items() for fault in misplaced_texts(sheet)}

    assert sorted(found) == []


@pytest.mark.parametrize("file", FILES)
def test_no_line_leads_through_a_shape(file: Path) -> None:
    assert sorted(crossed_shapes(sheets(file)["en"])) == []


@pytest.mark.parametrize("file", FILES)
def test_lines_lie_upon_each_other_only_where_they_fork_or_join(file: Path) -> None:
    assert sorted(hidden_lines(sheets(file)["en"])) == []


@pytest.mark.parametrize("file", FILES)
def test_lines_are_level_or_upright_and_end_at_their_shapes(file: Path) -> None:
    assert sorted(crooked_lines(sheets(file)["en"])) == []


@pytest.mark.parametrize("file", FILES)
def test_shapes_lie_apart_in_their_lanes_and_subprocesses(file: Path) -> None:
    assert sorted(misplaced_shapes(sheets(file)["en"])) == []


def covered_texts(sheet: Sheet) -> Iterator[str]:
    lines = [(key, start, end) for key, way in sheet.ways for start, end in pairwise(way)]
    for label, text in sheet.labels.items():
        yield from (f"{label} over the line {key}" for key, start, end in lines if passes(start, end, text))
        yield from (f"{label} over the frame of {key}" for key, start, end in sheet.frames() if passes(start, end, text))
        yield from (f"{label} over the title of {key}" for key, title in sheet.titles if meet(text, title))
        for element in sheet.elements:
            if element.id not in sheet.open and any(meet(text, part) for part in body(element, sheet.shapes[element.id])):
                yield f"{label} over {element.id}"
    for (one, text), (other, second) in combinations(sheet.labels.items(), 2):
        if meet(text, second):
            yield f"{one} over {other}"


def misplaced_texts(sheet: Sheet) -> Iterator[str]:
    yield from (f"{label} is cut off" for label in sheet.cut)
    for label, text in sheet.labels.items():
        holder = sheet.holder(label)
        yield from (f"{label} outside {key}" for key in sheet.around(holder) if not holds(sheet.shapes[key], text))
        if not any(holds(pool, text) for pool in sheet.pools):
            yield f"{label} outside the pool"
        on_frame = sheet.diagram.elements[holder].attached_to in sheet.open
        home = sheet.home.get(label)
        if home and not on_frame and not holds(sheet.lanes[home], text):
            yield f"{label} outside {home}"


def crossed_shapes(sheet: Sheet) -> Iterator[str]:
    for key, way in sheet.ways:
        flow = sheet.diagram.flows[key]
        around = set(sheet.around(flow.source))
        for element in sheet.elements:
            box = sheet.shapes[element.id]
            if element.id in around:
                if not all(holds(box, (*point, *point)) for point in way):
                    yield f"{key} leaves {element.id}"
            elif any(passes(*line, part, touch=TOUCH) for line in pairwise(way) for part in body(element, box)):
                yield f"{key} through {element.id}"
        for title, text in sheet.titles:
            if title not in (flow.source, flow.target) and any(passes(*line, text) for line in pairwise(way)):
                yield f"{key} through the title of {title}"


def hidden_lines(sheet: Sheet) -> Iterator[str]:
    for (one, way), (other, second) in combinations(sheet.ways, 2):
        if not any(overlap(*lines) for lines in ((a, b) for a in pairwise(way) for b in pairwise(second))):
            continue
        first, last = sheet.diagram.flows[one], sheet.diagram.flows[other]
        rest = (way, second)
        if first.source == last.source:
            rest = without_stem(*rest)
        if first.target == last.target:
            rest = without_stem(rest[0][::-1], rest[1][::-1])
        if any(overlap(a, b) for a in pairwise(rest[0]) for b in pairwise(rest[1])):
            yield f"{one} upon {other}"
    for key, way in sheet.ways:
        for frame, start, end in sheet.frames():
            if any(overlap(line, (start, end)) for line in pairwise(way)):
                yield f"{key} along the frame of {frame}"


def crooked_lines(sheet: Sheet) -> Iterator[str]:
    for key, way in sheet.ways:
        if any(start[0] != end[0] and start[1] != end[1] for start, end in pairwise(way)):
            yield f"{key} is slanted"
        flow = sheet.diagram.flows[key]
        for element, (x, y) in ((flow.source, way[0]), (flow.target, way[-1])):
            left, top, right, bottom = sheet.shapes[element]
            beside = min(abs(x - left), abs(x - right)) < TOUCH and top - TOUCH < y < bottom + TOUCH
            above = min(abs(y - top), abs(y - bottom)) < TOUCH and left - TOUCH < x < right + TOUCH
            middle = min(abs(x - (left + right) / 2), abs(y - (top + bottom) / 2)) < TOUCH
            if not (beside or above) or not (middle or sheet.diagram.elements[element].is_activity):
                yield f"{key} does not end at {element}"


def misplaced_shapes(sheet: Sheet) -> Iterator[str]:
    for one, other in combinations(sheet.elements, 2):
        belong = one.attached_to == other.id or other.attached_to == one.id
        nested = one.id in sheet.around(other.id) or other.id in sheet.around(one.id)
        if not belong and not nested and meet(sheet.shapes[one.id], sheet.shapes[other.id], touch=TOUCH):
            yield f"{one.id} over {other.id}"
    for element in sheet.elements:
        box, around = sheet.shapes[element.id], sheet.around(element.id)
        yield from (f"{element.id} outside {key}" for key in around if not holds(sheet.shapes[key], box))
        home = sheet.home.get(element.id)
        placed = around or element.id in sheet.open or element.attached_to in sheet.shapes
        if home and not placed and not holds(sheet.lanes[home], box):
            yield f"{element.id} outside {home}"
