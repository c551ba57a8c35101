"""What is to be drawn and where: one sheet of a diagram, laid out anew where the file has no drawing, mirrored where asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workflows.diagrams.model import Artifact, Bounds, Diagram, Element, Flow, Lane, Pool
from workflows.diagrams.pictures.autolayout import lay_out, route
from workflows.diagrams.pictures.svg import Point

_MARGIN = 24.0
_ROOM_FOR_LABEL = 44.0


@dataclass(kw_only=True, slots=True)
class Scene:
    """One sheet.

    Attributes:
        elements: In the order in which a reader would follow them; a subprocess before what it holds, an activity before its
            boundary events.
        open: Ids of the subprocesses whose inside is shown.
        box: What the picture has to show.
    """

    diagram: Diagram
    elements: list[Element]
    open: set[str]
    shapes: dict[str, Bounds]
    edges: dict[str, tuple[Point, ...]]
    labels: dict[str, Bounds]
    pools: list[Pool]
    lanes: list[Lane]
    artifacts: list[Artifact]
    mirrored: bool = False
    box: tuple[float, float, float, float] = (0, 0, 0, 0)

    def flows(self) -> Iterable[Flow]:
        """The sequence flows to draw."""
        return (flow for key, flow in self.diagram.flows.items() if key in self.edges)


def set_scene(diagram: Diagram, process: str | None, *, mirrored: bool) -> Scene:
    """Choose and place what is to be drawn.

    Args:
        process: The id of a process, or of a subprocess whose inside is to be shown; None for the whole first sheet.

    Raises:
        KeyError: There is no such process or subprocess.
    """
    chosen = _chosen(diagram, process)
    inside = diagram.by_scope()
    opened = {
        element.id for element in chosen if element.is_subprocess and _is_open(diagram, element, inside.get(element.id, []))
    }
    visible = [element for element in chosen if _is_shown(diagram, element, opened, process)]
    processes = [process] if process is not None and process in diagram.processes else list(diagram.processes)
    shapes: Mapping[str, Bounds] = diagram.shapes
    drawn = all(element.id in shapes for element in visible)
    if not drawn:
        opened, visible = {element.id for element in chosen if element.is_subprocess}, chosen
        shapes = lay_out(diagram, processes)
    scene = Scene(
        diagram=diagram,
        elements=_in_reading_order(diagram, visible),
        open=opened,
        shapes={element.id: shapes[element.id] for element in visible},
        edges={},
        labels=dict(diagram.edge_labels) if drawn else {},
        pools=[],
        lanes=[],
        artifacts=[],
    )
    if process is None or process in diagram.processes:
        _add_containers(scene, processes, shapes, everything=process is None and drawn)
    _draw_edges(scene, drawn=drawn)
    if drawn:
        _add_artifacts(scene, process)
    if mirrored:
        _mirror(scene)
    scene.box = _extent(scene)
    return scene


def _add_containers(scene: Scene, processes: list[str], shapes: Mapping[str, Bounds], *, everything: bool) -> None:
    """Pools and lanes of the shown processes; with `everything` also the pools whose inside nobody knows."""
    pools = [pool for pool in scene.diagram.pools if pool.id in shapes]
    scene.pools = [pool for pool in pools if pool.process in processes or everything]
    scene.lanes = [lane for key in processes for lane in scene.diagram.processes[key].lanes if lane.id in shapes]
    scene.shapes |= {pool.id: shapes[pool.id] for pool in scene.pools} | {lane.id: shapes[lane.id] for lane in scene.lanes}


def _chosen(diagram: Diagram, process: str | None) -> list[Element]:
    if process is None:
        return list(diagram.elements.values())
    if process in diagram.processes:
        return [element for element in diagram.elements.values() if diagram.process_of(element.id).id == process]
    if process not in diagram.elements:
        raise KeyError(process)
    return [element for element in diagram.elements.values() if process in _scopes_above(diagram, element)]


def _scopes_above(diagram: Diagram, element: Element) -> list[str]:
    scopes = [element.scope]
    while scopes[-1] in diagram.elements:
        scopes.append(diagram.elements[scopes[-1]].scope)
    return scopes


def _is_open(diagram: Diagram, element: Element, inside: list[Element]) -> bool:
    box = diagram.shapes.get(element.id)
    if box is None:
        return True
    boxes = [diagram.shapes[inner.id] for inner in inside if inner.id in diagram.shapes]
    return box.expanded and any(inner.plane == box.plane for inner in boxes)


def _is_shown(diagram: Diagram, element: Element, opened: set[str], process: str | None) -> bool:
    scopes = _scopes_above(diagram, element)
    if process in scopes:
        scopes = scopes[: scopes.index(process)]
    return all(scope in opened or scope in diagram.processes for scope in scopes)


def _in_reading_order(diagram: Diagram, visible: list[Element]) -> list[Element]:
    """Follow the flows from the starts, scope by scope."""
    shown = {element.id: element for element in visible}
    beginnings: dict[str, list[Element]] = {}
    attached: dict[str, list[Element]] = {}
    for element in visible:
        if element.attached_to is not None:
            attached.setdefault(element.attached_to, []).append(element)
        elif not element.incoming:
            beginnings.setdefault(element.scope, []).append(element)
    placed: dict[str, Element] = {}
    waiting = [element for element in visible if element.scope not in shown and element.kind == "startEvent"][::-1]
    rest = ([element for element in visible if element.kind != "boundaryEvent"] + visible)[::-1]
    while waiting or rest:
        element = waiting.pop() if waiting else rest.pop()
        if element.id in placed or (element.scope in shown and element.scope not in placed):
            continue
        placed[element.id] = element
        targets = [shown[diagram.flows[flow].target] for flow in element.outgoing if diagram.flows[flow].target in shown]
        waiting += [*targets[::-1], *attached.get(element.id, [])[::-1], *beginnings.get(element.id, [])[::-1]]
    return [*placed.values(), *(element for element in visible if element.id not in placed)]


def _draw_edges(scene: Scene, *, drawn: bool) -> None:
    shown = {element.id for element in scene.elements}
    for flow in scene.diagram.flows.values():
        if flow.source in shown and flow.target in shown:
            known = scene.diagram.edges.get(flow.id) if drawn else None
            scene.edges[flow.id] = known or route(scene.shapes[flow.source], scene.shapes[flow.target])


def _add_artifacts(scene: Scene, process: str | None) -> None:
    """Annotations and the like: all of a sheet, or what touches the shown process."""
    diagram = scene.diagram
    planes = {diagram.shapes[element.id].plane for element in scene.elements}
    pools = [scene.shapes[pool.id] for pool in scene.pools] if process is not None else []
    for artifact in diagram.artifacts:
        box = diagram.shapes.get(artifact.id)
        if box is not None and box.plane in planes and (not pools or any(_touch(box, pool) for pool in pools)):
            scene.shapes[artifact.id] = box
            scene.artifacts.append(artifact)
    known = scene.shapes.keys() | scene.edges.keys()
    for artifact in diagram.artifacts:
        if artifact.id in diagram.edges and {artifact.source, artifact.target} <= known:
            scene.edges[artifact.id] = diagram.edges[artifact.id]
            scene.artifacts.append(artifact)


def _touch(one: Bounds, other: Bounds) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def _mirror(scene: Scene) -> None:
    """Turn the places round, not the things: text and symbols stay as they are."""
    scene.mirrored = True
    scene.shapes = {key: _mirrored(box) for key, box in scene.shapes.items()}
    scene.labels = {key: _mirrored(box) for key, box in scene.labels.items()}
    scene.edges = {key: tuple((-x, y) for x, y in points) for key, points in scene.edges.items()}


def _mirrored(box: Bounds) -> Bounds:
    return replace(box, x=-box.x - box.width, label=_mirrored(box.label) if box.label else None)


def _extent(scene: Scene) -> tuple[float, float, float, float]:
    """x, y, width and height around everything."""
    boxes = [*scene.shapes.values(), *(box.label for box in scene.shapes.values() if box.label)]
    boxes += [box for key, box in scene.labels.items() if key in scene.edges]
    corners = [point for points in scene.edges.values() for point in points]
    corners += [(box.x, box.y) for box in boxes] + [(box.x + box.width, box.y + box.height) for box in boxes]
    for element in scene.elements:
        box = scene.shapes[element.id]
        if (element.is_event or element.is_gateway) and element.name and box.label is None:
            middle, below = box.x + box.width / 2, box.y + box.height + _ROOM_FOR_LABEL
            corners += [(middle - _ROOM_FOR_LABEL, below), (middle + _ROOM_FOR_LABEL, below)]
    if not corners:
        return 0, 0, 100, 60
    left, top = min(x for x, _ in corners) - _MARGIN, min(y for _, y in corners) - _MARGIN
    return left, top, max(x for x, _ in corners) + _MARGIN - left, max(y for _, y in corners) + _MARGIN - top
