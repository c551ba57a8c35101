"""The elements of decision models and what each builds on, over all models that import each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflows import feel
from workflows.dmn.boxes import BoxedFunction, Typed
from workflows.dmn.frames import Logic
from workflows.dmn.tables import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """One arrow of a diagram: what an element builds on.

    Attributes:
        key: The element's key in the graph.
        name: The name under which expressions see it.
        alias: The name of the import that it comes through; empty within one model.
    """

    key: str
    name: str
    alias: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputData:
    """What a case brings along."""

    key: str
    name: str
    variable: str
    type: feel.Type | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One decision of a model.

    Attributes:
        variable: The name under which other decisions read its value.
        requires: Ids of the decisions whose values it reads; of another model's, with that model's namespace before them.
        reads: The names of its input expressions or of its formula, in order; what a caller has to know.
        outputs: The names of its outputs; empty for a formula.
        needs: All that it builds on: input data, decisions and business knowledge.
        type: What its value must be.
    """

    id: str
    name: str
    variable: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]
    outputs: tuple[str, ...]
    logic: Logic
    key: str = ""
    needs: tuple[Need, ...] = ()
    type: feel.Type | None = None

    @property
    def table(self) -> Table | None:
        """The table by which it is decided; None for other logic."""
        logic = self.logic.logic if isinstance(self.logic, Typed) else self.logic
        return logic if isinstance(logic, Table) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    key: str
    name: str
    variable: str
    function: BoxedFunction
    needs: tuple[Need, ...] = ()
    result: feel.Type | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A decision service: some decisions as one function of what they need from outside.

    Attributes:
        parameters: Keys of the input data and then of the input decisions that a caller gives.
        outputs: Keys of the decisions that it answers with.
    """

    key: str
    name: str
    variable: str
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    result: feel.Type | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """All elements by key.

    Attributes:
        order: The keys of all decisions, each after the ones that it builds on.
        aliases: By a model's namespace, the names under which others import it.
    """

    inputs: Mapping[str, InputData] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    knowledge: Mapping[str, Knowledge] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def needed(self, wanted: Iterable[str], given: Mapping[str, object]) -> set[str]:
        """Return the keys of the decisions that have to be taken for some, where others are given."""
        needed, waiting = set[str](), list(wanted)
        while waiting:
            key = waiting.pop()
            if key in self.decisions and key not in needed and key not in given:
                needed.add(key)
                waiting.extend(need.key for need in self.decisions[key].needs)
        return needed

    def type_of(self, key: str) -> feel.Type | None:
        """Return the type of an input or a decision."""
        element = self.inputs.get(key) or self.decisions.get(key)
        return None if element is None else element.type

    def variable_of(self, key: str) -> str:
        """Return the name under which expressions see an input or a decision."""
        element = self.inputs.get(key) or self.decisions.get(key)
        return "" if element is None else element.variable
