"""Which names an expression uses that it does not define itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workflows.feel import tree
from workflows.feel.functions import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterator


class Use(NamedTuple):
    """A name used at a place.

    Attributes:
        called: Whether it is called as a function.
        in_filter: Whether it may mean an entry of the contexts being filtered, so that nobody can tell before.
    """

    name: str
    position: int
    called: bool
    in_filter: bool


def free_names(node: tree.Node) -> frozenset[str]:
    """Return the names that must come from outside.

    A name inside a filter may be an entry's own and does not count. The name of a built-in function counts unless it is called:
    `mode` is far more often a variable than a function handed on.
    """
    return frozenset(use.name for use in uses_of(node) if not use.in_filter and not (use.called and use.name in BUILT_IN))


def uses_of(node: tree.Node) -> Iterator[Use]:
    """Yield every use of a name that the expression does not define itself."""
    yield from _walk(node, frozenset(), in_filter=False)


def _walk(node: tree.Node, bound: frozenset[str], *, in_filter: bool) -> Iterator[Use]:
    if isinstance(node, tree.Name):
        if node.text not in bound:
            yield Use(node.text, node.position, called=False, in_filter=in_filter)
    elif isinstance(node, tree.Call):
        yield from _call(node, bound, in_filter=in_filter)
    elif isinstance(node, tree.Filter):
        yield from _walk(node.base, bound, in_filter=in_filter)
        yield from _walk(node.condition, bound | {"item"}, in_filter=True)
    elif isinstance(node, tree.For | tree.Quantified):
        yield from _loop(node, bound, in_filter=in_filter)
    elif isinstance(node, tree.ContextLiteral):
        for key, value in node.entries:
            yield from _walk(value, bound, in_filter=in_filter)
            bound = bound | {key}
    elif isinstance(node, tree.FunctionDefinition):
        if node.body is not None:
            yield from _walk(node.body, bound | {name for name, _ in node.parameters}, in_filter=in_filter)
    else:
        for child in tree.children(node):
            yield from _walk(child, bound, in_filter=in_filter)


def _call(node: tree.Call, bound: frozenset[str], *, in_filter: bool) -> Iterator[Use]:
    if isinstance(node.function, tree.Name):
        if node.function.text not in bound:
            yield Use(node.function.text, node.function.position, called=True, in_filter=in_filter)
    else:
        yield from _walk(node.function, bound, in_filter=in_filter)
    for argument in node.arguments:
        yield from _walk(argument, bound, in_filter=in_filter)


def _loop(node: tree.For | tree.Quantified, bound: frozenset[str], *, in_filter: bool) -> Iterator[Use]:
    for iteration in node.iterations:
        yield from _walk(iteration.values, bound, in_filter=in_filter)
        if iteration.end is not None:
            yield from _walk(iteration.end, bound, in_filter=in_filter)
        bound = bound | {iteration.name}
    yield from _walk(node.body, bound | {"partial"}, in_filter=in_filter)
