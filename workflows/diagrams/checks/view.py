"""What every check looks at: the diagram, what exists beside it, and where to write down what is found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Diagram, Element, Flow


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a diagram may name. None means that it is not known here, and is not checked.

    Attributes:
        tasks: Ids of the user tasks of all diagrams of the process.
    """

    operations: Collection[str] | None = None
    roles: Collection[str] | None = None
    decisions: Collection[str] | None = None
    forms: Collection[str] | None = None
    processes: Collection[str] | None = None
    tasks: Collection[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A diagram under check.

    Attributes:
        elements: The elements of executable processes, by id; the others are a drawing and may look as they like.
    """

    diagram: Diagram
    known: Known
    findings: Findings
    elements: dict[str, Element]
    boundaries: dict[str, list[Element]] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """The elements of these kinds."""
        return (element for element in self.elements.values() if element.kind in kinds)

    def outgoing(self, element: Element) -> list[Flow]:
        """The flows that leave an element, in the order in which their conditions are asked."""
        return [self.diagram.flows[key] for key in element.outgoing]

    def incoming(self, element: Element) -> list[Flow]:
        """The flows that arrive at an element."""
        return [self.diagram.flows[key] for key in element.incoming]

    def scopes(self) -> Iterator[tuple[str, list[Element]]]:
        """Every executable process and subprocess with the elements directly inside, also those that hold none."""
        inside: dict[str, list[Element]] = {key: [] for key, process in self.diagram.processes.items() if process.executable}
        inside |= {element.id: [] for element in self.elements.values() if element.is_subprocess}
        for element in self.elements.values():
            inside[element.scope].append(element)
        return iter(inside.items())


def look_at(diagram: Diagram, known: Known, findings: Findings) -> View:
    """Gather what the checks need."""
    elements = {key: element for key, element in diagram.elements.items() if diagram.process_of(key).executable}
    boundaries: dict[str, list[Element]] = {}
    for element in elements.values():
        if element.kind == "boundaryEvent":
            boundaries.setdefault(element.attached_to or "", []).append(element)
    return View(diagram=diagram, known=known, findings=findings, elements=elements, boundaries=boundaries)
