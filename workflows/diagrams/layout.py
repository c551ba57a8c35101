"""Where shapes and lines lie: the drawing that a file carries along."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Bounds
from workflows.diagrams.vocabulary import BPMN_DI, DC, DI, child, children, flag, number, reference


@dataclass(kw_only=True, slots=True)
class Layout:
    """Shapes and way points by the id of what they draw."""

    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    edge_labels: dict[str, Bounds] = field(default_factory=dict)


def read_layout(root: etree._Element, findings: Findings) -> Layout:
    """Read all drawings of a file; a shape without usable numbers is left out and laid out anew when drawn."""
    layout = Layout()
    for diagram in children(root, "BPMNDiagram", of=BPMN_DI):
        for plane in children(diagram, "BPMNPlane", of=BPMN_DI):
            sheet = reference(plane.get("bpmnElement")) or ""
            for node in children(plane, "BPMNShape", of=BPMN_DI):
                _read_shape(node, sheet, layout, findings)
            for node in children(plane, "BPMNEdge", of=BPMN_DI):
                _read_edge(node, layout, findings)
    return layout


def _read_shape(node: etree._Element, plane: str, layout: Layout, findings: Findings) -> None:
    drawn = reference(node.get("bpmnElement"))
    if drawn is None or drawn in layout.shapes:
        return
    box = _box(child(node, "Bounds", of=DC))
    if box is None:
        findings.note(drawn, "The shape has no usable place in the drawing.", "Save the diagram again with a modeler.")
        return
    x, y, width, height = box
    layout.shapes[drawn] = Bounds(
        x=x,
        y=y,
        width=width,
        height=height,
        expanded=flag(node, "isExpanded", default=True),
        horizontal=flag(node, "isHorizontal", default=True),
        marker_visible=flag(node, "isMarkerVisible", default=True),
        label=_label(node),
        plane=plane,
    )


def _read_edge(node: etree._Element, layout: Layout, findings: Findings) -> None:
    drawn = reference(node.get("bpmnElement"))
    if drawn is None or drawn in layout.edges:
        return
    points = [(number(point.get("x")), number(point.get("y"))) for point in children(node, "waypoint", of=DI)]
    usable = tuple((x, y) for x, y in points if x is not None and y is not None)
    if len(usable) < 2 or len(usable) != len(points):
        findings.note(drawn, "The line has no usable way in the drawing.", "Save the diagram again with a modeler.")
        return
    layout.edges[drawn] = usable
    label = _label(node)
    if label:
        layout.edge_labels[drawn] = label


def _label(node: etree._Element) -> Bounds | None:
    label = child(node, "BPMNLabel", of=BPMN_DI)
    box = _box(child(label, "Bounds", of=DC)) if label is not None else None
    return Bounds(x=box[0], y=box[1], width=box[2], height=box[3]) if box else None


def _box(bounds: etree._Element | None) -> tuple[float, float, float, float] | None:
    if bounds is None:
        return None
    x, y, width, height = (number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    if x is None or y is None or not width or not height or width < 0 or height < 0:
        return None
    return x, y, width, height
