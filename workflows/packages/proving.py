"""Proving the processes of a folder: each once, however often it is asked."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.diagrams import Diagram
from workflows.diagrams.soundness import Soundness, prove
from workflows.diagrams.soundness.exploring import NOT_PROVEN
from workflows.packages.package import Package

_KEPT = 16
_proved: dict[tuple[str, str], Mapping[str, Soundness]] = {}


def prove_package(package: Package) -> Mapping[str, Soundness]:
    """Prove every executable process of a folder sound, or say what is wrong; by process id.

    Nothing is proved of a folder in which flows lead nowhere or into another group of steps; the checks of diagrams name them.
    """
    place = (package.key, package.digest)
    known = _proved.get(place)
    if known is not None:
        return known
    diagrams = {key: diagram for diagram in package.diagrams.values() for key in diagram.processes}
    can_be_played = all(_is_joined(diagram) for diagram in package.diagrams.values())
    made = {
        key: prove(diagrams, key) if can_be_played else Soundness(verdict=NOT_PROVEN, findings=(), states=0)
        for key, diagram in diagrams.items()
        if diagram.processes[key].executable
    }
    while len(_proved) >= _KEPT:
        _proved.pop(next(iter(_proved)), None)
    _proved[place] = made
    return made


def _is_joined(diagram: Diagram) -> bool:
    """Whether every flow goes from an element to another one beside it, and every event sits on one beside it."""
    known = diagram.elements
    scope = {key: element.scope for key, element in known.items()}
    flows = all(scope.get(flow.source, "") == scope.get(flow.target, "-") for flow in diagram.flows.values())
    return flows and all(
        scope.get(each.attached_to or "", "-") == each.scope for each in known.values() if each.kind == "boundaryEvent"
    )
