"""What one act on a case changed, for whoever stores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Step(NamedTuple):
    """One line of the trail: a token entered, left or was cancelled on an element, or a repair let the element be skipped."""

    kind: str
    element: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTask:
    """A user task that was opened, with all that its diagram says of it, evaluated at this moment.

    Attributes:
        token: The id by which it is completed.
        lane: The role that its lane names.
        candidate_groups, candidate_users, assignee: Who may do it, where the diagram says more than the lane.
        area, organisation: Codes, or None for those of the case.
        line: The business key of the line or stop that it concerns.
        act: The verb of the decision record.
        departs_at: The earliest departure of what it is about, where there is a journey.
        due_days: The working days that its person has, where the diagram says so instead of a moment; `due_at` counts every day.
        risk: The risk of what it is about, as a word of the domain.
        separate_from: Ids of tasks whose doers may not do this one.
        card: The facts that the decider sees.
        properties: All other properties of the element, evaluated.
        traces: The decision tables that led here, as JSON (dmn.Trace.as_json).
        said: Subject, question and card in other languages, by locale, as far as they differ there.
    """

    token: str
    element: str
    name: str
    kind: str
    lane: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    assignee: str | None
    area: str | None
    organisation: str | None
    line: str | None
    form: str | None
    subject: str | None
    act: str | None
    due_at: datetime | None
    due_days: float | None
    follow_up_at: datetime | None
    departs_at: datetime | None
    risk: str | None
    priority: int
    separate_from: tuple[str, ...]
    card: Any
    properties: dict[str, Any]
    traces: list[dict[str, Any]]
    said: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thrown:
    """A message or signal that left the case.

    Attributes:
        kind: "message", "signal" or "escalation".
        payload: What the input mappings of the event gave it.
        properties: The zeebe:properties of the event, evaluated.
        caught: How many receivers inside the case took it already.
    """

    kind: str
    name: str
    key: str | None
    payload: dict[str, Any]
    properties: dict[str, Any]
    caught: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Performed:
    """An operation that was carried out, with what it brought: its result, or how it ended, as JSON."""

    element: str
    operation: str
    line: str | None
    result: dict[str, Any] | None = None
    error: tuple[str, str] | None = None


@dataclass(kw_only=True, slots=True)
class Changes:
    """Everything that one act did, in order.

    Attributes:
        moved: Of timers that were put off or brought forward: element, moment before and after, and which of those of the element
            that were due at that moment, the oldest being 0.
        counted: The same of timers that were armed and count working days.
    """

    opened: list[OpenTask] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    trail: list[Step] = field(default_factory=list)
    traces: list[dict[str, Any]] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    performed: list[Performed] = field(default_factory=list)
    moved: list[tuple[str, str, str, int]] = field(default_factory=list)
    counted: list[tuple[str, str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Where an operation is called from.

    Attributes:
        traces: The decision tables that led here, as JSON.
        line: The business key that the element's `line` property names.
        area: The area that its `scope.area` property names.
    """

    element: str
    token: str
    headers: dict[str, str]
    traces: list[dict[str, Any]]
    line: str | None
    area: str | None


class Host(Protocol):
    """Who carries out operations for a case."""

    def perform(self, operation: str, inputs: dict[str, Any], call: Call) -> dict[str, Any]:
        """Carry out an operation and answer its result.

        Raises:
            BusinessError: The operation ended in a way that the diagram may handle by an error boundary event.
        """
