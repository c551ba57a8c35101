"""What an evaluation carries along, and what every kind of decision logic has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from workflows import feel
from workflows.dmn.traces import FiredRule, Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Where a piece of logic is evaluated.

    Attributes:
        variables: FEEL or JSON values by name.
        run: The budget that all parts of one decision share, and the moment.
        record: Takes the traces of the tables and business knowledge that are asked on the way.
        decision: The id of the decision, for errors and traces.
        lenient: Answer null where a table breaks its own hit policy, as the standard has it, instead of raising.
    """

    variables: Mapping[str, Any]
    run: feel.Run
    record: Record = field(default_factory=Record)
    decision: str = ""
    lenient: bool = False

    def inside(self, names: Mapping[str, Any]) -> Frame:
        """Return the frame of a part that sees more names."""
        return replace(self, variables={**self.variables, **names}) if names else self

    @property
    def now(self) -> datetime | None:
        """The moment of the decision."""
        return self.run.now


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a piece of logic came to, still in FEEL values, and why."""

    value: Any
    inputs: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[FiredRule, ...] = ()


class Logic(Protocol):
    """The logic of a decision: a decision table, a formula or another boxed expression."""

    @property
    def hit_policy(self) -> str:
        """Say how matching rules become one answer; empty for logic without rules."""

    def answer(self, frame: Frame) -> Answer:
        """Work out the value in a frame."""


def fitted(value: Any, wanted: feel.Type | None) -> Any:
    """Return a value as a type wants it: as it is, in a list or out of one, a day as its midnight; else null."""
    return value if wanted is None else wanted.fit(value)[1]
