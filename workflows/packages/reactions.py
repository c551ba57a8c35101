"""How a process reacts to what happens elsewhere: `[[opens]]` starts cases of it, `[[listens]]` tells those that are open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.packages.findings import Findings

WITHIN = "within"
ANY = "any"
REACHES = (WITHIN, ANY)
_LIST = "a text or a list of texts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opens:
    """A rule by which cases start without a person. Texts that begin with `=` are FEEL over `event`, or over `due`.

    Attributes:
        event: Kinds of events on the bus, or names of messages, that it answers to.
        daily: The operation that is asked once a day which cases are due; an alternative to events.
        start: The message or signal of the start event to enter, or its id; None enters the one without a trigger.
        when: What must hold besides.
        once: The key under which no second open case of the process may be.
        answers: The variables of the new case.
    """

    event: tuple[str, ...] = ()
    daily: str | None = None
    start: str | None = None
    when: str | None = None
    once: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield names and JSON values."""
        yield from _as_json(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listens:
    """A rule by which open cases are told of an event. Texts that begin with `=` are FEEL over `event` and `case`.

    Attributes:
        event: Kinds of events on the bus that it answers to.
        send: The message that a case is sent; None delivers a signal of the event's own name.
        key: The key of that message; None is the case's number.
        targets: The operation that says which cases are concerned and which messages each of them is sent.
        area: "within" tells the cases whose area is that of the event or lies in it, "any" tells all.
        when: What must hold besides.
        payload: What the message or signal brings; None hands on what the event brought.
    """

    event: tuple[str, ...] = ()
    send: str | None = None
    key: str | None = None
    targets: str | None = None
    area: str = WITHIN
    when: str | None = None
    payload: Mapping[str, Any] | None = None

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield names and JSON values."""
        yield from _as_json(self)


def read_opens(table: Mapping[str, Any], where: str, findings: Findings) -> Opens | None:
    """Read one `[[opens]]`; None, with problems noted, when it cannot be used."""
    kinds = {"event": list, "daily": str, "start": str, "when": str, "once": str, "answers": dict}
    values = _read(table, kinds, where, findings)
    if values is not None and bool(values.get("event")) == bool(values.get("daily")):
        findings.report(where, "It says either event or daily, and never both.")
        return None
    return None if values is None else Opens(**values)


def read_listens(table: Mapping[str, Any], where: str, findings: Findings) -> Listens | None:
    """Read one `[[listens]]`; None, with problems noted, when it cannot be used."""
    kinds = {"event": list, "send": str, "key": str, "targets": str, "area": str, "when": str, "payload": dict}
    values = _read(table, kinds, where, findings)
    if values is None:
        return None
    before = len(findings.problems)
    if not values.get("event"):
        findings.report(where, "{name} is missing.", name="event")
    if values.get("area", WITHIN) not in REACHES:
        findings.report(where, "area must be one of these: {known}.", known=", ".join(REACHES))
    if "targets" in values:
        for name in sorted({"send", "key", "payload"} & values.keys()):
            findings.report(where, "{name} has no effect beside targets.", "Take it out.", name=name)
    if "key" in values and "send" not in values:
        findings.report(where, "key has no effect without send.", "Name the message in send.")
    return Listens(**values) if len(findings.problems) == before else None


def fill(value: Any, variables: Mapping[str, Any], now: datetime) -> Any:
    """Work out a value of a rule: texts that begin with `=` as FEEL, in lists and contexts too, anything else as it is.

    Raises:
        FeelError: An expression costs more than its budget.
    """
    if isinstance(value, str) and value.startswith("="):
        return feel.to_json(feel.parse(value[1:]).evaluate(variables, now=now))
    if isinstance(value, Mapping):
        return {name: fill(inner, variables, now) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, variables, now) for inner in value]
    return value


def holds(condition: str | None, variables: Mapping[str, Any], now: datetime) -> bool:
    """Say whether the condition of a rule holds; one that it does not have holds always, and anything but true does not."""
    return condition is None or feel.parse(condition.removeprefix("=")).evaluate(variables, now=now) is True


def formulas(value: Any) -> Iterator[str]:
    """Yield every FEEL text inside a value of a rule, without its `=`."""
    if isinstance(value, str) and value.startswith("="):
        yield value[1:]
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from formulas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from formulas(inner)


def _as_json(rule: Opens | Listens) -> Iterator[tuple[str, Any]]:
    for each in fields(rule):
        value = getattr(rule, each.name)
        yield each.name, list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _read(table: Mapping[str, Any], kinds: Mapping[str, type], where: str, findings: Findings) -> dict[str, Any] | None:
    before = len(findings.problems)
    given = {name: value for name, value in table.items() if value is not None}
    for name in sorted(given.keys() - kinds.keys()):
        findings.report(where, "{name} is not known here.", "Known here: {known}.", name=name, known=", ".join(kinds))
    values = {name: _read_value(name, given[name], kinds[name], where, findings) for name in kinds if name in given}
    return values if len(findings.problems) == before else None


def _read_value(name: str, value: Any, kind: type, where: str, findings: Findings) -> Any:
    if kind is list:
        return _read_kinds(name, value, where, findings)
    if not isinstance(value, kind):
        findings.report(where, "{name} must be {kind}.", name=name, kind="a text" if kind is str else "a table")
    elif isinstance(value, Mapping):
        _refuse_moments(value, f"{where}.{name}", findings)
    elif not str(value).strip():
        findings.report(where, "{name} is empty.", name=name)
    return value


def _read_kinds(name: str, value: Any, where: str, findings: Findings) -> tuple[str, ...]:
    listed: Collection[Any] = [value] if isinstance(value, str) else value if isinstance(value, list) else [None]
    if not all(isinstance(each, str) and each.strip() for each in listed):
        findings.report(where, "{name} must be {kind}.", name=name, kind=_LIST)
        return ()
    return tuple(listed)


def _refuse_moments(value: Any, where: str, findings: Findings) -> None:
    """TOML knows dates and times; what a case knows is JSON, where they are texts."""
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        _refuse_moments(each, f"{where}.{name}", findings)
    if not isinstance(value, str | int | float | bool | Mapping | list):
        findings.report(where, "A date or time must be written as a text here.")
