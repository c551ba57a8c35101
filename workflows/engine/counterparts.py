"""What takes the place of what in another version of a process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workflows.errors import Problem

if TYPE_CHECKING:
    from workflows.diagrams import Element
    from workflows.engine.program import Program
    from workflows.engine.specs import TokenSpec
    from workflows.engine.tokens import ProcessSpec


UNFIT_SENTENCES = {
    "kind": "{name} would become a step of another kind.",
    "loop": "{name} is repeated in another way in the new version.",
}


class Counterparts:
    """The elements, called processes and flows of two versions, matched by an explicit mapping or else by their ids."""

    def __init__(self, old: Program, new: Program, mapping: Mapping[str, str]) -> None:
        self.old = old
        self.new = new
        self.mapping = mapping

    def wanted(self, spec: TokenSpec) -> str:
        """The id that is looked for."""
        return self.mapping.get(spec.name, spec.name)

    def find(self, spec: TokenSpec, old: ProcessSpec, new: ProcessSpec) -> TokenSpec | None:
        """The element that takes the place of one, in the process that takes the place of its own."""
        found = new.task_specs.get(self.wanted(spec))
        return found if found is not None and hasattr(found, "element") else None

    def process_for(self, process: ProcessSpec, element: TokenSpec) -> str | None:
        """The process that is run in the place of another, by the element that takes the place of its caller."""
        if not process.called:
            return element.name if element.name in self.new.specs else None
        named = element.element.called_process
        known = self.mapping.get(process.name, process.name)
        for name in (known, named if named and not named.startswith("=") else None):
            if name is not None and name in self.new.specs and self.new.specs[name].called:
                return name
        return None

    def flow_for(self, flow: str, target: TokenSpec, old: ProcessSpec, new: ProcessSpec) -> str | None:
        """The flow into a gateway that takes the place of another: by its id, or as the only one from the same source."""
        known = self.mapping.get(flow, flow)
        if known in target.element.incoming:
            return known
        source = self.old.graph(old.name).source_of(flow)
        wanted = self.mapping.get(source, source) if source else None
        graph = self.new.graph(new.name)
        found = [each for each in target.element.incoming if wanted and graph.source_of(each) == wanted]
        return found[0] if len(found) == 1 else None

    def images_in(self, new: ProcessSpec) -> set[str]:
        """The ids that elements of the old version have in the new one, of whatever part."""
        names = {name for spec in self.old.specs.values() for name in spec.task_specs}
        return {self.mapping.get(name, name) for name in names} & set(new.task_specs)

    def why_not(self, old: TokenSpec, new: TokenSpec) -> str:
        """Say in a sentence why an element cannot take the place of another; empty when it can."""
        if _kind_of(old.element) != _kind_of(new.element) or type(old) is not type(new):
            return UNFIT_SENTENCES["kind"]
        if _loop_of(old.element) != _loop_of(new.element):
            return UNFIT_SENTENCES["loop"]
        return ""


def check_mapping(old: Program, new: Program, mapping: Mapping[str, str]) -> list[Problem]:
    """Find what a mapping names that is not there."""
    problems = []
    before, after = _names_of(old), _names_of(new)
    for source, target in mapping.items():
        if source not in before:
            problems.append(Problem(where=source, sentence="The old version has no element of this id."))
        if target not in after:
            problems.append(Problem(where=target, sentence="The new version has no element of this id."))
    twice = {target for target in mapping.values() if list(mapping.values()).count(target) > 1}
    problems += [Problem(where=target, sentence="It is named for more than one element.") for target in sorted(twice)]
    return problems


def _names_of(program: Program) -> set[str]:
    specs = [spec for process in program.specs.values() for spec in process.task_specs.values()]
    flows = {way.flow for spec in specs for way in getattr(spec, "ways", ())}
    return {*program.specs, *flows, *(spec.name for spec in specs if hasattr(spec, "element"))}


def _kind_of(element: Element) -> tuple[object, ...]:
    event = element.event
    parts = (event.parallel, *(part.kind for part in event.parts)) if event is not None else ()
    return element.kind, element.triggered_by_event, event.kind if event else None, parts


def _loop_of(element: Element) -> str | None:
    return element.loop.kind if element.loop is not None else None
