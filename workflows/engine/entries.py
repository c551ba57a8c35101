"""Where a case begins: which of its start events is entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflows.engine.errors import ProgramRefused

if TYPE_CHECKING:
    from workflows.diagrams import Element
    from workflows.engine.specs import TokenSpec
    from workflows.engine.tokens import ProcessSpec


def find_entries(process: ProcessSpec, event: str | None) -> list[TokenSpec]:
    """The specs that the first tokens are put on.

    Args:
        event: The name of the message or signal that starts the case, or the id of a start event. None for the start event
            without a trigger, or else the only one with a timer.

    Raises:
        ProgramRefused: There is no such start event, or more than one.
    """
    if event is not None:
        return [_find_named(process, event)]
    if process.starts:
        return process.starts
    timers = [entry for entry in process.entries if entry.element.event is not None and entry.element.event.kind == "timer"]
    if len(timers) == 1:
        return timers
    raise ProgramRefused(cause=f"It has no start event without a trigger; say which to enter: {_listed(process)}.")


def names_of(element: Element) -> Iterator[str]:
    """The messages and signals that a start event answers to."""
    if element.event is None:
        return
    for part in element.event.each:
        if part.kind in {"message", "signal"} and part.name:
            yield part.name


def _find_named(process: ProcessSpec, event: str) -> TokenSpec:
    called = [entry for entry in process.entries if event in names_of(entry.element)]
    found = called or [entry for entry in process.entries if entry.name == event]
    if not found:
        raise ProgramRefused(cause=f'None of its start events answers to "{event}"; there are: {_listed(process)}.')
    if len(found) > 1:
        raise ProgramRefused(cause=f'More than one of its start events answers to "{event}".')
    return found[0]


def _listed(process: ProcessSpec) -> str:
    words = []
    for entry in process.entries:
        names = ", ".join(names_of(entry.element))
        words.append(f"{entry.name} ({names})" if names else entry.name)
    return "; ".join(words) or "none"
