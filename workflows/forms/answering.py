"""Checking a level of answers: what is hidden, missing, unknown, or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.errors import Problem
from workflows.forms.checks import check_answer, check_valid, ensure_given
from workflows.forms.drafts import draft_answers
from workflows.forms.fields import Field, holds
from workflows.forms.leaves import WrongAnswer, convert, in_sentence, is_blank

Files = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading of a form: what was known before, the moment, the attachments at hand, and the problems found so far."""

    known: Mapping[str, Any]
    now: datetime
    files: Files | None
    problems: list[Problem]

    def report(self, where: str, wrong: WrongAnswer) -> None:
        """Note what is wrong with the answer at a place."""
        self.problems.append(Problem(where=where, sentence=wrong.sentence, facts=wrong.facts))


def read_level(fields: tuple[Field, ...], raw: Any, scope: dict[str, Any], where: str, reading: Reading) -> dict[str, Any]:
    """Check the answers of one level (the form, a group, a row of a list) and return them typed.

    Args:
        scope: What conditions may read, changed on the way: a field that is hidden is null for those after it.
        where: The place of this level, empty for the form.
    """
    given = raw if isinstance(raw, Mapping) else {}
    members = [*_members(fields, ())]
    if raw is not None and not isinstance(raw, Mapping):
        reading.report(where, WrongAnswer("The answers must come by name"))
    for name in (str(name) for name in given if name not in {field.key for field, _ in members}):
        unknown = WrongAnswer("This form has no field called {name}.", name=_join(where, name))
        reading.report(_join(where, name), unknown)
    answers: dict[str, Any] = {}
    for field, around in members:
        if any(each.is_hidden(scope, reading.now) for each in (*around, field)):
            scope[field.key] = None
        elif any(holds(each.locked, scope, reading.now) for each in (*around, field)):
            # Whatever was sent for it, conditions see what the case knows.
            scope[field.key] = None if where else reading.known.get(field.key)
        else:
            answers[field.key] = _read_field(field, given.get(field.key), scope, _join(where, field.key), reading)
    return answers


def _members(fields: tuple[Field, ...], around: tuple[Field, ...]) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    """Yield the fields with a key, each with the groups without a path around it, which may hide it."""
    for field in fields:
        if field.kind == "group" and not field.key:
            yield from _members(field.fields, (*around, field))
        elif field.key:
            yield field, around


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _read_field(field: Field, raw: Any, scope: dict[str, Any], where: str, reading: Reading) -> Any:
    before = len(reading.problems)
    if field.kind == "group":
        answer: Any = _read_group(field, raw, scope, where, reading)
    elif field.kind == "dynamiclist":
        answer = _read_rows(field, raw, scope, where, reading)
    else:
        answer = _read_leaf(field, raw, scope, where, reading)
    if len(reading.problems) == before:
        try:
            check_valid(field, scope, reading.now)
        except WrongAnswer as wrong:
            reading.report(where, wrong)
    return answer


def _read_leaf(field: Field, raw: Any, scope: Mapping[str, Any], where: str, reading: Reading) -> Any:
    try:
        return check_answer(field, convert(field, raw, scope), scope, reading.now, reading.files)
    except WrongAnswer as wrong:
        reading.report(where, wrong)
        return None


def _inner_scope(scope: Mapping[str, Any], draft: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {**scope, **draft, "this": draft, "parent": scope, **more}


def _read_group(field: Field, raw: Any, scope: Mapping[str, Any], where: str, reading: Reading) -> dict[str, Any]:
    inner = _inner_scope(scope, draft_answers(field.fields, raw, scope))
    return read_level(field.fields, raw, inner, where, reading)


def _read_rows(field: Field, raw: Any, scope: Mapping[str, Any], where: str, reading: Reading) -> list[dict[str, Any]]:
    """Read the rows of a list; rows left blank do not count, but keep their number in the places of problems."""
    if not isinstance(raw, list) and not is_blank(raw):
        reading.report(where, WrongAnswer("The answers must come by name"))
        return []
    filled = [(number, row) for number, row in enumerate(raw if isinstance(raw, list) else []) if not is_blank(row)]
    least, most, _ = field.rows
    if len(filled) > most:
        reading.report(where, WrongAnswer("{label} can have {most} entries or fewer", label=field.label, most=most))
        return []
    try:
        ensure_given(field, filled, scope, reading.now)
    except WrongAnswer as wrong:
        reading.report(where, wrong)
        return []
    if len(filled) < least:
        reading.report(where, _too_few(field, least))
    rows = []
    for count, (number, row) in enumerate(filled, start=1):
        inner = _inner_scope(scope, draft_answers(field.fields, row, scope), i=[count])
        rows.append(read_level(field.fields, row, inner, f"{where}.{number}", reading))
    return rows


def _too_few(field: Field, least: int) -> WrongAnswer:
    if least == 1:
        return WrongAnswer("Add at least one entry to {label}", label=in_sentence(field.label))
    return WrongAnswer("{label} needs {least} entries or more", label=field.label, least=least)
