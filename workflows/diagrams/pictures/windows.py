"""Parts of a drawing that is too wide for a page: what lies around some elements, or the whole, cut into pieces of one width.

Lanes are cut as well, so that their names stand at the edge of every part; pools are left out, because the title names them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from workflows.diagrams.model import Bounds
from workflows.diagrams.pictures.scene import Scene

Box = tuple[float, float, float, float]
_BESIDE, _ABOVE = 420.0, 150.0
_OVERLAP = 50.0
_NAMES = 40.0
_GAP = 12.0
#: Each time a window is made wider, other steps may stand at its edge.
_TIMES = 3


def window_around(scene: Scene, elements: Collection[str]) -> Box | None:
    """Return what lies around elements, with the steps before and after them; None when the scene shows none of them."""
    boxes = [scene.shapes[each.id] for each in scene.elements if each.id in elements and each.id not in scene.open]
    if not boxes:
        return None
    left, top, width, height = scene.box
    right, bottom = left + width, top + height
    least_x, most_x = min(box.x for box in boxes) - _BESIDE, max(box.x + box.width for box in boxes) + _BESIDE
    least_y, most_y = min(box.y for box in boxes) - _ABOVE, max(box.y + box.height for box in boxes) + _ABOVE
    x, y = max(least_x, left), max(least_y, top)
    return _widened(scene, (x, y, min(most_x, right) - x, min(most_y, bottom) - y))


def windows_across(scene: Scene, width: float) -> Iterator[Box]:
    """Cut a scene into parts in the order of reading, each as high as what stands in it; parts without elements are left out."""
    left, _, whole, _ = scene.box
    count = max(round(whole / width), 1)
    each = whole / count
    numbers = reversed(range(count)) if scene.mirrored else range(count)
    for number in numbers:
        x = left + number * each
        inside = [box for box in _small(scene) if x <= box.x + box.width / 2 < x + each]
        if inside:
            top = min(box.y for box in inside) - _ABOVE
            bottom = max(box.y + box.height for box in inside) + _ABOVE
            yield x - _OVERLAP, top, each + 2 * _OVERLAP, bottom - top


def _small(scene: Scene) -> list[Bounds]:
    return [scene.shapes[element.id] for element in scene.elements if element.id not in scene.open]


def cut(scene: Scene, window: Box) -> Scene:
    """Leave of a scene only what a window shows."""
    x, y, width, height = window
    elements = [each for each in scene.elements if _touches(scene.shapes[each.id], window)]
    kept = {each.id for each in elements}
    lanes = [lane for lane in scene.lanes if _touches(scene.shapes[lane.id], window)]
    artifacts = [each for each in scene.artifacts if each.id not in scene.shapes or _touches(scene.shapes[each.id], window)]
    shapes = {key: box for key, box in scene.shapes.items() if key in kept or _touches(box, window)}
    edge = x - _NAMES if not scene.mirrored else x
    sheet = (edge, y, width + _NAMES, height)
    shapes |= {each.id: _cut_box(shapes[each.id], sheet) for each in lanes}
    edges = {key: points for key, points in scene.edges.items() if _passes(points, window)}
    return replace(
        scene,
        elements=elements,
        open=scene.open & kept,
        shapes=shapes,
        edges=edges,
        pools=[],
        lanes=lanes,
        artifacts=[each for each in artifacts if each.id in shapes or each.id in edges],
        box=sheet,
    )


def _widened(scene: Scene, window: Box) -> Box:
    """Let a window begin and end beside the steps at its edges, so that no step lies upon the names of the lanes."""
    for _ in range(_TIMES):
        x, y, width, height = window
        shown = [box for box in _small(scene) if _touches(box, window)]
        left = min([x, *(box.x - _GAP for box in shown if box.x < x)])
        right = max([x + width, *(box.x + box.width + _GAP for box in shown if box.x + box.width > x + width)])
        window = left, y, right - left, height
    return window


def _touches(box: Bounds, window: Box) -> bool:
    x, y, width, height = window
    return box.x < x + width and x < box.x + box.width and box.y < y + height and y < box.y + box.height


def _passes(points: tuple[tuple[float, float], ...], window: Box) -> bool:
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return _touches(Bounds(x=left, y=top, width=max(right - left, 1), height=max(bottom - top, 1)), window)


def _cut_box(box: Bounds, window: Box) -> Bounds:
    x, y, width, height = window
    left, top = max(box.x, x), max(box.y, y)
    right, bottom = min(box.x + box.width, x + width), min(box.y + box.height, y + height)
    return replace(box, x=left, y=top, width=max(right - left, 1), height=max(bottom - top, 1))
