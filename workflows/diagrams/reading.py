"""A BPMN file becomes a Diagram; what nobody would use is written down on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from workflows.diagrams.artifacts import read_artifacts, read_pools
from workflows.diagrams.catalogue import Catalogue, read_catalogue
from workflows.diagrams.elements import DATA_PARTS, read_element, report_data
from workflows.diagrams.files import examine_file
from workflows.diagrams.findings import Findings, shown
from workflows.diagrams.lanes import lane_names, read_lanes
from workflows.diagrams.layout import Layout, read_layout
from workflows.diagrams.model import (
    FLOW_NODES,
    SUBPROCESS_KINDS,
    Bounds,
    Diagram,
    Element,
    Event,
    Flow,
    Lane,
    Loop,
    Process,
)
from workflows.diagrams.vocabulary import BPMN, LOOPS, child, children, flag, is_id, local, namespace, reference, text_in, text_of
from workflows.diagrams.zeebe import read_extensions, report_attributes
from workflows.errors import DiagramRefused, Problem
from workflows.xml import XmlRefused, read_xml

__all__ = ["Bounds", "Diagram", "Element", "Event", "Flow", "Lane", "Loop", "Process", "read_diagram"]


_DRAWN = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group"})
_READ_ELSEWHERE = frozenset({"documentation", "extensionElements", "laneSet", "sequenceFlow", "auditing", "monitoring"}) | _DRAWN
_PARTS_OF_ACTIVITIES = (
    LOOPS | DATA_PARTS | {"incoming", "outgoing", "completionCondition", "dataInputAssociation", "dataOutputAssociation"}
)
_WAYS_OUT = {
    "potentialOwner": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "performer": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "resourceRole": "Name the role in the lane, or in zeebe:assignmentDefinition.",
    "correlationSubscription": "Write the correlation key at the message (zeebe:subscription).",
}


def read_diagram(data: bytes, *, name: str) -> Diagram:
    """Read a BPMN file.

    Args:
        data: The file, from whoever sent it.
        name: What to call it in messages.

    Raises:
        DiagramRefused: It is no XML, no BPMN, holds no process, or is too large to be looked at. Everything else that is wrong
            with it is left to `check_diagram`, so that all of it can be mended in one go.
    """
    try:
        root = read_xml(data)
    except XmlRefused as refusal:
        position = {"line": refusal.position[0]} if refusal.position else {}
        sentence = "The file cannot be read (line {line}): {reason}" if position else "The file cannot be read: {reason}"
        raise DiagramRefused(
            [Problem(where=name, sentence=sentence, facts={"reason": shown(str(refusal)), **position})]
        ) from None
    if namespace(root) != BPMN or local(root) != "definitions":
        raise DiagramRefused(
            [Problem(where=name, sentence="The file is XML, but not BPMN 2.0.", way_out="Save it as a BPMN diagram (.bpmn).")]
        )
    return _Reading(root, name).read(data)


class _Reading:
    """The reading of one file: what has been gathered so far."""

    def __init__(self, root: etree._Element, name: str) -> None:
        self.root = root
        self.name = name
        self.findings = Findings()
        self.catalogue = Catalogue()
        self.processes: dict[str, Process] = {}
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.process_ids = {node.get("id") or "" for node in children(root, "process")}

    def read(self, data: bytes) -> Diagram:
        """Read everything."""
        examine_file(self.root, self.name, self.findings)
        report_attributes(self.root, self.name, self.findings)
        self.catalogue = read_catalogue(self.root, self.findings)
        for node in children(self.root, "process"):
            self._read_process(node)
        if not self.processes:
            raise DiagramRefused([Problem(where=self.name, sentence="There is no process in this file.", way_out="Draw one.")])
        self._join()
        layout = read_layout(self.root, self.findings)
        self._place(layout)
        return Diagram(
            name=self.name,
            processes=self.processes,
            elements=self.elements,
            flows=self.flows,
            messages=self.catalogue.messages,
            shapes=layout.shapes,
            edges=layout.edges,
            edge_labels=layout.edge_labels,
            artifacts=read_artifacts(self.root, self.catalogue, self.findings),
            pools=read_pools(self.root, self.processes, self.findings),
            ignored=tuple(self.findings.found),
            source=data,
        )

    def _read_process(self, node: etree._Element) -> None:
        key = node.get("id") or ""
        if not is_id(key):
            self.findings.refuse(key or self.name, "The process has no usable id.", "Give it an id of letters, digits, - and _.")
            return
        if key in self.processes:
            return
        first, found = len(self.elements), len(self.findings.found)
        executable = flag(node, "isExecutable", default=False)
        report_attributes(node, key, self.findings)
        extensions = read_extensions(node, key, self.findings)
        self._read_scope(node, key)
        inside = [element.id for element in list(self.elements.values())[first:] if element.scope == key]
        self.processes[key] = Process(
            id=key,
            name=(node.get("name") or "").strip(),
            executable=executable,
            elements=tuple(inside),
            lanes=read_lanes(node, self.findings),
            documentation=text_in(node, "documentation") or "",
            properties=extensions.get("properties", {}),
        )
        if not executable:
            self.findings.soften(found)

    def _read_scope(self, node: etree._Element, scope: str) -> None:
        for part in node:
            tag = local(part)
            if namespace(part) != BPMN:
                self.findings.refuse(scope, "The element {tag} is not BPMN and has no effect here.", "Take it out.", tag=tag)
            elif tag in FLOW_NODES:
                self._read_flow_node(part, scope)
            elif tag == "sequenceFlow":
                self._read_flow(part)
            elif tag in DATA_PARTS and local(node) == "process":
                report_data(part, scope, self.findings)
            elif tag not in _READ_ELSEWHERE and not _belongs_to_activity(node, part):
                self.findings.refuse(
                    part.get("id") or scope, "The element {tag} is not supported.", _WAYS_OUT.get(tag, "Take it out."), tag=tag
                )

    def _usable(self, key: str, tag: str) -> bool:
        if not is_id(key):
            self.findings.refuse(
                key or self.name, "The {tag} has no usable id.", "Give it an id of letters, digits, - and _.", tag=tag
            )
            return False
        return key not in self.elements and key not in self.process_ids and key not in self.flows

    def _read_flow_node(self, node: etree._Element, scope: str) -> None:
        key = node.get("id") or ""
        if not self._usable(key, local(node)):
            return
        self.elements[key] = read_element(node, scope, self.catalogue, self.findings)
        if local(node) in SUBPROCESS_KINDS:
            self._read_scope(node, key)

    def _read_flow(self, node: etree._Element) -> None:
        key = node.get("id") or ""
        if not self._usable(key, "sequenceFlow"):
            return
        report_attributes(node, key, self.findings)
        read_extensions(node, key, self.findings)
        condition = child(node, "conditionExpression")
        self.flows[key] = Flow(
            id=key,
            source=reference(node.get("sourceRef")) or "",
            target=reference(node.get("targetRef")) or "",
            condition=text_of(condition),
            name=(node.get("name") or "").strip(),
            xml_position=len(self.flows),
        )

    def _join(self) -> None:
        """Give every element its flows and its lane, and write down what leads nowhere."""
        lanes = {key: name for process in self.processes.values() for key, name in self._lanes_of(process)}
        arrivals: dict[str, list[str]] = {key: [] for key in self.elements}
        departures: dict[str, list[str]] = {key: [] for key in self.elements}
        for flow in self.flows.values():
            for end, ends in ((flow.source, departures), (flow.target, arrivals)):
                if end in ends:
                    ends[end].append(flow.id)
                else:
                    self._report_dangling(flow, end)
        undone_by = self._undoing_activities()
        for key, element in self.elements.items():
            self.elements[key] = replace(
                element,
                incoming=tuple(arrivals[key]),
                outgoing=tuple(departures[key]),
                lane=lanes.get(key),
                undone_by=undone_by.get(key),
            )

    def _undoing_activities(self) -> dict[str, str]:
        """The activity that undoes, by the boundary event to which an association joins it."""
        found: dict[str, str] = {}
        for node in self.root.iter(f"{{{BPMN}}}association"):
            ends = (reference(node.get("sourceRef")) or "", reference(node.get("targetRef")) or "")
            for source, target in (ends, ends[::-1]):
                event, activity = self.elements.get(source), self.elements.get(target)
                if event is None or activity is None or event.kind != "boundaryEvent" or not activity.for_compensation:
                    continue
                if found.setdefault(source, target) != target:
                    self.findings.refuse(
                        source, "The compensation event is joined to two activities; only one would run.", "Keep one association."
                    )
        return found

    def _place(self, layout: Layout) -> None:
        """Tell elements and lanes where they are drawn."""
        for key, element in self.elements.items():
            if key in layout.shapes:
                self.elements[key] = replace(element, position=(layout.shapes[key].x, layout.shapes[key].y))
        for key, process in self.processes.items():
            lanes = tuple(replace(lane, bounds=layout.shapes.get(lane.id)) for lane in process.lanes)
            self.processes[key] = replace(process, lanes=lanes)

    def _lanes_of(self, process: Process) -> Iterator[tuple[str, str]]:
        for lane in process.lanes:
            for member in lane.members:
                if member not in self.elements:
                    self.findings.refuse(
                        lane.id,
                        "The lane lists “{id}”, which is not in this file.",
                        "Save the diagram again with a modeler.",
                        id=member,
                    )
        return iter(lane_names(process, self.elements).items())

    def _report_dangling(self, flow: Flow, end: str) -> None:
        self.findings.refuse(
            flow.id,
            "The sequence flow is tied to “{id}”, which is no element of this file.",
            "Draw the flow again from element to element.",
            id=end,
        )


def _belongs_to_activity(node: etree._Element, part: etree._Element) -> bool:
    """Whether a subprocess has this part as the activity that it is; whatever is refused then is named elsewhere."""
    return local(node) != "process" and local(part) in _PARTS_OF_ACTIVITIES
