"""Why a decision came out as it did: the record that explains an automatic route years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class FiredRule:
    """One row that matched and what it answered.

    Attributes:
        number: The row as a person counts it, from 1; 0 stands for the table's default outputs.
        outputs: JSON values by the name of the output.
    """

    number: int
    id: str
    outputs: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the rule as JSON values."""
        return {"number": self.number, "id": self.id, "outputs": dict(self.outputs)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """How one decision was taken.

    Attributes:
        decision: The id of the decision, of the business knowledge model that it called, or of the table inside it.
        hit_policy: As in the file, COLLECT with its aggregation ("COLLECT SUM"); empty for other logic than a table.
        inputs: JSON values by the text of the input expression.
        required: The traces of the decisions that were taken first because this one builds on them, and then, in the order in
            which they were asked, those of the tables and business knowledge inside its own logic.
    """

    decision: str
    name: str
    hit_policy: str
    inputs: Mapping[str, Any]
    rules: tuple[FiredRule, ...]
    required: tuple[Trace, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the trace as JSON values."""
        return {
            "decision": self.decision,
            "name": self.name,
            "hit_policy": self.hit_policy,
            "inputs": dict(self.inputs),
            "rules": [rule.as_json() for rule in self.rules],
            "required": [trace.as_json() for trace in self.required],
        }


class Record:
    """Gathers the traces of what one decision asks while it is taken.

    A loop may ask a table thousands of times; a record keeps the first ones, because nobody reads more and each costs space.
    """

    MOST = 200

    def __init__(self) -> None:
        """Begin empty."""
        self.traces: list[Trace] = []

    @property
    def is_full(self) -> bool:
        """Whether further traces are no longer kept."""
        return len(self.traces) >= self.MOST

    def keep(self, trace: Trace) -> None:
        """Keep a trace, as long as there is room."""
        if not self.is_full:
            self.traces.append(trace)
