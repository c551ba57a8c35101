"""The words inside an expression in another language: its string literals, exchanged by a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from workflows.feel import tree
from workflows.feel.expression import Expression, parse
from workflows.feel.printing import print_expression


def reword(expression: Expression, words: Mapping[str, str]) -> Expression | None:
    """Return the expression with every string literal of the table exchanged; None when none of them stands in it."""
    if not any(text in words for text in literals_of(expression.tree)):
        return None
    return parse(print_expression(_exchange(expression.tree, words)))


def literals_of(node: Any) -> Iterator[str]:
    """Yield the string literals of an expression, from the left; what is only compared with is a value and no word."""
    if isinstance(node, tree.Comparison):
        return
    if isinstance(node, tree.Literal):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, tree.Node):
        for field in fields(node):
            yield from literals_of(getattr(node, field.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from literals_of(part)


def _exchange(node: Any, words: Mapping[str, str]) -> Any:
    if isinstance(node, tree.Comparison):
        return node
    if isinstance(node, tuple):
        return tuple(_exchange(part, words) for part in node)
    if isinstance(node, tree.Literal):
        return replace(node, value=words.get(node.value, node.value)) if isinstance(node.value, str) else node
    if isinstance(node, tree.Node):
        return replace(node, **{field.name: _exchange(getattr(node, field.name), words) for field in fields(node)})
    return node
