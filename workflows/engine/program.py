"""A published bundle, compiled once: the specifications of its processes and its decision models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows import dmn
from workflows.engine.build import build_processes
from workflows.engine.errors import ProgramRefused

if TYPE_CHECKING:
    from workflows.diagrams import Diagram
    from workflows.engine.tokens import ProcessSpec
    from workflows.packages import Package


class Graph:
    """The sequence flows of one process or subprocess, for walking backwards."""

    def __init__(self, spec: ProcessSpec) -> None:
        self._sources: dict[str, str] = {}
        self._before: dict[str, set[str]] = {name: set() for name in spec.task_specs}
        for name, task_spec in spec.task_specs.items():
            for way in getattr(task_spec, "ways", ()):
                self._sources[way.flow] = name
                self._before[way.target.name].add(name)
            for boundary in getattr(task_spec, "boundaries", ()):
                self._before[boundary.name].add(name)
            for catch in getattr(task_spec, "catches", ()):
                self._before[catch.name].add(name)

    def elements_before(self, flows: Iterable[str], *, avoiding: str) -> set[str]:
        """The elements from which a token could come along one of the flows without passing the avoided element."""
        found: set[str] = set()
        todo = [self._sources[flow] for flow in flows]
        while todo:
            name = todo.pop()
            if name == avoiding or name in found:
                continue
            found.add(name)
            todo.extend(self._before[name])
        return found


@dataclass(kw_only=True)
class Program:
    """What runs: immutable once compiled, shared by all cases of a version and by all threads.

    Attributes:
        main: The id of the process that a case runs.
        specs: The specifications of all processes and subprocesses, by id.
        models: The decision models, by decision id.
    """

    main: str
    specs: Mapping[str, ProcessSpec]
    models: Mapping[str, dmn.Model]
    graphs: dict[str, Graph] = field(default_factory=dict)

    def spec(self, name: str) -> ProcessSpec:
        """The specification of a process. Raises: ProgramRefused."""
        if name not in self.specs:
            raise ProgramRefused(cause=f'There is no process "{name}" in it.')
        return self.specs[name]

    def graph(self, name: str) -> Graph:
        """The flows of a process or subprocess."""
        if name not in self.graphs:
            self.graphs[name] = Graph(self.specs[name])
        return self.graphs[name]

    def decide(self, decision: str, variables: Mapping[str, Any], now: datetime) -> dmn.Outcome:
        """Ask a decision of the bundle. Raises: ProgramRefused when there is none of that id."""
        model = self.models.get(decision)
        if model is None:
            raise ProgramRefused(cause=f'There is no decision "{decision}" in it.')
        return model.decide(decision, variables, now=now)


def compile_program(package: Package) -> Program:
    """Compile a published bundle. Raises: ProgramRefused, feel.FeelError."""
    return compile_diagrams(package.diagrams.values(), main=package.manifest.main, models=package.decisions)


def compile_diagrams(
    diagrams: Iterable[Diagram], *, main: str | None = None, models: Mapping[str, dmn.Model] | None = None
) -> Program:
    """Compile diagrams without a bundle around them.

    Args:
        main: The process to run; by default the only executable one, or the first that no other calls.
    """
    files = list(diagrams)
    specs = build_processes(files)
    return Program(main=main or _find_main(files), specs=specs, models=models or {})


def _find_main(files: list[Diagram]) -> str:
    processes = [process for diagram in files for process in diagram.processes.values()]
    called = {element.called_process for diagram in files for element in diagram.elements.values() if element.called_process}
    executable = [process for process in processes if process.executable] or processes
    for process in executable:
        if process.id not in called:
            return process.id
    if not executable:
        raise ProgramRefused(cause="It holds no process.")
    return executable[0].id
