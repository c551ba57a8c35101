"""Evaluators of `for`, `some` and `every`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.comparing import order
from workflows.feel.numbers import as_int, as_number
from workflows.feel.scope import Scope
from workflows.feel.temporal import Date
from workflows.feel.values import Range
from workflows.feel.weights import mentions, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workflows.feel import tree
    from workflows.feel.compiler import Compiler
    from workflows.feel.limits import Run
    from workflows.feel.scope import Evaluator

    Turns = Callable[[Scope], Iterator[Scope]]


class NotIterableError(Exception):
    """A loop was asked to run over something that has no entries; the loop as a whole is null."""


def compile_for(node: tree.For, compiler: Compiler) -> Evaluator:
    """A list of what the body gives at each turn; `partial` holds the results so far."""
    inner = compiler.inner
    turns = _compile_turns(node.iterations, compiler)
    body, weight = inner.compile(node.body), weight_of(node.body)
    uses_partial = mentions(node.body, ("partial",))

    def loop(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        run = scope.run
        try:
            for turn in turns(scope):
                run.charge(weight)
                results.append(body(_with_partial(turn, results) if uses_partial else turn))
        except NotIterableError:
            return None
        run.charge_list(len(results))
        return results

    return loop


def _with_partial(turn: Scope, results: list[Any]) -> Scope:
    """The results so far are a copy, so that no list ever contains itself."""
    turn.run.charge_list(len(results))
    return Scope({"partial": list(results)}, turn, turn.run)


def compile_quantified(node: tree.Quantified, compiler: Compiler) -> Evaluator:
    """Whether the body holds at some turn, or at every one; unknown answers make null unless the known ones decide."""
    turns = _compile_turns(node.iterations, compiler)
    body, weight = compiler.inner.compile(node.body), weight_of(node.body)
    deciding, usual = not node.every, node.every

    def check(scope: Scope) -> bool | None:
        answer: bool | None = usual
        try:
            for turn in turns(scope):
                scope.run.charge(weight)
                value = body(turn)
                if value is deciding:
                    return not usual
                if value is not usual:
                    answer = None
        except NotIterableError:
            return None
        return answer

    return check


def _compile_turns(iterations: tuple[tree.Iteration, ...], compiler: Compiler) -> Turns:
    """Return what yields one scope per turn; a later iteration sees the names of the earlier ones."""
    first, *rest = iterations
    entries = _compile_entries(first, compiler)
    name = first.name
    further = _compile_turns(tuple(rest), compiler.inner) if rest else None

    def turns(scope: Scope) -> Iterator[Scope]:
        for value in entries(scope):
            inside = Scope({name: value}, scope, scope.run)
            if further is None:
                yield inside
            else:
                scope.run.charge(1)
                yield from further(inside)

    return turns


def _compile_entries(iteration: tree.Iteration, compiler: Compiler) -> Callable[[Scope], Any]:
    values = compiler.compile(iteration.values)
    if iteration.end is None:
        return lambda scope: entries_of(values(scope), scope.run)
    end = compiler.compile(iteration.end)
    return lambda scope: count_through(values(scope), end(scope), scope.run)


def entries_of(value: Any, run: Run) -> Any:
    """Return what a loop runs over: a list, a range of numbers or days, or the one value itself."""
    if type(value) is list:
        return value
    if type(value) is Range:
        if value.operator or not (value.start_included and value.end_included):
            return _within(value, run)
        return _upwards(value, run)
    if value is None:
        raise NotIterableError
    return [value]


def _within(limits: Range, run: Run) -> Any:
    """A range without one of its ends leaves that end out."""
    steps = _upwards(limits, run)
    return steps[not limits.start_included : len(steps) - (not limits.end_included)]


def _upwards(limits: Range, run: Run) -> Any:
    """A range has its lower end first; only `for i in 3..1` counts down."""
    if order(limits.start, limits.end) not in (-1, 0):
        raise NotIterableError
    return count_through(limits.start, limits.end, run)


def count_through(start: Any, end: Any, run: Run) -> Any:
    """Count from start to end in steps of one, upwards or downwards; over whole numbers or days."""
    if isinstance(start, Date) and isinstance(end, Date):
        first_day, last_day = start.number, end.number
        run.charge_list(abs(last_day - first_day) + 1)
        return [Date.from_number(day) for day in _steps(first_day, last_day)]
    first, last = as_number(start), as_number(end)
    if first is None or last is None:
        raise NotIterableError
    low, high = as_int(first), as_int(last)
    if low is None or high is None:
        raise NotIterableError
    run.charge_list(abs(high - low) + 1)
    return _steps(low, high)


def _steps(start: int, end: int) -> range:
    return range(start, end + 1) if start <= end else range(start, end - 1, -1)
