"""A BPMN file under change."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workflows.diagrams.editing.errors import ElementGone
from workflows.diagrams.vocabulary import BPMN, BPMN_DI, child, children, local, reference
from workflows.rewriting import XmlFile

_INDENT = "  "


class Sheet(XmlFile):
    """A BPMN file, to be asked for its nodes and written again."""

    def __init__(self, data: bytes) -> None:
        """Read the file with everything in it."""
        super().__init__(data)
        self._nodes = {node.get("id"): node for node in self.root.iter(etree.Element) if node.get("id")}
        self._drawn = {
            reference(node.get("bpmnElement")): node
            for node in self.root.iter(f"{{{BPMN_DI}}}BPMNShape", f"{{{BPMN_DI}}}BPMNEdge")
        }

    def node(self, key: str) -> etree._Element:
        """Return the node of an element, a flow or a lane.

        Raises:
            ElementGone: There is none.
        """
        found = self._nodes.get(key)
        if found is None or found.getparent() is None:
            raise ElementGone(id=key)
        return found

    def name(self, key: str) -> str:
        """Return what an element is called, its id where it has no name."""
        return self.node(key).get("name") or key

    def drawn(self, key: str) -> etree._Element | None:
        """Return the shape or line that draws an element; None where it is not drawn."""
        found = self._drawn.get(key)
        return found if found is not None and found.getparent() is not None else None

    def flows(self, *, source: str | None = None, target: str | None = None) -> list[etree._Element]:
        """Return the sequence flows that leave or reach an element, in the order of the file."""
        return [
            flow
            for flow in self.root.iter(f"{{{BPMN}}}sequenceFlow")
            if source in (None, reference(flow.get("sourceRef"))) and target in (None, reference(flow.get("targetRef")))
        ]

    def attached(self, key: str) -> list[etree._Element]:
        """Return the events that sit on an element."""
        return [node for node in self.root.iter(f"{{{BPMN}}}boundaryEvent") if reference(node.get("attachedToRef")) == key]

    def new_id(self, kind: str) -> str:
        """Return an id that nothing has yet."""
        number = 1
        while f"{kind}_{number}" in self._nodes:
            number += 1
        return f"{kind}_{number}"

    def add(self, parent: etree._Element, tag: str, *, before: etree._Element | None = None, **attributes: str) -> etree._Element:
        """Add a node, indented as its neighbours are."""
        node = etree.SubElement(parent, tag)
        if before is not None:
            before.addprevious(node)
        for name, value in attributes.items():
            node.set(name, value)
        if "id" in attributes:
            self._nodes[attributes["id"]] = node
        if "bpmnElement" in attributes:
            self._drawn[attributes["bpmnElement"]] = node
        _indent(node)
        return node

    def remove(self, node: etree._Element) -> None:
        """Take a node out, with the line that it stood on."""
        parent, before = node.getparent(), node.getprevious()
        if parent is None:
            return
        tail = node.tail
        if before is not None and node.getnext() is None:
            before.tail = tail
        elif before is None and node.getnext() is None:
            parent.text = None if not (parent.text or "").strip() else parent.text
        node.tail = None
        parent.remove(node)

    def lanes(self) -> Iterator[etree._Element]:
        """Yield the lanes of all processes."""
        return self.root.iter(f"{{{BPMN}}}lane")

    def list_in(self, node: etree._Element, tag: str, key: str) -> None:
        """Note an id in a node's list, such as an incoming flow or a member of a lane; in the order that BPMN asks for."""
        if any((each.text or "").strip() == key for each in children(node, tag)):
            return
        listed = list(children(node, tag))
        before = listed[-1].getnext() if listed else _first_behind(node, tag)
        self.add(node, f"{{{BPMN}}}{tag}", before=before).text = key

    def unlist(self, node: etree._Element, tag: str, key: str) -> None:
        """Take an id out of a node's list."""
        for each in [each for each in children(node, tag) if reference(each.text) == key]:
            self.remove(each)

    def extensions(self, node: etree._Element) -> etree._Element:
        """Return where a node keeps its extensions; made where there is no such place."""
        found = child(node, "extensionElements")
        if found is None:
            documentation = list(children(node, "documentation"))
            first = documentation[-1].getnext() if documentation else next(iter(node), None)
            found = self.add(node, f"{{{BPMN}}}extensionElements", before=first)
        return found


def _first_behind(node: etree._Element, tag: str) -> etree._Element | None:
    """What a first incoming or outgoing flow is put before."""
    ahead = {"documentation", "extensionElements", "auditing", "monitoring"} | ({"incoming"} if tag == "outgoing" else set())
    return next((each for each in node if isinstance(each.tag, str) and local(each) not in ahead), None)


def _indent(node: etree._Element) -> None:
    """Put a new node on a line of its own, as deep as its neighbours."""
    parent = node.getparent()
    if parent is None:
        return
    depth = sum(1 for _ in node.iterancestors())
    lead = "\n" + _INDENT * depth
    before, after = node.getprevious(), node.getnext()
    if before is not None:
        earlier = before.getprevious()
        found = earlier.tail if earlier is not None else parent.text
        lead = found if found and not found.strip() else lead
        node.tail, before.tail = before.tail, lead
    else:
        lead = parent.text if after is not None and parent.text and not parent.text.strip() else lead
        node.tail = lead if after is not None else "\n" + _INDENT * (depth - 1)
        parent.text = lead
