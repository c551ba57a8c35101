"""Boxed expressions that go through a list: filter, for, some and every."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.dmn.boxes import Box, own, value_of
from workflows.dmn.frames import Frame, Logic
from workflows.feel.loops import NotIterableError, entries_of
from workflows.feel.numbers import as_number
from workflows.feel.paths import as_list, entry_at

_TURN = 2  # steps that a turn costs at least


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedFilter(Box):
    """The entries of a list for which a condition holds, or the one at a place; null if the condition is anything else."""

    source: Logic
    match: Logic

    def work_out(self, frame: Frame) -> Any:
        """Return the entries, or the entry when the condition is a number."""
        entries = as_list(value_of(self.source, frame))
        chosen: list[Any] = []
        usable = True
        for entry in map(own, entries):
            frame.run.charge(_TURN)
            seen = {**entry, "item": entry} if type(entry) is dict else {"item": entry}
            answer = value_of(self.match, frame.inside(seen))
            if answer is True:
                chosen.append(entry)
            elif as_number(answer) is not None:
                return entry_at(entries, answer)
            usable = usable and (answer is None or type(answer) is bool)
        return chosen if usable else None


def turns(variable: str, source: Logic, frame: Frame) -> Iterable[Frame]:
    """Give the frame of each turn of a loop."""
    for entry in entries_of(value_of(source, frame), frame.run):
        frame.run.charge(_TURN)
        yield frame.inside({variable: own(entry)})


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedFor(Box):
    """A list of what an expression gives for each entry; `partial` holds the results so far."""

    variable: str
    source: Logic
    result: Logic

    def work_out(self, frame: Frame) -> list[Any] | None:
        """Return the results, or null if there is nothing to go through."""
        results: list[Any] = []
        try:
            for turn in turns(self.variable, self.source, frame):
                frame.run.charge_list(len(results))
                results.append(value_of(self.result, turn.inside({"partial": list(results)})))
        except NotIterableError:
            return None
        return results


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxedQuantified(Box):
    """Whether a condition holds for some entry, or for every one."""

    variable: str
    source: Logic
    condition: Logic
    every: bool

    def work_out(self, frame: Frame) -> bool | None:
        """Return true, false, or null where answers are unknown and the known ones do not decide, or one is no boolean."""
        try:
            answers = [value_of(self.condition, turn) for turn in turns(self.variable, self.source, frame)]
        except NotIterableError:
            return None
        if any(answer is not None and type(answer) is not bool for answer in answers):
            return None
        if (not self.every) in answers:
            return not self.every
        return None if None in answers else self.every
