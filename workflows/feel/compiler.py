"""A tree into closures: each part becomes a function from a scope to its value, made once and called many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.calls import compile_call, compile_function
from workflows.feel.loops import compile_for, compile_quantified
from workflows.feel.operators import (
    compile_arithmetic,
    compile_between,
    compile_comparison,
    compile_conjunction,
    compile_disjunction,
    compile_in,
    compile_instance_of,
    compile_negation,
    compile_open_range,
    compile_range,
)
from workflows.feel.paths import compile_filter, compile_path
from workflows.feel.scope import Scope, lookup, lookup_outermost
from workflows.feel.weights import looks_inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.scope import Evaluator


class Compiler:
    """Turns parts into evaluators; `outermost` while no inner scope can hold a name."""

    __slots__ = ("outermost",)

    def __init__(self, *, outermost: bool = True) -> None:
        """Begin with the variables alone, or inside some scope."""
        self.outermost = outermost

    def compile(self, node: tree.Node) -> Evaluator:
        """Return the evaluator of a part."""
        return _COMPILERS[type(node)](node, self)

    @property
    def inner(self) -> Compiler:
        """The compiler for parts that see more than the variables."""
        return Compiler(outermost=False) if self.outermost else self


def _literal(node: tree.Literal, _compiler: Compiler) -> Evaluator:
    value = node.value
    return lambda _scope: value


def _name(node: tree.Name, compiler: Compiler) -> Evaluator:
    return lookup_outermost(node.text) if compiler.outermost else lookup(node.text)


def _if(node: tree.If, compiler: Compiler) -> Evaluator:
    condition, yes, no = compiler.compile(node.condition), compiler.compile(node.yes), compiler.compile(node.no)
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def _list(node: tree.ListLiteral, compiler: Compiler) -> Evaluator:
    entries, count = [compiler.compile(entry) for entry in node.entries], len(node.entries)
    constant = [entry.value for entry in node.entries if isinstance(entry, tree.Literal)]

    def build(scope: Scope) -> list[Any]:
        scope.run.charge_list(count)
        return [entry(scope) for entry in entries]

    def copy(scope: Scope) -> list[Any]:
        scope.run.charge_list(count)
        return constant.copy()

    return copy if len(constant) == count else build


def _context(node: tree.ContextLiteral, compiler: Compiler) -> Evaluator:
    if looks_inside(node):
        return _nested_context(node, compiler.inner)
    count = len(node.entries)
    literals = {key: value.value if isinstance(value, tree.Literal) else None for key, value in node.entries}
    others = [(key, compiler.compile(value)) for key, value in node.entries if not isinstance(value, tree.Literal)]

    def build(scope: Scope) -> dict[str, Any]:
        scope.run.charge(count)
        context = literals.copy()
        for key, value in others:
            context[key] = value(scope)
        return context

    return build


def _nested_context(node: tree.ContextLiteral, inner: Compiler) -> Evaluator:
    """Entries that see each other are worked out in a scope of their own."""
    entries = [(key, inner.compile(value)) for key, value in node.entries]

    def build(scope: Scope) -> dict[str, Any]:
        scope.run.charge(len(entries))
        context: dict[str, Any] = {}
        inside = Scope(context, scope, scope.run)
        for key, value in entries:
            context[key] = value(inside)
        return context

    return build


_COMPILERS: dict[type[tree.Node], Callable[[Any, Compiler], Evaluator]] = {
    tree.Literal: _literal,
    tree.Name: _name,
    tree.If: _if,
    tree.ListLiteral: _list,
    tree.ContextLiteral: _context,
    tree.Path: compile_path,
    tree.Filter: compile_filter,
    tree.Call: compile_call,
    tree.FunctionDefinition: compile_function,
    tree.For: compile_for,
    tree.Quantified: compile_quantified,
    tree.Negation: compile_negation,
    tree.Arithmetic: compile_arithmetic,
    tree.Comparison: compile_comparison,
    tree.Conjunction: compile_conjunction,
    tree.Disjunction: compile_disjunction,
    tree.Between: compile_between,
    tree.In: compile_in,
    tree.InstanceOf: compile_instance_of,
    tree.RangeLiteral: compile_range,
    tree.OpenRange: compile_open_range,
}
