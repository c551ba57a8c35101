"""What a scenario tells, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A row of a register that is changed; without a key, one that is added."""

    register: str
    key: str | None = None
    set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Happen:
    """Something happens elsewhere: an event is put onto the bus, and whoever listens is told."""

    event: str
    area: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """How the case starts: by whom with which answers, by an event, or because it is due on that day.

    Attributes:
        daily: The operation that says what is due.
        refused: The name of the error that must come instead.
    """

    as_: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    event: Happen | None = None
    daily: str | None = None
    refused: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSeen:
    """A task that must be open; only what is given is compared.

    Attributes:
        flags: What stands out on its card, in this order; empty when nothing does.
    """

    id: str
    role: str | None = None
    area: str | None = None
    organisation: str | None = None
    line: str | None = None
    due: datetime | None = None
    flags: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A step: exactly these tasks are open, in the case or in all cases of another process."""

    tasks: tuple[TaskSeen, ...]
    process: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Do:
    """A step: somebody completes a task, or must be refused.

    Attributes:
        do: The element id of the task; where several of it are open, `area` or `line` tells which.
        process: The process whose cases have the task, where it is not the case of the story.
        refused: The name of the error that must come, e.g. "OwnRequest".
    """

    as_: str
    do: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    area: str | None = None
    line: str | None = None
    process: str | None = None
    refused: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Advance:
    """A step: time passes, and timers fire on the way."""

    by: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """A step: a message comes in, from elsewhere or from somebody; that may have to be refused."""

    message: str
    key: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    as_: str | None = None
    refused: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A step: registers change from outside, as when a training is recorded or an area's level rises."""

    given: tuple[Given, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A step: somebody answers the head counts that ask about a person, the person's own or one of a dependant.

    Attributes:
        says: SAFE, NEED_HELP or OUT_OF_AREA.
        about: Whom it is said of, where that is somebody else.
    """

    as_: str
    says: str
    about: str | None = None
    place: str = ""
    words: str = ""
    refused: str | None = None


Step = Look | Do | Advance | Send | Change | Happen | Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleFired:
    """A decision table that must have been asked; `rule` is the row, from 1; `line` the stop that it was asked for."""

    table: str
    rule: int | None = None
    line: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowsExpected:
    """Rows of a register that must be there: those that fit `where` ("*" fits anything) must say what `expect` says."""

    register: str
    where: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MailExpected:
    """A mail that must have been sent: to whom, with which text."""

    to: str
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CasesExpected:
    """Cases of a process that must be there besides the one of the story; only what is given is compared.

    Attributes:
        count: How many; without it, at least one.
    """

    process: str
    count: int | None = None
    state: str | None = None
    area: str | None = None
    status: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Expect:
    """What must come out; only what is given is compared.

    Attributes:
        path: Element ids in this order; others may lie between.
    """

    state: str | None = None
    outcome: str | None = None
    path: tuple[str, ...] = ()
    not_reached: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    decisions: tuple[RuleFired, ...] = ()
    registers: tuple[RowsExpected, ...] = ()
    mails: tuple[MailExpected, ...] = ()
    cases: tuple[CasesExpected, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One story about a process.

    Attributes:
        also: The keys of further processes that it plays in.
    """

    name: str
    about: str
    process: str
    now: datetime
    world: str
    given: tuple[Given, ...]
    start: Start
    steps: tuple[Step, ...]
    expect: Expect
    also: tuple[str, ...] = ()
