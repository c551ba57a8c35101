"""How much one evaluation of a part costs: loops and functions pay this per turn."""

from __future__ import annotations

from workflows.feel import tree


def weight_of(node: tree.Node) -> int:
    """Count the parts of an expression."""
    count = 0
    waiting = [node]
    while waiting:
        count += 1
        waiting.extend(tree.children(waiting.pop()))
    return count


def mentions(node: tree.Node, name: str) -> bool:
    """Tell whether a name occurs anywhere in an expression."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tree.Name) and part.text == name:
            return True
        waiting.extend(tree.children(part))
    return False
