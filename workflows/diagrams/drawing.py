"""A diagram as a picture that can be read, focused, printed and mirrored: SVG without script and without inline style."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workflows.diagrams.model import Diagram, Element
from workflows.diagrams.pictures.icons import MARKS, badge
from workflows.diagrams.pictures.lines import draw_association, draw_flow
from workflows.diagrams.pictures.scene import Scene, set_scene
from workflows.diagrams.pictures.shapes import draw_activity, draw_artifact, draw_container, draw_event, draw_gateway
from workflows.diagrams.pictures.svg import markup, move, number, tag
from workflows.diagrams.pictures.windows import cut, window_around, windows_across

KIND_WORDS: Mapping[str, str] = {
    "userTask": "user task",
    "serviceTask": "service task",
    "businessRuleTask": "decision",
    "scriptTask": "script",
    "sendTask": "send task",
    "receiveTask": "receive task",
    "manualTask": "manual task",
    "task": "task",
    "subProcess": "subprocess",
    "transaction": "transaction",
    "adHocSubProcess": "ad-hoc subprocess",
    "callActivity": "called process",
    "exclusiveGateway": "exclusive gateway",
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
    "eventBasedGateway": "event-based gateway",
    "complexGateway": "complex gateway",
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "waiting event",
    "intermediateThrowEvent": "throwing event",
    "boundaryEvent": "boundary event",
}
STATE_WORDS: Mapping[str, str] = {
    "done": "done",
    "active": "open now",
    "waiting": "waiting",
    "cancelled": "cancelled",
    "incident": "failed",
    "possible": "possible next",
}

_SAFE_SCHEMES = ("https://", "http://", "/", "#", "?")
# Only for pictures that leave the site; on its pages the site's own stylesheet speaks.
_STYLE = """
text { font-family: "Noto Sans", "Noto Sans Arabic", "Noto Sans SC", Arial, sans-serif; }
.mark-done .bpmn-shape { fill: #eaf5ee; stroke: #1b6e3c; }
.mark-active .bpmn-shape { fill: #e3eefa; stroke: #0b5394; stroke-width: 3px; }
.mark-waiting .bpmn-shape { fill: #fdf4dc; stroke: #6a4a00; }
.mark-incident .bpmn-shape { fill: #fdecee; stroke: #b00020; stroke-width: 3px; }
.mark-cancelled .bpmn-shape { stroke: #5a5a5a; stroke-opacity: 0.7; }
.bpmn-flow.mark-done .bpmn-line { stroke: #1b6e3c; stroke-width: 2.4px; }
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wording:
    """What the picture says beside what the diagram says itself."""

    marks: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, key: str, name: str) -> str:
        return self.names.get(key, name)

    def mark_of(self, key: str) -> str | None:
        mark = self.marks.get(key)
        return mark if mark in MARKS else None

    def label_of(self, element: Element) -> str:
        kind = self.words.get(element.kind, KIND_WORDS[element.kind])
        mark = self.mark_of(element.id)
        state = self.words.get(mark, STATE_WORDS[mark]) if mark else None
        return ", ".join(filter(None, (self.name_of(element.id, element.name), kind, state)))


def draw(
    diagram: Diagram,
    *,
    process: str | None = None,
    marks: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    title: str | None = None,
    description: str | None = None,
    mirrored: bool = False,
    standalone: bool = False,
    around: Collection[str] = (),
) -> str:
    """Draw a diagram as SVG.

    Every element is a `<g data-element="id">` that can be focused and says its name, kind and state. All that comes from the file
    or the caller is escaped; there is no script, no inline style and no id that could clash with another picture on the page.

    Args:
        process: The process to draw, or a subprocess whose inside is to be shown; None for all.
        marks: A state by element or flow id: "done", "active", "waiting", "cancelled", "incident" or "possible". It becomes the
            class `mark-…` and, on elements, a sign of its own form.
        names: Translated names, by element, flow, lane, pool or process id.
        links: Addresses by element id; anything but http, https and addresses within the site is left out.
        words: Translations of KIND_WORDS and STATE_WORDS, by their keys.
        title: The picture's name; by default that of the process.
        mirrored: Lay it out from right to left. Text and symbols are not turned round.
        standalone: Carry a stylesheet along, for a file of its own.
        around: Ids of elements: only these and what lies around them are drawn, as far as the picture shows any of them.

    Raises:
        KeyError: There is no process or subprocess of that id.
    """
    wording = _Wording(marks=marks or {}, names=names or {}, links=links or {}, words=words or {})
    scene = set_scene(diagram, process, mirrored=mirrored)
    window = window_around(scene, around) if around else None
    scene = cut(scene, window) if window else scene
    heading = title or _title(diagram, process, wording)
    said = tag("title", markup(heading)) + (tag("desc", markup(description)) if description else "")
    return _sheet(scene, said + (_ground(scene) if standalone else ""), _draw_scene(scene, wording), heading)


def draw_parts(
    diagram: Diagram,
    *,
    process: str | None = None,
    marks: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    title: str | None = None,
    mirrored: bool = False,
    width: float = 1300.0,
) -> list[str]:
    """Draw a diagram in parts of about one width, in the order of reading, so that each fits a page and can be printed.

    Arguments and errors are those of `draw`.
    """
    wording = _Wording(marks=marks or {}, names=names or {}, words=words or {})
    scene = set_scene(diagram, process, mirrored=mirrored)
    heading = title or _title(diagram, process, wording)
    parts = [cut(scene, window) for window in windows_across(scene, width)]
    return [_sheet(part, tag("title", markup(heading)), _draw_scene(part, wording), heading) for part in parts]


def _sheet(scene: Scene, said: str, drawn: str, heading: str) -> str:
    _, _, width, height = scene.box
    return tag(
        "svg",
        said,
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(number(value) for value in scene.box),
        width=width,
        height=height,
        role="graphics-document document",
        aria_label=heading,
        class_="bpmn bpmn-mirrored" if scene.mirrored else "bpmn",
    )


def _ground(scene: Scene) -> str:
    x, y, width, height = scene.box
    return tag("style", _STYLE) + tag("rect", x=x, y=y, width=width, height=height, fill="#fff", class_="bpmn-ground")


def _draw_scene(scene: Scene, wording: _Wording) -> str:
    elements = tag(
        "g", *(_draw_element(element, scene, wording) for element in scene.elements), role="list", class_="bpmn-elements"
    )
    return _draw_containers(scene, wording) + elements + tag("g", *_draw_lines(scene, wording), class_="bpmn-lines")


def _title(diagram: Diagram, process: str | None, wording: _Wording) -> str:
    key = process or next(iter(diagram.processes))
    if key in diagram.elements:
        return wording.name_of(key, diagram.elements[key].name) or diagram.name
    return wording.name_of(key, diagram.processes[key].name) or diagram.name


def _draw_containers(scene: Scene, wording: _Wording) -> str:
    drawn = [
        tag(
            "g",
            draw_container(
                scene.shapes[pool.id],
                wording.name_of(pool.id, pool.name),
                kind="pool",
                mirrored=scene.mirrored,
                titled=pool.process is not None,
            ),
            class_="bpmn-pool",
            data_element=pool.id,
        )
        for pool in scene.pools
    ]
    drawn += [
        tag(
            "g",
            draw_container(scene.shapes[lane.id], wording.name_of(lane.id, lane.name), kind="lane", mirrored=scene.mirrored),
            class_="bpmn-lane",
            data_element=lane.id,
        )
        for lane in scene.lanes
    ]
    drawn += [
        draw_artifact(artifact, scene.shapes[artifact.id], mirrored=scene.mirrored)
        for artifact in scene.artifacts
        if artifact.id in scene.shapes
    ]
    return tag("g", *drawn, class_="bpmn-containers")


def _draw_element(element: Element, scene: Scene, wording: _Wording) -> str:
    box = scene.shapes[element.id]
    name = wording.name_of(element.id, element.name)
    mark = wording.mark_of(element.id)
    if element.is_activity:
        drawn = draw_activity(element, box, name=name, opened=element.id in scene.open, mirrored=scene.mirrored)
    elif element.is_event:
        drawn = draw_event(element, box, name=name)
    else:
        drawn = draw_gateway(element, box, name=name)
    if mark:
        drawn += move(box.x if scene.mirrored else box.x + box.width, box.y, badge(mark))
    classes = f"bpmn-element bpmn-{element.kind}" + (f" mark-{mark}" if mark else "")
    label = wording.label_of(element)
    picture = tag("g", drawn, aria_hidden="true")
    address = wording.links.get(element.id, "")
    if address.startswith(_SAFE_SCHEMES) and not address.startswith("//"):
        link = tag("a", tag("title", markup(label)), picture, href=address, aria_label=label)
        return tag("g", link, class_=classes, role="listitem", data_element=element.id)
    return tag(
        "g",
        tag("title", markup(label)),
        picture,
        class_=classes,
        role="listitem",
        tabindex="0",
        aria_label=label,
        data_element=element.id,
    )


def _draw_lines(scene: Scene, wording: _Wording) -> list[str]:
    drawn = []
    for flow in scene.flows():
        source = scene.diagram.elements[flow.source]
        mark = wording.mark_of(flow.id)
        drawn.append(
            draw_flow(
                flow,
                scene.edges[flow.id],
                label=scene.labels.get(flow.id),
                name=wording.name_of(flow.id, flow.name),
                marks=f"mark-{mark}" if mark else "",
                default=source.default == flow.id,
                diamond=bool(flow.condition) and source.is_activity,
            )
        )
    drawn += [
        draw_association(artifact, scene.edges[artifact.id], label=scene.labels.get(artifact.id))
        for artifact in scene.artifacts
        if artifact.id in scene.edges
    ]
    return drawn
