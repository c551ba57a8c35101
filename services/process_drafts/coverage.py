"""Which elements and flows of a draft its scenarios pass, and which they never do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.audit import AuditEntry
from services.models.cases import Case
from workflows.diagrams import Diagram
from workflows.packages import Package


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What was passed, and what never was; ids of elements and flows, in the order of the files."""

    passed: frozenset[str]
    elements: list[str]
    flows: list[str]
    total: int

    @property
    def share(self) -> int:
        """How much of the elements and flows was passed, in percent, rounded down: only all of it is a hundred."""
        left = len(self.elements) + len(self.flows)
        return 100 if not self.total else (self.total - left) * 100 // self.total


def find_passed(session: Session, package: Package) -> list[str]:
    """Return the elements and flows of a process that its cases in a world have passed."""
    trails = (
        select(AuditEntry.case_id, AuditEntry.payload)
        .join(Case, Case.id == AuditEntry.case_id)
        .where(Case.process_key == package.key)
        .order_by(AuditEntry.case_id, AuditEntry.seq)
    )
    steps = [(kind, element) for _, payload in session.execute(trails) for kind, element in payload.get("trail", ())]
    passed = {element for kind, element in steps if kind == "entered"}
    for diagram in package.diagrams.values():
        passed.update(_flows_of(diagram, steps))
    return sorted(passed)


def cover(package: Package, passed: Iterable[str]) -> Coverage:
    """Compare what was passed with what there is."""
    known = frozenset(passed)
    elements = [
        key for diagram in package.diagrams.values() for key, each in diagram.elements.items() if not each.for_compensation
    ]
    flows = [key for diagram in package.diagrams.values() for key in diagram.flows]
    return Coverage(
        passed=known,
        elements=[key for key in elements if key not in known],
        flows=[key for key in flows if key not in known],
        total=len(elements) + len(flows),
    )


def _flows_of(diagram: Diagram, steps: list[tuple[str, str]]) -> Iterator[str]:
    """Find the flows between an element that was left and those that were entered right after it, before another was left.

    Where only one flow leads on, it was passed although its target waited for others and was entered later.
    """
    between = {(flow.source, flow.target): key for key, flow in diagram.flows.items()}
    left: str | None = None
    for kind, element in steps:
        if kind == "left":
            left = element
            known = diagram.elements.get(element)
            if known is not None and len(known.outgoing) == 1:
                yield known.outgoing[0]
        elif kind == "entered" and left is not None and (left, element) in between:
            yield between[left, element]
