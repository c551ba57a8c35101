"""Hit policies: what becomes of the rows that match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows import feel
from workflows.feel.comparing import equal
from workflows.feel.functions import BUILT_IN

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hits:
    """The rows that matched, one at least, each a mapping from output name to value.

    Attributes:
        priorities: By output name, its possible values, the most important first; where a table lists them.
    """

    rows: Sequence[Row]
    run: feel.Run
    priorities: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def values(self) -> list[Any]:
        """The answer of each row: its value when there is one output, else a context."""
        return [_single(row) for row in self.rows]

    @property
    def agree(self) -> bool:
        """Whether all rows answer the same."""
        first, *rest = self.rows
        return all(equal(dict(first), dict(row), self.run) is True for row in rest)

    def ranked(self) -> list[Any]:
        """Return the answers, those with the most important values first; rows of one rank keep their order."""
        return [_single(row) for row in sorted(self.rows, key=self._rank)]

    def _rank(self, row: Row) -> tuple[int, ...]:
        return tuple(self._place(values, row[name]) for name, values in self.priorities.items())

    def _place(self, values: Sequence[Any], value: Any) -> int:
        """A value that is not listed comes last."""
        return next((place for place, each in enumerate(values) if equal(each, value, self.run) is True), len(values))


def _single(row: Row) -> Any:
    return next(iter(row.values())) if len(row) == 1 else dict(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a hit policy does.

    Attributes:
        first: Stop looking after the first match.
        same: All rows that match must answer the same.
        most: How many rules may match at most; None for any number.
        combine: From the rows that matched to the answer.
        none: The answer when nothing matches and the table has no default outputs.
    """

    combine: Callable[[Hits], Any]
    first: bool = False
    same: bool = False
    most: int | None = None
    none: Callable[[], Any] = lambda: None


def _first(hits: Hits) -> Any:
    return _single(hits.rows[0])


def _built_in(name: str) -> Callable[[Hits], Any]:
    """Combine values as FEEL's function does; what cannot be combined gives null."""
    return lambda hits: BUILT_IN[name].call(hits.run, [hits.values])


# Keys as written in the file: the hit policy, and for COLLECT its aggregation behind it.
POLICIES: Mapping[str, Policy] = {
    "UNIQUE": Policy(combine=_first, most=1),
    "ANY": Policy(combine=_first, same=True),
    "FIRST": Policy(combine=_first, first=True),
    "PRIORITY": Policy(combine=lambda hits: hits.ranked()[0]),
    "RULE ORDER": Policy(combine=lambda hits: hits.values),
    "OUTPUT ORDER": Policy(combine=lambda hits: hits.ranked()),
    "COLLECT": Policy(combine=lambda hits: hits.values, none=list),
    "COLLECT SUM": Policy(combine=_built_in("sum")),
    "COLLECT MIN": Policy(combine=_built_in("min")),
    "COLLECT MAX": Policy(combine=_built_in("max")),
    "COLLECT COUNT": Policy(combine=lambda hits: len(hits.rows), none=lambda: 0),
}
RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})
