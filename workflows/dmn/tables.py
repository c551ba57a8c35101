"""Decision tables: which rules match, and what a hit policy makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.dmn.frames import Answer, Frame, fitted
from workflows.dmn.policies import Hits, Policy, Row
from workflows.dmn.traces import FiredRule
from workflows.errors import SafeconductError


class DecisionAmbiguous(SafeconductError):
    """More than one rule of {decision} matches ({rules}), but only one may. Make the rules exclude each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """A column that asks something.

    Attributes:
        text: The text of its expression.
        label: Its heading; empty when it has none.
        kind: The type that the file gives it; empty when it gives none.
        values: What its value must be one of, as unary tests; None when the file does not say.
    """

    text: str
    expression: feel.Expression
    label: str = ""
    kind: str = ""
    type: feel.Type | None = None
    values: feel.UnaryTests | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """A column that answers.

    Attributes:
        values: Its possible values, the most important first; empty when the file does not list them.
    """

    name: str
    kind: str = ""
    type: feel.Type | None = None
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """An output cell that is a plain literal and needs no evaluation."""

    value: Any

    def evaluate(self, variables: Mapping[str, Any], *, now: datetime | None = None, run: feel.Run | None = None) -> Any:
        """Return the literal."""
        return self.value


Cell = feel.Expression | Constant


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A row.

    Attributes:
        tests: Column index and test, for the columns that are asked at all: a cell with `-` leaves no trace here.
        cells: One per output.
    """

    number: int
    id: str
    tests: tuple[tuple[int, feel.UnaryTests], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A decision table, compiled.

    Attributes:
        columns: The output columns.
        defaults: One cell per output, answered when no rule matches; empty when there are none.
    """

    hit_policy: str
    policy: Policy
    inputs: tuple[Input, ...]
    columns: tuple[Output, ...]
    rules: tuple[Rule, ...]
    defaults: tuple[Cell, ...] = ()
    priorities: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the output columns."""
        return tuple(column.name for column in self.columns)

    def answer(self, frame: Frame) -> Answer:
        """Find the rules that match and combine their outputs as the hit policy says.

        Raises:
            DecisionAmbiguous: More rules match than the hit policy allows, or they answer differently where they must not.
        """
        frame.run.charge(len(self.rules))
        values = [fitted(each.expression.evaluate(frame.variables, run=frame.run), each.type) for each in self.inputs]
        seen = {each.text: feel.to_json(value) for each, value in zip(self.inputs, values, strict=True)}
        if not self._is_possible(values, frame):
            return Answer(value=None, inputs=seen)
        rules = self._matching(values, frame)
        if self.policy.most is not None and len(rules) > self.policy.most:
            return self._ambiguous(rules, seen, frame)
        if not rules and self.defaults:
            rules = [Rule(number=0, id="", tests=(), cells=self.defaults)]
        if not rules:
            return Answer(value=self.policy.none(), inputs=seen)
        hits = Hits(rows=[self._row(rule, frame) for rule in rules], run=frame.run, priorities=self.priorities)
        if self.policy.same and not hits.agree:
            return self._ambiguous(rules, seen, frame)
        fired = tuple(_fired(rule, row) for rule, row in zip(rules, hits.rows, strict=True))
        return Answer(value=self.policy.combine(hits), inputs=seen, rules=fired)

    def _is_possible(self, values: Sequence[Any], frame: Frame) -> bool:
        """Whether every value is one that its column expects: the standard has null for the rest, and so no rule at all."""
        return all(
            column.values is None or value is None or column.values.accepts(value, frame.variables, run=frame.run)
            for column, value in zip(self.inputs, values, strict=True)
        )

    def _matching(self, values: Sequence[Any], frame: Frame) -> list[Rule]:
        matching = []
        variables, run = frame.variables, frame.run
        for rule in self.rules:
            for column, test in rule.tests:
                if test.check(values[column], variables, run) is not True:
                    break
            else:
                matching.append(rule)
                if self.policy.first:
                    break
        return matching

    def _row(self, rule: Rule, frame: Frame) -> Row:
        return {
            column.name: fitted(cell.evaluate(frame.variables, run=frame.run), column.type)
            for column, cell in zip(self.columns, rule.cells, strict=True)
        }

    def _ambiguous(self, rules: Sequence[Rule], seen: Mapping[str, Any], frame: Frame) -> Answer:
        if frame.lenient:
            return Answer(value=None, inputs=seen)
        raise DecisionAmbiguous(decision=frame.decision, rules=", ".join(f"{rule.number} ({rule.id})" for rule in rules))


def _fired(rule: Rule, row: Row) -> FiredRule:
    return FiredRule(number=rule.number, id=rule.id, outputs={name: feel.to_json(value) for name, value in row.items()})
