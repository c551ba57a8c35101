"""The words inside an expression in another language: its string literals, exchanged by a table.

Only a few parts of an expression hold words. All others come to the same in every language, so a reworded expression asks its
variables for them, by their formula ("=" and their text), and `Parts` works each out once for all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from workflows.feel import tree
from workflows.feel.expression import Expression, parse
from workflows.feel.limits import Run
from workflows.feel.printing import print_expression
from workflows.feel.scope import PART
from workflows.feel.weights import looks_inside

_ASKED_FOR = (
    *(tree.Name, tree.Path, tree.Filter, tree.Call, tree.Negation, tree.Arithmetic, tree.Comparison, tree.Conjunction),
    *(tree.Disjunction, tree.Between, tree.In, tree.InstanceOf, tree.If, tree.For, tree.Quantified),
)
_BINDING = (tree.For, tree.Quantified, tree.Filter, tree.FunctionDefinition)
_find_part = lru_cache(maxsize=4_096)(parse)


class Parts(dict[str, Any]):
    """The variables of one expression in its languages, and the parts of it that hold no words, each worked out once.

    The parts share a budget: together they cost no more than the expression as it is written.
    """

    def __init__(self, variables: Mapping[str, Any], now: datetime | None) -> None:
        super().__init__(variables)
        self._variables = variables
        self._run = Run(now=now)

    def __missing__(self, name: str) -> Any:
        """Work out a part when it is first asked for."""
        value = _find_part(name.removeprefix(PART)).evaluate(self._variables, run=self._run)
        self[name] = value
        return value


def reword(expression: Expression, words: Mapping[str, str]) -> Expression | None:
    """Return the expression with every string literal of the table exchanged, to be evaluated over `Parts`.

    None when none of the literals stands in it.
    """
    if not _has_words(expression.tree, words):
        return None
    return Expression(expression.text, _exchange(expression.tree, words, outermost=True), expression.limits)


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


def _has_words(node: Any, words: Mapping[str, str]) -> bool:
    return any(text in words for text in literals_of(node))


def _exchange(node: Any, words: Mapping[str, str], *, outermost: bool) -> Any:
    """Exchange the words of a part; `outermost` while it sees nothing but the variables, as what is asked of them must."""
    if isinstance(node, tuple):
        return tuple(_exchange(part, words, outermost=outermost) for part in node)
    if not isinstance(node, tree.Node):
        return node
    if not _has_words(node, words):
        asked = outermost and isinstance(node, _ASKED_FOR)
        return tree.Name(position=node.position, text=PART + print_expression(node)) if asked else node
    if isinstance(node, tree.Literal):
        return replace(node, value=words[node.value])
    binds = isinstance(node, _BINDING) or (isinstance(node, tree.ContextLiteral) and looks_inside(node))
    asks = outermost and not binds
    changed = {field.name: _exchange(getattr(node, field.name), words, outermost=asks) for field in fields(node)}
    if isinstance(node, tree.Call):  # a name that is called may be that of a built-in function
        changed["function"] = _exchange(node.function, words, outermost=False)
    if isinstance(node, tree.For):
        first, *further = changed["iterations"]
        values = _exchange(node.iterations[0].values, words, outermost=outermost)
        changed["iterations"] = (replace(first, values=values), *further)
    return replace(node, **changed)
