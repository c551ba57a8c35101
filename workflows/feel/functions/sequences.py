"""Built-in functions that make one list out of others."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from workflows.feel.comparing import contains, equal, order
from workflows.feel.functions.registry import Registry
from workflows.feel.numbers import Number, as_int, truncated
from workflows.feel.values import Function, NoAnswerError, adopt

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()


class UnorderedError(NoAnswerError):
    """Two entries of a list have no order, so the list cannot be sorted."""


def _index(entries: list[Any], position: Number) -> int | None:
    """Return the place counted from 0, or None if the list has no such place."""
    place = truncated(position)
    if not place or abs(place) > len(entries):
        return None
    return place - 1 if place > 0 else len(entries) + place


@FUNCTIONS.builtin("sublist(list: list, start position: number, length?: number)")
def sublist(run: Run, entries: list[Any], start: Number, length: Number | None = None) -> list[Any] | None:
    """Cut out a part; null if the list is too short for it."""
    first = _index(entries, start)
    count = None if length is None else truncated(length)
    if first is None or (length is not None and (count is None or count < 0 or first + count > len(entries))):
        return None
    run.charge_list(len(entries))
    return entries[first:] if count is None else entries[first : first + count]


@FUNCTIONS.builtin("append(list: list, ...item: any)")
def append(run: Run, entries: list[Any], items: list[Any]) -> list[Any]:
    """Add entries at the end."""
    run.charge_list(len(entries) + len(items))
    return [*entries, *items]


@FUNCTIONS.builtin("append(list: list, item: any)")
def append_one(run: Run, entries: list[Any], item: Any) -> list[Any]:
    """Add one entry at the end; this is the form with named arguments."""
    run.charge_list(len(entries) + 1)
    return [*entries, item]


@FUNCTIONS.builtin("concatenate(...list: list)")
def concatenate(run: Run, lists: list[list[Any]]) -> list[Any]:
    """One list after the other."""
    run.charge_list(sum(map(len, lists)))
    return [entry for entries in lists for entry in entries]


@FUNCTIONS.builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, entries: list[Any], position: Number, item: Any) -> list[Any] | None:
    """Add an entry before the one at a place."""
    index = _index(entries, position)
    if index is None:
        return None
    run.charge_list(len(entries) + 1)
    return [*entries[:index], item, *entries[index:]]


@FUNCTIONS.builtin("remove(list: list, position: number)")
def remove(run: Run, entries: list[Any], position: Number) -> list[Any] | None:
    """Leave out the entry at a place."""
    index = _index(entries, position)
    if index is None:
        return None
    run.charge_list(len(entries))
    return [*entries[:index], *entries[index + 1 :]]


@FUNCTIONS.builtin("list replace(list: list, position: number, newItem: any)")
def list_replace(run: Run, entries: list[Any], position: Number, item: Any) -> list[Any] | None:
    """Put another entry at a place."""
    index = _index(entries, position)
    if index is None:
        return None
    run.charge_list(len(entries))
    return [*entries[:index], item, *entries[index + 1 :]]


@FUNCTIONS.builtin("list replace(list: list, match: function, newItem: any)")
def list_replace_where(run: Run, entries: list[Any], match: Function, item: Any) -> list[Any] | None:
    """Put another entry wherever a function of entry and new entry says so."""
    if len(match.parameters) != 2:
        return None
    run.charge_list(len(entries))
    replaced = []
    for entry in entries:
        answer = match.call(run, [adopt(entry), item])
        if type(answer) is not bool:
            return None
        replaced.append(item if answer else entry)
    return replaced


@FUNCTIONS.builtin("reverse(list: list)")
def reverse(run: Run, entries: list[Any]) -> list[Any]:
    """The last entry first."""
    run.charge_list(len(entries))
    return entries[::-1]


@FUNCTIONS.builtin("union(...list: list)")
def union(run: Run, lists: list[list[Any]]) -> list[Any]:
    """All entries of all lists, each once."""
    run.charge_list(sum(map(len, lists)))
    return _distinct(run, [entry for entries in lists for entry in entries])


@FUNCTIONS.builtin("distinct values(list: list)")
def distinct_values(run: Run, entries: list[Any]) -> list[Any]:
    """Each entry once, where it comes first."""
    run.charge_list(len(entries))
    return _distinct(run, entries)


def _distinct(run: Run, entries: list[Any]) -> list[Any]:
    found: list[Any] = []
    texts: set[str] = set()
    for entry in entries:
        if type(entry) is str:
            if entry not in texts:
                texts.add(entry)
                found.append(entry)
        elif not contains(found, adopt(entry), run):
            found.append(entry)
    return found


@FUNCTIONS.builtin("duplicate values(list: list)")
def duplicate_values(run: Run, entries: list[Any]) -> list[Any]:
    """The entries that come more than once, each once."""
    run.charge_list(len(entries))
    distinct = _distinct(run, entries)
    run.charge(len(distinct) * len(entries))
    return [value for value in distinct if sum(equal(adopt(entry), value, run) is True for entry in entries) > 1]


@FUNCTIONS.builtin("flatten(list: list)")
def flatten(run: Run, entries: list[Any]) -> list[Any]:
    """The entries of all lists inside, at any depth."""
    flat: list[Any] = []
    waiting = [iter(entries)]
    while waiting:
        for entry in waiting[-1]:
            run.charge(1)
            if isinstance(entry, list):
                waiting.append(iter(entry))
                break
            flat.append(entry)
        else:
            waiting.pop()
    run.charge_list(len(flat))
    return flat


@FUNCTIONS.builtin("sort(list: list, precedes?: function)")
def sort(run: Run, entries: list[Any], precedes: Function | None = None) -> list[Any] | None:
    """Sort by what a function of two entries says comes first, or in the natural order."""
    run.charge_list(len(entries))
    adopted = [adopt(entry) for entry in entries]

    def natural(left: Any, right: Any) -> int:
        run.charge(1)
        found = order(left, right)
        if found is None:
            raise UnorderedError
        return found

    if precedes is None:
        return sorted(adopted, key=cmp_to_key(natural))
    return _sort_by(run, adopted, precedes)


def _sort_by(run: Run, entries: list[Any], precedes: Function) -> list[Any] | None:
    if len(precedes.parameters) != 2 and not precedes.variadic:
        return None

    def by_function(left: Any, right: Any) -> int:
        if precedes.call(run, [left, right]) is True:
            return -1
        return 1 if precedes.call(run, [right, left]) is True else 0

    return sorted(entries, key=cmp_to_key(by_function))


@FUNCTIONS.builtin("partition(list: list, size: number)")
def partition(run: Run, entries: list[Any], size: Number) -> list[list[Any]] | None:
    """Cut a list into lists of a size; the last one may be shorter."""
    length = as_int(size)
    if length is None or length < 1:
        return None
    run.charge_list(len(entries))
    return [entries[start : start + length] for start in range(0, len(entries), length)]
