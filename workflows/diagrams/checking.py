"""Whether a diagram may be published: everything that the engine would ignore or get wrong, by element, with the way out."""

from __future__ import annotations

from collections.abc import Collection

from workflows.diagrams.checks.adhoc import check_ad_hoc
from workflows.diagrams.checks.compensation import check_compensation
from workflows.diagrams.checks.events import check_events
from workflows.diagrams.checks.expressions import check_expressions
from workflows.diagrams.checks.gateways import check_gateways
from workflows.diagrams.checks.people import check_people
from workflows.diagrams.checks.references import check_references
from workflows.diagrams.checks.structure import check_structure
from workflows.diagrams.checks.support import check_support
from workflows.diagrams.checks.timers import check_timers
from workflows.diagrams.checks.view import Known, look_at
from workflows.diagrams.findings import Findings
from workflows.diagrams.model import Diagram, Note
from workflows.errors import Problem

_CHECKS = (
    check_support,
    check_structure,
    check_gateways,
    check_events,
    check_compensation,
    check_ad_hoc,
    check_people,
    check_references,
    check_timers,
    check_expressions,
)


def check_diagram(
    diagram: Diagram,
    *,
    operations: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    forms: Collection[str] | None = None,
    processes: Collection[str] | None = None,
    tasks: Collection[str] | None = None,
) -> list[Problem]:
    """Name everything that keeps a diagram from being published; an empty list means that it runs as it is drawn.

    Args:
        operations: Names of the catalogue's operations. None where they are not known (then they are not checked), as with all.
        roles: Codes of roles, as lanes and candidate groups name them.
        decisions: Ids of decisions.
        forms: Ids of forms.
        processes: Ids of processes that may be called, beside those of this file.
        tasks: Ids of the user tasks of the whole folder, which `separate_from` may name.
    """
    known = Known(operations=operations, roles=roles, decisions=decisions, forms=forms, processes=processes, tasks=tasks)
    return [problem for problem in _examine(diagram, known) if not isinstance(problem, Note)]


def note_diagram(diagram: Diagram) -> list[Note]:
    """Name what is worth knowing about a diagram and does not keep it from being published."""
    return [problem for problem in _examine(diagram, Known()) if isinstance(problem, Note)]


def _examine(diagram: Diagram, known: Known) -> list[Problem]:
    findings = Findings()
    view = look_at(diagram, known, findings)
    for check in _CHECKS:
        check(view)
    return [*diagram.ignored, *findings.found]
