"""Equality, order and membership. Each answer is true, false or null: null where the two cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import values
from workflows.feel.arithmetic import as_moment
from workflows.feel.numbers import as_number
from workflows.feel.values import Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.limits import Run
    from workflows.feel.temporal import DateTime, Time

_DATED = frozenset({values.DATE, values.DATE_TIME})
_FINEST = 1_000_000  # nanoseconds: moments are the same if they fall into the same millisecond
_PLAIN = frozenset({str, int, bool})


def equal(left: Any, right: Any, run: Run) -> bool | None:
    """Compare two values; of different kinds they give null, except that null equals only null."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    other = kind_of(right)
    if kind != other:
        return _equal_moments(as_moment(left), as_moment(right)) if {kind, other} == _DATED else None
    return _EQUALITY[kind](left, right, run) if kind in _EQUALITY else bool(left == right)


def _equal_numbers(left: Any, right: Any, _run: Run) -> bool | None:
    first, second = as_number(left), as_number(right)
    return None if first is None or second is None else first == second


def _equal_moments(left: DateTime, right: DateTime) -> bool | None:
    if left.time.is_local != right.time.is_local:
        return False
    return left.utc_nanos // _FINEST == right.utc_nanos // _FINEST


def _equal_times(left: Time, right: Time, _run: Run) -> bool:
    if left.is_local != right.is_local:
        return False
    return left.utc_nanos // _FINEST == right.utc_nanos // _FINEST


def _equal_lists(left: list[Any], right: list[Any], run: Run) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True), len(left), run)


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], run: Run) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal(((value, right[key]) for key, value in left.items()), len(left), run)


def _all_equal(pairs: Any, count: int, run: Run) -> bool | None:
    run.enter_call(count)
    answer: bool | None = True
    for first, second in pairs:
        same = equal(values.adopt(first), values.adopt(second), run)
        if same is False:
            answer = False
            break
        if same is None:
            answer = None
    run.leave_call()
    return answer


def _equal_ranges(left: Range, right: Range, run: Run) -> bool | None:
    if (left.operator, left.start_included, left.end_included) != (right.operator, right.start_included, right.end_included):
        return False
    ends = (equal(left.start, right.start, run), equal(left.end, right.end, run))
    return False if False in ends else None if None in ends else True


_EQUALITY: dict[str, Callable[[Any, Any, Run], bool | None]] = {
    values.NUMBER: _equal_numbers,
    values.DATE_TIME: lambda left, right, _run: _equal_moments(left, right),
    values.TIME: _equal_times,
    values.LIST: _equal_lists,
    values.CONTEXT: _equal_contexts,
    values.RANGE: _equal_ranges,
    values.FUNCTION: lambda left, right, _run: left is right,
}


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as left comes before, with or after right; None if they have no order."""
    kind = kind_of(left)
    other = kind_of(right)
    if kind != other:
        if {kind, other} != _DATED:
            return None
        left, right, kind = as_moment(left), as_moment(right), values.DATE_TIME
    key = _KEYS.get(kind)
    if key is None:
        return None
    first, second = key(left), key(right)
    if first is None or second is None:
        return None
    return -1 if first < second else 1 if first > second else 0


_KEYS: dict[str, Callable[[Any], Any]] = {
    values.NUMBER: as_number,
    values.STRING: lambda value: value,
    values.DATE: lambda value: value.number,
    values.DATE_TIME: lambda value: value.utc_nanos,
    values.TIME: lambda value: value.utc_nanos,
    values.DAYS_DURATION: lambda value: value.nanos,
    values.MONTHS_DURATION: lambda value: value.months,
}


def less(left: Any, right: Any, _run: Run) -> bool | None:
    """Tell whether left comes before right."""
    found = order(left, right)
    return None if found is None else found < 0


def less_or_equal(left: Any, right: Any, _run: Run) -> bool | None:
    """Tell whether left comes before right or with it."""
    found = order(left, right)
    return None if found is None else found <= 0


def greater(left: Any, right: Any, _run: Run) -> bool | None:
    """Tell whether left comes after right."""
    found = order(left, right)
    return None if found is None else found > 0


def greater_or_equal(left: Any, right: Any, _run: Run) -> bool | None:
    """Tell whether left comes after right or with it."""
    found = order(left, right)
    return None if found is None else found >= 0


def unequal(left: Any, right: Any, run: Run) -> bool | None:
    """Tell whether two values differ."""
    same = equal(left, right, run)
    return None if same is None else not same


COMPARE: dict[str, Callable[[Any, Any, Run], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def in_range(value: Any, limits: Range, run: Run) -> bool | None:
    """Tell whether a value lies in a range."""
    if limits.operator in ("=", "!="):
        return COMPARE[limits.operator](value, limits.start, run)
    if (limits.start is None or limits.end is None) and not limits.operator:
        return None
    above = below = True
    if limits.start is not None:
        found = order(value, limits.start)
        if found is None:
            return None
        above = found > 0 or (found == 0 and limits.start_included)
    if limits.end is not None:
        found = order(value, limits.end)
        if found is None:
            return None
        below = found < 0 or (found == 0 and limits.end_included)
    return above and below


def matches(value: Any, test: Any, run: Run) -> bool | None:
    """Tell whether a value is what a test stands for: the same, in the range, or in the list."""
    if type(test) is Range:
        if type(value) is Range:
            return equal(value, test, run)
        return in_range(value, test, run)
    if type(test) is list:
        return _matches_list(value, test, run)
    return equal(value, test, run)


def _matches_list(value: Any, tests: list[Any], run: Run) -> bool | None:
    run.charge(len(tests))
    if type(value) is list and equal(value, tests, run) is True:
        return True
    for test in tests:
        adopted = values.adopt(test)
        found = (
            in_range(value, adopted, run) if type(adopted) is Range and type(value) is not Range else equal(value, adopted, run)
        )
        if found is True:
            return True
    return False


def contains(entries: list[Any], value: Any, run: Run) -> bool:
    """Tell whether one of the entries equals the value."""
    run.charge(len(entries))
    return any(equal(values.adopt(entry), value, run) is True for entry in entries)
