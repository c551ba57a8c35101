"""A decision model in memory: decisions, what they build on, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.dmn.graph import Decision, Graph, Service
from workflows.dmn.session import Session
from workflows.dmn.traces import Trace
from workflows.errors import Problem, SafeconductError


class DecisionUnknown(SafeconductError):
    """There is no decision {decision} in {model}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a decision came to, and why.

    Attributes:
        value: A JSON value.
        result: The same as a FEEL value.
    """

    value: Any
    trace: Trace
    result: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """The decisions of one file.

    Attributes:
        decisions: By decision id.
        order: All decision ids, each after the ones that it builds on.
        services: The decision services, by name.
        graph: The elements of this model and of those that it imports.
        problems: What was wrong with the file, where it was read all the same.
    """

    name: str
    decisions: Mapping[str, Decision]
    order: tuple[str, ...]
    namespace: str = ""
    services: Mapping[str, Service] = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)
    problems: tuple[Problem, ...] = ()

    def decide(
        self, decision: str, variables: Mapping[str, Any], *, now: datetime | None = None, lenient: bool = False
    ) -> Outcome:
        """Take a decision, and before it those that it requires.

        Args:
            variables: Values by name; those of an imported model's input data also inside a context under the import's name.
            lenient: Answer null where something goes wrong, as the standard has it, instead of raising.

        Raises:
            DecisionUnknown: This model has no such decision.
            DecisionAmbiguous: Two rules of a table with hit policy UNIQUE match, or two with ANY disagree.
            DecisionFailed: An expression went over its limits.
        """
        if decision not in self.decisions:
            raise DecisionUnknown(decision=decision, model=self.name)
        key = self.decisions[decision].key
        session = self.open_session(variables, now=now, lenient=lenient)
        (value,) = session.decide([key])
        trace = session.traces.get(key) or Trace(decision=decision, name="", hit_policy="", inputs={}, rules=())
        return Outcome(value=feel.to_json(value), trace=trace, result=value)

    def open_session(
        self,
        variables: Mapping[str, Any],
        *,
        given: Mapping[str, Any] | None = None,
        now: datetime | None = None,
        lenient: bool = False,
    ) -> Session:
        """Begin an evaluation in which several decisions or services can be asked; `given` are values by element key."""
        return Session(self.graph, variables, given=given, now=now, lenient=lenient)
