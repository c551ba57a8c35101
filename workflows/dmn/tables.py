"""Decision tables: which rules match, and what a hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows import feel
from workflows.dmn.model import Answer
from workflows.dmn.traces import FiredRule
from workflows.errors import SafeconductError


class DecisionAmbiguous(SafeconductError):
    """More than one rule of {decision} matches ({rules}), but only one may. Make the rules exclude each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """A column that asks something: the text of its expression, and the compiled expression."""

    text: str
    expression: feel.Expression


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """An output cell that is a plain literal and needs no evaluation."""

    value: Any

    def evaluate(self, variables: Mapping[str, Any], *, now: datetime | None = None) -> Any:
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


Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a hit policy does.

    Attributes:
        first: Stop looking after the first match.
        most: How many rules may match at most; None for any number.
        combine: From the rows that matched (one at least, each a mapping from output name to value) to the answer.
        none: The answer when nothing matches and the table has no default outputs.
    """

    first: bool
    most: int | None
    combine: Callable[[Sequence[Row]], Any]
    none: Callable[[], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A decision table, compiled.

    Attributes:
        outputs: Names of the output columns.
        defaults: One cell per output, answered when no rule matches; empty when there are none.
    """

    hit_policy: str
    policy: Policy
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]
    defaults: tuple[Cell, ...] = ()

    def answer(self, decision: str, variables: Mapping[str, Any], now: datetime | None) -> Answer:
        """Find the rules that match and combine their outputs as the hit policy says.

        Raises:
            DecisionAmbiguous: More rules match than the hit policy allows.
        """
        values = [each.expression.evaluate(variables, now=now) for each in self.inputs]
        seen = {each.text: feel.to_json(value) for each, value in zip(self.inputs, values, strict=True)}
        hits = self._hits(values, variables, now)
        if self.policy.most is not None and len(hits) > self.policy.most:
            raise DecisionAmbiguous(decision=decision, rules=", ".join(f"{rule.number} ({rule.id})" for rule in hits))
        if not hits and self.defaults:
            hits = [Rule(number=0, id="", tests=(), cells=self.defaults)]
        rows = [self._row(rule, variables, now) for rule in hits]
        fired = tuple(
            FiredRule(number=rule.number, id=rule.id, outputs={name: feel.to_json(value) for name, value in row.items()})
            for rule, row in zip(hits, rows, strict=True)
        )
        return Answer(value=self.policy.combine(rows) if rows else self.policy.none(), inputs=seen, rules=fired)

    def _hits(self, values: Sequence[Any], variables: Mapping[str, Any], now: datetime | None) -> list[Rule]:
        hits = []
        for rule in self.rules:
            for column, test in rule.tests:
                if not test.accepts(values[column], variables, now=now):
                    break
            else:
                hits.append(rule)
                if self.policy.first:
                    break
        return hits

    def _row(self, rule: Rule, variables: Mapping[str, Any], now: datetime | None) -> Row:
        return {name: cell.evaluate(variables, now=now) for name, cell in zip(self.outputs, rule.cells, strict=True)}


def _single(rows: Sequence[Row]) -> Any:
    """One row: its value when there is one output, else a context."""
    row = rows[0]
    return next(iter(row.values())) if len(row) == 1 else dict(row)


def _collect(rows: Sequence[Row]) -> list[Any]:
    return [_single([row]) for row in rows]


def _sum(rows: Sequence[Row]) -> Any:
    values = _collect(rows)
    if any(isinstance(value, bool) or not isinstance(value, int | Decimal | float) for value in values):
        return None
    return sum((Decimal(str(value)) for value in values), Decimal(0))


def _lowest(rows: Sequence[Row]) -> Any:
    return _extreme(min, _collect(rows))


def _highest(rows: Sequence[Row]) -> Any:
    return _extreme(max, _collect(rows))


def _extreme(choose: Callable[[list[Any]], Any], values: list[Any]) -> Any:
    """Choose one of some values of the same kind; values that have no order between them give null, as in FEEL."""
    if len({type(value) for value in values}) > 1 or isinstance(values[0], bool | dict | list | None):
        return None
    try:
        return choose(values)
    except TypeError:
        return None


def _nothing() -> None:
    """Answer null."""


# Keys as written in the file: the hit policy, and for COLLECT its aggregation behind it.
POLICIES: Mapping[str, Policy] = {
    "UNIQUE": Policy(first=False, most=1, combine=_single, none=_nothing),
    "FIRST": Policy(first=True, most=None, combine=_single, none=_nothing),
    "COLLECT": Policy(first=False, most=None, combine=_collect, none=list),
    "COLLECT SUM": Policy(first=False, most=None, combine=_sum, none=_nothing),
    "COLLECT MIN": Policy(first=False, most=None, combine=_lowest, none=_nothing),
    "COLLECT MAX": Policy(first=False, most=None, combine=_highest, none=_nothing),
    "COLLECT COUNT": Policy(first=False, most=None, combine=lambda rows: Decimal(len(rows)), none=lambda: Decimal(0)),
}
