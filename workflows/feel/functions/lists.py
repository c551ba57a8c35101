"""Built-in functions that make one value out of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.arithmetic import ADD, divide_numbers
from workflows.feel.comparing import contains, equal, order
from workflows.feel.functions.registry import Registry
from workflows.feel.numbers import CONTEXT, Number, as_number, whole
from workflows.feel.values import adopt

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()


def numbers_in(run: Run, entries: list[Any]) -> list[Number] | None:
    """Return the entries as numbers, or None if one of them is none."""
    run.charge(len(entries))
    found: list[Number] = []
    for entry in entries:
        number = as_number(entry)
        if number is None:
            return None
        found.append(number)
    return found


def total_of(numbers: list[Number]) -> Number:
    """Add numbers up."""
    total: Number = 0
    for number in numbers:
        total = whole(total + number) if type(total) is int and type(number) is int else CONTEXT.add(total, number)
    return total


@FUNCTIONS.builtin("list contains(list: list, element: any)")
def list_contains(run: Run, entries: list[Any], element: Any) -> bool:
    """Tell whether an entry equals the element."""
    return contains(entries, element, run)


@FUNCTIONS.builtin("count(list: list)")
def count(_run: Run, entries: list[Any]) -> int:
    """Count the entries."""
    return len(entries)


@FUNCTIONS.builtin("is empty(list: list)")
def is_empty(_run: Run, entries: list[Any]) -> bool:
    """Tell whether there are no entries."""
    return not entries


def _extreme(run: Run, entries: list[Any], sign: int) -> Any:
    run.charge(len(entries))
    adopted = [adopt(entry) for entry in entries]
    if not adopted:
        return None
    best = adopted[0]
    for entry in adopted:
        found = order(entry, best)
        if found is None:
            return None
        if found == sign:
            best = entry
    return best


@FUNCTIONS.builtin("min(list: list)", "min(...c: any)")
def smallest(run: Run, entries: list[Any]) -> Any:
    """The entry before all others; null if they have no order."""
    return _extreme(run, entries, -1)


@FUNCTIONS.builtin("max(list: list)", "max(...c: any)")
def largest(run: Run, entries: list[Any]) -> Any:
    """The entry after all others; null if they have no order."""
    return _extreme(run, entries, 1)


@FUNCTIONS.builtin("sum(list: list)", "sum(...n: any)")
def total(run: Run, entries: list[Any]) -> Any:
    """Add numbers or durations up; null for an empty list."""
    run.charge(len(entries))
    if not entries:
        return None
    result = adopt(entries[0])
    result = as_number(result) if as_number(result) is not None else result
    if (type(result), type(result)) not in ADD or type(result) is str:
        return None
    for entry in map(adopt, entries[1:]):
        operation = ADD.get((type(result), type(entry)))
        result = None if operation is None else operation(result, entry, run)
    return result


@FUNCTIONS.builtin("product(list: list)", "product(...n: any)")
def product(run: Run, entries: list[Any]) -> Number | None:
    """Multiply numbers; null for an empty list."""
    numbers = numbers_in(run, entries)
    if not numbers:
        return None
    result: Number = 1
    for number in numbers:
        result = whole(result * number) if type(result) is int and type(number) is int else CONTEXT.multiply(result, number)
    return result


@FUNCTIONS.builtin("mean(list: list)", "mean(...n: any)")
def mean(run: Run, entries: list[Any]) -> Number | None:
    """The average; null for an empty list."""
    numbers = numbers_in(run, entries)
    return divide_numbers(total_of(numbers), len(numbers)) if numbers else None


@FUNCTIONS.builtin("median(list: list)", "median(...n: any)")
def median(run: Run, entries: list[Any]) -> Number | None:
    """The number in the middle; null for an empty list."""
    numbers = numbers_in(run, entries)
    if not numbers:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else divide_numbers(total_of(numbers[middle - 1 : middle + 1]), 2)


@FUNCTIONS.builtin("stddev(list: list)", "stddev(...n: any)")
def standard_deviation(run: Run, entries: list[Any]) -> Number | None:
    """The sample standard deviation; null for fewer than two numbers."""
    numbers = numbers_in(run, entries)
    if not numbers or len(numbers) < 2:
        return None
    average = CONTEXT.divide(total_of(numbers), len(numbers))
    squares: list[Number] = [CONTEXT.power(CONTEXT.subtract(number, average), 2) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(total_of(squares), len(numbers) - 1))


@FUNCTIONS.builtin("mode(list: list)", "mode(...n: any)")
def mode(run: Run, entries: list[Any]) -> list[Number] | None:
    """The numbers that come most often, in order."""
    numbers = numbers_in(run, entries)
    if numbers is None:
        return None
    counts: dict[Number, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


@FUNCTIONS.builtin("all(list: list)", "all(...b: any)")
def every(run: Run, entries: list[Any]) -> bool | None:
    """True if all entries are, false if one is false, else null."""
    run.charge(len(entries))
    if any(entry is False for entry in entries):
        return False
    return True if all(entry is True for entry in entries) else None


@FUNCTIONS.builtin("any(list: list)", "any(...b: any)")
def some(run: Run, entries: list[Any]) -> bool | None:
    """True if one entry is, false if all are false, else null."""
    run.charge(len(entries))
    if any(entry is True for entry in entries):
        return True
    return False if all(entry is False for entry in entries) else None


@FUNCTIONS.builtin("index of(list: list, match: any)")
def index_of(run: Run, entries: list[Any], match: Any) -> list[int]:
    """The places, counted from 1, of the entries that equal the match."""
    run.charge_list(len(entries))
    return [place for place, entry in enumerate(entries, 1) if equal(adopt(entry), match, run) is True]
