"""A decision model in memory: decisions, what they build on, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from workflows import feel
from workflows.dmn.traces import FiredRule, Trace
from workflows.errors import SafeconductError


class DecisionUnknown(SafeconductError):
    """There is no decision {decision} in {model}."""


class DecisionFailed(SafeconductError):
    """{reason} Therefore the decision {decision} could not be taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the logic of one decision came to, still in FEEL values."""

    value: Any
    inputs: Mapping[str, Any]
    rules: tuple[FiredRule, ...] = ()


class Logic(Protocol):
    """The boxed expression of a decision; a decision table is one kind of it."""

    @property
    def hit_policy(self) -> str:
        """Say how matching rules become one answer; empty for logic without rules."""

    def answer(self, decision: str, variables: Mapping[str, Any], now: datetime | None) -> Answer:
        """Work out the value from the variables; `decision` names it in errors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """A decision that is one FEEL expression."""

    expression: feel.Expression
    hit_policy: str = ""

    def answer(self, decision: str, variables: Mapping[str, Any], now: datetime | None) -> Answer:
        """Evaluate the expression."""
        seen = {name: feel.to_json(variables[name]) for name in sorted(self.expression.names) if name in variables}
        return Answer(value=self.expression.evaluate(variables, now=now), inputs=seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One decision of a model.

    Attributes:
        variable: The name under which other decisions read its value.
        requires: Ids of the decisions whose values it reads.
        reads: The names of its input expressions or of its formula, in order; what a caller has to know.
        outputs: The names of its outputs; empty for a formula.
    """

    id: str
    name: str
    variable: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]
    outputs: tuple[str, ...]
    logic: Logic


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a decision came to (a JSON value), and why."""

    value: Any
    trace: Trace


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """The decisions of one file.

    Attributes:
        decisions: By decision id.
        order: All decision ids, each after the ones that it builds on.
    """

    name: str
    decisions: Mapping[str, Decision]
    order: tuple[str, ...]

    def decide(self, decision: str, variables: Mapping[str, Any], *, now: datetime | None = None) -> Outcome:
        """Take a decision, and before it those that it requires.

        Raises:
            DecisionUnknown: This model has no such decision.
            DecisionAmbiguous: Two rules of a table with hit policy UNIQUE match.
            DecisionFailed: An expression went over its limits.
        """
        if decision not in self.decisions:
            raise DecisionUnknown(decision=decision, model=self.name)
        needed = self._needed(decision)
        scope, traces = dict(variables), dict[str, Trace]()
        for each in (each for each in self.order if each in needed):
            value = _decide(self.decisions[each], scope, traces, now)
            scope[self.decisions[each].variable] = value
        return Outcome(value=feel.to_json(value), trace=traces[decision])

    def _needed(self, decision: str) -> set[str]:
        needed, waiting = set[str](), [decision]
        while waiting:
            each = waiting.pop()
            if each not in needed:
                needed.add(each)
                waiting.extend(self.decisions[each].requires)
        return needed


def _decide(decision: Decision, scope: Mapping[str, Any], traces: dict[str, Trace], now: datetime | None) -> Any:
    try:
        answer = decision.logic.answer(decision.id, scope, now)
    except feel.FeelError as error:
        raise DecisionFailed(decision=decision.id, reason=str(error)) from error
    traces[decision.id] = Trace(
        decision=decision.id,
        name=decision.name,
        hit_policy=decision.logic.hit_policy,
        inputs=answer.inputs,
        rules=answer.rules,
        required=tuple(traces[each] for each in decision.requires),
    )
    return answer.value
