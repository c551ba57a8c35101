"""What is wrong with a decision table, before anybody decides by it: each finding told by an example."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from workflows import feel
from workflows.dmn.columntypes import check_types
from workflows.dmn.graph import Decision
from workflows.dmn.regions import OTHER, Column, cut_columns
from workflows.dmn.searching import Picks, TooManyError, find_gaps, find_overlap, find_reachable, never_accepts
from workflows.dmn.tables import Constant, Rule, Table
from workflows.errors import Problem

_MOST_GAPS = 5
_ONE_ANSWER = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})


def analyse_table(decision: Decision, *, known: Collection[str] | None = None) -> list[Problem]:
    """Return what is wrong with a decision's table; nothing for a decision that is no table.

    It looks for values that no rule covers, rules that overlap where only one may match, rules that can never fire, cells of a
    wrong type and inputs that nobody knows. Where it cannot decide, because a cell asks more than a comparison with constants or
    because there are too many combinations, it says that.

    Args:
        known: The names that the table may read; None leaves them unchecked.
    """
    table = decision.table
    if table is None:
        return []
    columns = cut_columns(table)
    problems = [*_unknown_inputs(table, decision, known), *check_types(table, decision.id)]
    for look in (_gaps, _overlaps, _never_firing):
        try:
            problems.extend(look(table, columns, decision.id))
        except TooManyError:
            sentence = (
                "Nobody can tell by the table alone whether its rules cover everything once."
                " It has too many combinations to look at all of them."
            )
            problems.append(Problem(where=decision.id, sentence=sentence, is_advice=True))
    return problems


def _unknown_inputs(table: Table, decision: Decision, known: Collection[str] | None) -> Iterator[Problem]:
    if known is None:
        return
    names = {*known, *(column.text for column in table.inputs)}
    parts: list[tuple[str, feel.Expression | feel.UnaryTests]] = [(decision.id, each.expression) for each in table.inputs]
    for rule in table.rules:
        parts += [(rule.id, test) for _, test in rule.tests]
        parts += [(rule.id, cell) for cell in rule.cells if not isinstance(cell, Constant)]
    for where, part in parts:
        allowed = known if where == decision.id else names
        for problem in feel.check_names(part, allowed):
            yield Problem(where=where, sentence=problem.sentence, way_out=problem.way_out, facts=problem.facts)


def _gaps(table: Table, columns: tuple[Column, ...], where: str) -> Iterator[Problem]:
    """Values that no rule covers, where one answer is expected."""
    if table.defaults or table.hit_policy not in _ONE_ANSWER:
        return
    gaps, undecided = find_gaps(columns, table.rules, _MOST_GAPS)
    for picks in gaps:
        yield Problem(
            where=where,
            sentence="No rule matches when {example}.",
            way_out="Add a rule for this, or a last one that takes all the rest.",
            facts={"example": _told(picks, columns)},
        )
    if undecided is not None and not gaps:
        sentence = (
            "Nobody can tell by the table alone whether its rules cover everything once."
            " It depends on more than constants when {example}."
        )
        yield Problem(where=where, sentence=sentence, facts={"example": _told(undecided, columns)}, is_advice=True)


def _overlaps(table: Table, columns: tuple[Column, ...], where: str) -> Iterator[Problem]:
    """Rules of which two match at once, where only one may, or where both must answer the same."""
    if table.hit_policy not in {"UNIQUE", "ANY"}:
        return
    undecided = False
    for place, first in enumerate(table.rules):
        for other, second in enumerate(table.rules[place + 1 :], place + 1):
            if table.hit_policy == "ANY" and _answers(first) == _answers(second):
                continue
            picks, sure = find_overlap(columns, table.rules, place, other)
            undecided = undecided or (picks is not None and not sure)
            if picks is not None and sure:
                yield Problem(
                    where=second.id,
                    sentence="The rules {first} and {second} both match when {example}.",
                    way_out="Make them exclude each other, or choose another hit policy.",
                    facts={"first": first.number, "second": second.number, "example": _told(picks, columns)},
                )
    if undecided:
        sentence = (
            "Nobody can tell by the table alone whether its rules cover everything once."
            " Some cells ask more than a comparison with constants."
        )
        yield Problem(where=where, sentence=sentence, is_advice=True)


def _answers(rule: Rule) -> list[Any]:
    """What a rule answers, as far as it can be compared: the value of a constant, the text of an expression."""
    return [("constant", cell.value) if isinstance(cell, Constant) else ("text", cell.text) for cell in rule.cells]


def _never_firing(table: Table, columns: tuple[Column, ...], where: str) -> Iterator[Problem]:
    """Rules that nothing can match, or that others always come before."""
    for place, rule in enumerate(table.rules):
        impossible = never_accepts(columns, place)
        if impossible is not None:
            yield Problem(
                where=rule.id,
                sentence="Rule {number} can never fire: no possible value of {column} matches its cell.",
                facts={"number": rule.number, "column": impossible},
            )
        elif table.hit_policy == "FIRST" and not find_reachable(columns, table.rules, place):
            yield Problem(
                where=rule.id,
                sentence="Rule {number} can never fire: the rules above it match everything that it matches.",
                way_out="Move it up, or remove it.",
                facts={"number": rule.number},
            )


def _told(picks: Picks, columns: tuple[Column, ...]) -> str:
    """Tell an example: `days is 4 and mode is "MANUAL"`; columns that make no difference are left out."""
    told = [f"{column.label} is {_written(value)}" for column, value in zip(columns, picks, strict=False) if value is not None]
    return " and ".join(told) or "anything is asked"


def _written(value: Any) -> str:
    return OTHER if isinstance(value, str) and value.startswith(OTHER) else feel.write_value(value)
