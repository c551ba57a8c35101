"""Evaluators of operators: logic with three values, comparisons, arithmetic, ranges and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.arithmetic import TABLES, negate
from workflows.feel.comparing import COMPARE, equal, greater_or_equal, in_range, less_or_equal, matches, order
from workflows.feel.numbers import LARGEST_WHOLE
from workflows.feel.values import KINDS, NULL, Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.compiler import Compiler
    from workflows.feel.scope import Evaluator, Scope, Tester


def compile_conjunction(node: tree.Conjunction, compiler: Compiler) -> Evaluator:
    """All hold; one false decides, else anything unknown makes null."""
    parts = [compiler.compile(part) for part in node.parts]

    def both(scope: Scope) -> bool | None:
        answer: bool | None = True
        for part in parts:
            value = part(scope)
            if value is False:
                return False
            if value is not True:
                answer = None
        return answer

    return both


def compile_disjunction(node: tree.Disjunction, compiler: Compiler) -> Evaluator:
    """One holds; one true decides, else anything unknown makes null."""
    parts = [compiler.compile(part) for part in node.parts]

    def either(scope: Scope) -> bool | None:
        answer: bool | None = False
        for part in parts:
            value = part(scope)
            if value is True:
                return True
            if value is not False:
                answer = None
        return answer

    return either


def compile_negation(node: tree.Negation, compiler: Compiler) -> Evaluator:
    """The opposite of a number or duration."""
    operand = compiler.compile(node.operand)
    return lambda scope: negate(operand(scope))


def compile_arithmetic(node: tree.Arithmetic, compiler: Compiler) -> Evaluator:
    """Two operands and a sign; whole numbers take a short way."""
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    table = TABLES[node.operator]
    short = _SHORT.get(node.operator)

    def calculate(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        operation = table.get((type(first), type(second)))
        return None if operation is None else operation(first, second, scope.run)

    if short is None:
        return calculate

    def calculate_whole(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        if type(first) is int and type(second) is int:
            result = short(first, second)
            if -LARGEST_WHOLE < result < LARGEST_WHOLE:
                return result
        operation = table.get((type(first), type(second)))
        return None if operation is None else operation(first, second, scope.run)

    return calculate_whole


_SHORT = {"+": int.__add__, "-": int.__sub__}


def compile_comparison(node: tree.Comparison, compiler: Compiler) -> Evaluator:
    """Two operands and a sign; whole numbers and texts take a short way."""
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    return _COMPARISONS[node.operator](left, right)


def _equality(left: Evaluator, right: Evaluator) -> Evaluator:
    def compare(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        kind = type(first)
        if kind is type(second) and (kind is str or kind is int):
            return bool(first == second)
        return equal(first, second, scope.run)

    return compare


def _less(left: Evaluator, right: Evaluator) -> Evaluator:
    def compare(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        if type(first) is int and type(second) is int:
            return first < second
        found = order(first, second)
        return None if found is None else found < 0

    return compare


def _greater(left: Evaluator, right: Evaluator) -> Evaluator:
    def compare(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        if type(first) is int and type(second) is int:
            return first > second
        found = order(first, second)
        return None if found is None else found > 0

    return compare


def _other(sign: str) -> Any:
    operation = COMPARE[sign]

    def make(left: Evaluator, right: Evaluator) -> Evaluator:
        return lambda scope: operation(left(scope), right(scope), scope.run)

    return make


_COMPARISONS: dict[str, Callable[[Evaluator, Evaluator], Evaluator]] = {
    "=": _equality,
    "<": _less,
    ">": _greater,
    "!=": _other("!="),
    "<=": _other("<="),
    ">=": _other(">="),
}


def compile_between(node: tree.Between, compiler: Compiler) -> Evaluator:
    """Within both bounds."""
    operand, low, high = compiler.compile(node.operand), compiler.compile(node.low), compiler.compile(node.high)

    def within(scope: Scope) -> bool | None:
        value = operand(scope)
        above = greater_or_equal(value, low(scope), scope.run)
        below = less_or_equal(value, high(scope), scope.run)
        return None if above is None or below is None else above and below

    return within


def compile_instance_of(node: tree.InstanceOf, compiler: Compiler) -> Evaluator:
    """Of a type."""
    operand, wanted = compiler.compile(node.operand), node.type.unconstrained
    if not wanted.is_known:
        return lambda _scope: None

    def is_instance(scope: Scope) -> bool:
        value = operand(scope)
        if value is None:
            return wanted.name == NULL
        return wanted.contains(value)

    return is_instance


def compile_range(node: tree.RangeLiteral, compiler: Compiler) -> Evaluator:
    """A range; ends that cannot be compared give null."""
    start, end = compiler.compile(node.start), compiler.compile(node.end)
    start_included, end_included = node.start_included, node.end_included

    def build(scope: Scope) -> Range | None:
        first, last = start(scope), end(scope)
        if not is_range(first, last):
            return None
        return Range(start=first, end=last, start_included=start_included, end_included=end_included)

    if isinstance(node.start, tree.Literal) and isinstance(node.end, tree.Literal):
        first, last = node.start.value, node.end.value
        made = (
            Range(start=first, end=last, start_included=start_included, end_included=end_included)
            if is_range(first, last)
            else None
        )
        return lambda _scope: made
    return build


def is_range(start: Any, end: Any) -> bool:
    """Tell whether these two can be the ends of a range: of one kind that has an order, or one of them open."""
    if start is None or end is None:
        return start is not end and type(start if end is None else end) in KINDS
    return kind_of(start) == kind_of(end) and order(start, end) is not None


def compile_open_range(node: tree.OpenRange, compiler: Compiler) -> Evaluator:
    """A comparison without a left side, as a value."""
    operand, sign = compiler.compile(node.operand), node.operator
    return lambda scope: open_range(sign, operand(scope))


def open_range(sign: str, value: Any) -> Range | None:
    """Make the range that a comparison without a left side stands for."""
    if value is None and sign not in ("=", "!="):
        return None
    if sign in ("=", "!="):
        return Range(start=value, end=value, start_included=sign == "=", end_included=sign == "=", operator=sign)
    below = sign in ("<", "<=")
    included = sign in ("<=", ">=")
    return Range(
        start=None if below else value,
        end=value if below else None,
        start_included=included and not below,
        end_included=included and below,
        operator=sign,
    )


def compile_in(node: tree.In, compiler: Compiler) -> Evaluator:
    """One of the tests accepts the operand."""
    operand = compiler.compile(node.operand)
    tests = [compile_test(test, compiler) for test in node.tests]

    def check(scope: Scope) -> bool | None:
        return any_accepts(tests, scope, operand(scope))

    return check


def any_accepts(tests: list[Tester], scope: Scope, value: Any) -> bool | None:
    """True if a test accepts the value, else null if one cannot tell, else false."""
    answer: bool | None = False
    for test in tests:
        found = test(scope, value)
        if found is True:
            return True
        if found is None:
            answer = None
    return answer


def compile_test(node: tree.Node, compiler: Compiler) -> Tester:
    """Return what checks a value against a test: a comparison, a range, a list or a value."""
    if isinstance(node, tree.OpenRange):
        operand, operation = compiler.compile(node.operand), COMPARE[node.operator]
        return lambda scope, value: operation(value, operand(scope), scope.run)
    if isinstance(node, tree.RangeLiteral) and isinstance(node.start, tree.Literal) and isinstance(node.end, tree.Literal):
        limits = compiler.compile(node)
        return lambda scope, value: _in_constant(value, limits(scope), scope)
    test = compiler.compile(node)
    return lambda scope, value: matches(value, test(scope), scope.run)


def _in_constant(value: Any, limits: Any, scope: Scope) -> bool | None:
    if limits is None:
        return None
    return matches(value, limits, scope.run) if type(value) is Range else in_range(value, limits, scope.run)
