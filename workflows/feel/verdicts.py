"""Evaluators of unary tests: does an input cell of a decision table accept a value?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.comparing import matches
from workflows.feel.compiler import Compiler
from workflows.feel.operators import any_accepts, compile_test
from workflows.feel.scope import Scope
from workflows.feel.values import adopt
from workflows.feel.weights import mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflows.feel.limits import Run
    from workflows.feel.scope import Tester

    Check = Callable[[Any, Mapping[str, Any], Run], bool | None]

_BARE = (tree.Literal, tree.Name, tree.Path, tree.OpenRange, tree.RangeLiteral, tree.ListLiteral, tree.Negation)


def compile_tests(node: tree.Node) -> Check:
    """Return what checks a value against all tests of a cell."""
    if not isinstance(node, tree.Tests) or not node.tests:
        return lambda _value, _variables, _run: True
    texts = _constant_texts(node)
    check = _general(node) if texts is None else _among(texts, _general(node))
    return _negated(check) if node.negated else check


def _constant_texts(node: tree.Tests) -> frozenset[str] | None:
    """The texts of a cell such as `"A", "B"`; None for any other cell."""
    texts = [test.value for test in node.tests if isinstance(test, tree.Literal) and isinstance(test.value, str)]
    return frozenset(texts) if len(texts) == len(node.tests) else None


def _among(texts: frozenset[str], general: Check) -> Check:
    def check(value: Any, variables: Mapping[str, Any], run: Run) -> bool | None:
        return value in texts if type(value) is str else general(value, variables, run)

    return check


def _general(node: tree.Tests) -> Check:
    asks = mentions(node, ("?",))
    compiler = Compiler(outermost=not asks)
    tests = [_compile_one(test, compiler) for test in node.tests]

    def check(value: Any, variables: Mapping[str, Any], run: Run) -> bool | None:
        adopted = adopt(value)
        scope = Scope(variables, None, run)
        return any_accepts(tests, Scope({"?": adopted}, scope, run) if asks else scope, adopted)

    return check


def _negated(check: Check) -> Check:
    def none_accepts(value: Any, variables: Mapping[str, Any], run: Run) -> bool | None:
        answer = check(value, variables, run)
        return None if answer is None else not answer

    return none_accepts


def _compile_one(node: tree.Node, compiler: Compiler) -> Tester:
    """A test with `?` in it must hold; a bare value must match; any other expression may do either."""
    if mentions(node, ("?",)) and not isinstance(node, tree.OpenRange):
        condition = compiler.compile(node)
        return lambda scope, _value: _as_answer(condition(scope))
    if isinstance(node, _BARE):
        return compile_test(node, compiler)
    expression = compiler.compile(node)

    def check(scope: Scope, value: Any) -> bool | None:
        found = expression(scope)
        if type(found) is bool and type(value) is not bool:
            return found
        return matches(value, found, scope.run)

    return check


def _as_answer(value: Any) -> bool | None:
    return value if type(value) is bool else None
