"""A published bundle, compiled once: the specifications of its processes and its decision models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows import dmn
from workflows.engine.build import build_processes
from workflows.engine.errors import ProgramRefused
from workflows.engine.formulas import Formula, Saying, read_saying
from workflows.engine.gateways import PatientGatewaySpec

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

    def source_of(self, flow: str) -> str | None:
        """The element that a flow comes from."""
        return self._sources.get(flow)

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
        words: What the texts inside its expressions are in other languages: by locale, then by the text.
        asks_conditions: Whether an event in it waits for a condition, so that one has to be asked after every step.
        joins_patiently: Whether a gateway in it waits for every token that can still come.
    """

    main: str
    specs: Mapping[str, ProcessSpec]
    models: Mapping[str, dmn.Model]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    graphs: dict[str, Graph] = field(default_factory=dict)
    sayings: dict[str, Saying] = field(default_factory=dict, repr=False)
    asks_conditions: bool = field(init=False)
    joins_patiently: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look once for what would have to be looked for after every step."""
        specs = [spec for process in self.specs.values() for spec in process.task_specs.values() if hasattr(spec, "element")]
        self.asks_conditions = any("conditional" in spec.element.event_kinds for spec in specs)
        self.joins_patiently = any(isinstance(spec, PatientGatewaySpec) for spec in specs)

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

    def saying(self, formula: Formula) -> Saying:
        """Return a formula as it is said in all languages. Raises: feel.FeelLimitError."""
        if formula.text not in self.sayings:
            self.sayings[formula.text] = read_saying(formula, self.words)
        return self.sayings[formula.text]

    def decide(self, decision: str, variables: Mapping[str, Any], now: datetime) -> dmn.Outcome:
        """Ask a decision of the bundle. Raises: ProgramRefused when there is none of that id."""
        model = self.models.get(decision)
        if model is None:
            raise ProgramRefused(cause=f'There is no decision "{decision}" in it.')
        return model.decide(decision, variables, now=now)


def compile_program(package: Package) -> Program:
    """Compile a published bundle. Raises: ProgramRefused, feel.FeelError."""
    words = {locale: tables["texts"] for locale, tables in package.texts.items() if tables.get("texts")}
    return compile_diagrams(package.diagrams.values(), main=package.manifest.main, models=package.decisions, words=words)


def compile_diagrams(
    diagrams: Iterable[Diagram],
    *,
    main: str | None = None,
    models: Mapping[str, dmn.Model] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> Program:
    """Compile diagrams without a bundle around them.

    Args:
        main: The process to run; by default the only executable one, or the first that no other calls.
        words: What the texts inside expressions are in other languages.
    """
    files = list(diagrams)
    specs = build_processes(files)
    return Program(main=main or _find_main(files), specs=specs, models=models or {}, words=words or {})


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
