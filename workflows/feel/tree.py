"""The parts of a parsed expression. Each knows the place in the text where it starts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.feel.types import Type


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A part of an expression."""

    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Literal(Node):
    """A value that stands in the text."""

    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Name(Node):
    """A variable, a parameter or a built-in function."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Call(Node):
    """`function(arguments)`; with `names`, the arguments are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Arithmetic(Node):
    """`left operator right` with one of + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison(Node):
    """`left operator right` with one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Conjunction(Node):
    """All parts hold: `a and b and c`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disjunction(Node):
    """At least one part holds: `a or b or c`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Between(Node):
    """`operand between low and high`, both included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class In(Node):
    """`operand in tests`: one of the tests accepts the operand."""

    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceOf(Node):
    """`operand instance of type`."""

    operand: Node
    type: Type


@dataclass(frozen=True, kw_only=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Iteration(Node):
    """`name in values`, or `name in values..end` with an end."""

    name: str
    values: Node
    end: Node | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class For(Node):
    """`for iterations return body`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantified(Node):
    """`some iterations satisfies body`, or `every …`."""

    every: bool
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionDefinition(Node):
    """`function(parameters) body`; an external one has no body here."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, …}`; a later entry sees the earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLiteral(Node):
    """`[a, b, …]`."""

    entries: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RangeLiteral(Node):
    """`[start..end]`, each end included or not."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRange(Node):
    """A comparison with nothing on its left: `< 7`, `= 3`, `!= "A"`."""

    operator: str
    operand: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Tests(Node):
    """Unary tests: any of them accepts the value; with `negated`, none may. No tests accept everything."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """Yield the parts directly inside a part, in the order of the text."""
    for name in _parts_of(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes_in(value)


def _parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The names of the fields that may hold further parts."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(field.name for field in fields(kind) if field.name not in _LEAVES)
    return _PARTS[kind]


_PARTS: dict[type[Node], tuple[str, ...]] = {}
_LEAVES = frozenset({"position", "name", "text", "operator", "type", "value", "names", "parameters"})


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _nodes_in(entry)
