"""What an expression is made of: how much one evaluation of a part costs, and which names occur in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel import tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def parts_of(node: tree.Node) -> Iterator[tree.Node]:
    """Yield a part and all that is inside it."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(tree.children(part))


def weight_of(node: tree.Node) -> int:
    """Count the parts of an expression: loops and functions pay this per turn."""
    return sum(1 for _ in parts_of(node))


def mentions(node: tree.Node, names: Collection[str]) -> bool:
    """Tell whether one of the names occurs anywhere in an expression."""
    return any(isinstance(part, tree.Name) and part.text in names for part in parts_of(node))


def looks_inside(node: tree.ContextLiteral) -> bool:
    """Tell whether an entry of a context sees others: an earlier one by its name, or from within a function any of them."""
    earlier: set[str] = set()
    for key, value in node.entries:
        if mentions(value, earlier) or any(isinstance(part, tree.FunctionDefinition) for part in parts_of(value)):
            return True
        earlier.add(key)
    return False
