"""Searching the combinations of stretches: gaps, overlaps and rules out of reach.

Rules are bits of a number, so that one `and` tells which of them are left after a column. States that were seen before are not
looked at again, which keeps tables of the usual kind to a few hundred states; the rest is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflows.dmn.regions import Column
from workflows.dmn.tables import Rule

Picks = tuple[object, ...]
_MOST_STATES = 50_000


class TooManyError(Exception):
    """There are more combinations than can be looked at."""


def find_gaps(columns: Sequence[Column], rules: Sequence[Rule], most: int) -> tuple[list[Picks], Picks | None]:
    """Return examples that no rule can match, and perhaps one that only rules match of which nobody can tell."""
    gaps: list[Picks] = []
    undecided: Picks | None = None
    for picks, possible in _walk(columns, rules, all_rules(rules)):
        if possible:
            undecided = undecided or picks
        else:
            gaps.append(picks)
            if len(gaps) >= most:
                break
    return gaps, undecided


def find_reachable(columns: Sequence[Column], rules: Sequence[Rule], place: int) -> bool:
    """Tell whether something can match a rule that surely matches none of the rules before it."""
    earlier = (1 << place) - 1
    narrowed = [
        Column(label=column.label, stretches=tuple(each for each in column.stretches if each.possible >> place & 1))
        for column in columns
    ]
    return next(_walk(narrowed, rules, earlier), None) is not None


def never_accepts(columns: Sequence[Column], place: int) -> str | None:
    """Return the label of a column of which a rule accepts no value at all."""
    for column in columns:
        if not any(stretch.possible >> place & 1 for stretch in column.stretches):
            return column.label
    return None


def find_overlap(columns: Sequence[Column], rules: Sequence[Rule], first: int, second: int) -> tuple[Picks | None, bool]:
    """Return an example that two rules match, and whether that is sure; None if there is none."""
    both = 1 << first | 1 << second
    asked = {place for rule in (rules[first], rules[second]) for place, _ in rule.tests}
    picks: list[object] = []
    sure = True
    for place, column in enumerate(columns):
        certain = next((each for each in column.stretches if each.sure & both == both), None)
        possible = certain or next((each for each in column.stretches if each.possible & both == both), None)
        if possible is None:
            return None, False
        sure = sure and certain is not None
        picks.append(possible.example if place in asked else None)
    return tuple(picks), sure


def all_rules(rules: Sequence[Rule]) -> int:
    """Return the bits of all rules."""
    return (1 << len(rules)) - 1


def _walk(columns: Sequence[Column], rules: Sequence[Rule], among: int) -> Iterator[tuple[Picks, int]]:
    """Yield the examples that none of some rules surely matches, with the rules that might match them all the same."""
    done = [_finished(rules, place) for place in range(len(columns) + 1)]
    seen: set[tuple[int, int, int]] = set()
    waiting: list[tuple[int, int, int, Picks]] = [(0, among, among, ())]
    while waiting:
        place, sure, possible, picks = waiting.pop()
        if sure & done[place] or (place, sure, possible) in seen:
            continue
        seen.add((place, sure, possible))
        if len(seen) > _MOST_STATES:
            raise TooManyError
        if not possible or place == len(columns):
            yield picks, possible
            continue
        column = columns[place]
        waiting.extend(
            (place + 1, sure & each.sure, possible & each.possible, (*picks, each.example if len(column.stretches) > 1 else None))
            for each in reversed(column.stretches)
        )


def _finished(rules: Sequence[Rule], place: int) -> int:
    """Return the rules that ask nothing from a column on."""
    return sum(1 << bit for bit, rule in enumerate(rules) if all(column < place for column, _ in rule.tests))
