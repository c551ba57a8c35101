"""Many entries at once, out of a table that an owner brings: all of them are added, or none is and every row says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from services.people import Actor
from services.registry.editing import add_row, ensure_may_add
from services.registry.errors import EntryRefused, NotKept, OwnEntry, RowsRefused
from services.registry.reading import find_register
from services.registry.typed import REASON, read_reason
from workflows.errors import AnswersInvalid, Problem, SafeconductError

#: Stands in the facts of a problem: the row of the table that it is about.
ROW = "row"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row of the table: its number there, and what it says as the form of an entry has it."""

    number: int
    raw: Mapping[str, str]


def add_entries(
    session: Session, key: str, lines: Sequence[Line], *, reason: str, actor: Actor, now: datetime, zone: tzinfo = UTC
) -> list[str]:
    """Add an entry for each row and return what names them; a row may refer to one before it.

    Raises:
        NotFound, NotKept: See `services.registry.editing.add_entry`.
        RowsRefused: With every problem of every row, and the number of the row among its facts. What was added before is for
            the caller's transaction to undo.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_add(register, reader)
    why, problems = read_reason({REASON: reason})
    added = []
    for line in lines:
        try:
            with session.begin_nested():  # what fails must not keep the rows after it from being looked at
                raw = {**line.raw, REASON: why or "-"}
                added.append(add_row(session, register, raw, reader=reader, actor=actor, now=now, zone=zone))
        except AnswersInvalid as refusal:
            problems += [_of_row(line, problem) for problem in refusal.problems]
        except (EntryRefused, NotKept, OwnEntry) as refusal:
            problems.append(_of_row(line, _said(refusal)))
    if problems:
        raise RowsRefused(problems)
    return added


def _said(refusal: SafeconductError) -> Problem:
    return Problem(where="", sentence=refusal.sentence, facts=refusal.facts)


def _of_row(line: Line, problem: Problem) -> Problem:
    return replace(problem, facts={**(problem.facts or {}), ROW: line.number})
