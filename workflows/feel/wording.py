"""The words inside an expression, exchanged for those of other languages after it was evaluated.

A word is a string literal that is only put into the result: into a list, a context, a branch, a text. What is compared with, cut
or searched is a value. Each word is evaluated as a mark, one character that no text can hold, and afterwards each language puts
its words where the marks are: an expression is worked out once for all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from workflows.feel import tree
from workflows.feel.errors import FeelLimitError
from workflows.feel.expression import Expression
from workflows.feel.weights import parts_of

#: Marks are halves of a pair of UTF-16, which stand in no text that can be sent or stored.
_FIRST_MARK, _MOST_WORDS = 0xD800, 0x800
#: Functions that put their arguments into the result as they are; of a context that is looked into only the first counts.
_PLACING = frozenset({"append", "concatenate", "flatten", "get or else", "insert before", "reverse", "string", "string join"})
_LOOKING = "get value"


@dataclass(frozen=True, slots=True)
class Worded:
    """An expression with marks instead of its words.

    Attributes:
        words: What stands in the text, in the order of the marks.
    """

    expression: Expression
    words: tuple[str, ...]

    def marks(self, said: Mapping[str, str]) -> dict[int, str]:
        """Return what each mark says in a language, for `put_words`; a word that the language lacks stays as it is written."""
        return {_FIRST_MARK + place: said.get(word, word) for place, word in enumerate(self.words)}


def mark_words(expression: Expression) -> Worded:
    """Put marks in place of the words of an expression.

    Raises:
        FeelLimitError: There are more words than marks.
    """
    words = tuple(dict.fromkeys(word.value for word in _words(expression.tree)))
    if len(words) > _MOST_WORDS:
        raise FeelLimitError(f"This expression has more than {_MOST_WORDS} words.", text=expression.text)
    marks = {word: chr(_FIRST_MARK + place) for place, word in enumerate(words)}
    places = {id(word): replace(word, value=marks[word.value]) for word in _words(expression.tree)}
    return Worded(Expression(expression.text, _exchange(expression.tree, places), expression.limits), words)


def put_words(value: Any, marks: Mapping[int, str]) -> Any:
    """Put words where the marks are in a JSON value."""
    if isinstance(value, str):
        return value if value.isascii() else value.translate(marks)
    if isinstance(value, list):
        return [put_words(each, marks) for each in value]
    if isinstance(value, dict):
        return {key: put_words(each, marks) for key, each in value.items()}
    return value


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


def _words(node: tree.Node) -> Iterator[tree.Literal]:
    if isinstance(node, tree.Literal):
        if isinstance(node.value, str):
            yield node
        return
    for part in _placed(node):
        yield from _words(part)


def _placed(node: tree.Node) -> Iterator[tree.Node]:
    """Yield the parts of a node that come into its result as they are."""
    match node:
        case tree.ListLiteral():
            yield from node.entries
        case tree.ContextLiteral():
            inside = [part for _, value in node.entries for part in parts_of(value)]
            read = {part.text for part in inside if isinstance(part, tree.Name)}
            yield from (value for key, value in node.entries if key not in read)
        case tree.If():
            yield from (node.yes, node.no)
        case tree.For():
            yield node.body
        case tree.Path():
            yield node.base
        case tree.Filter() if _only_picks(node.condition):
            yield node.base
        case tree.Arithmetic(operator="+"):
            yield from (node.left, node.right)
        case tree.Call(function=tree.Name(text=name)):
            if name in _PLACING:
                yield from node.arguments
            elif name == _LOOKING and node.names is None:
                yield from node.arguments[:1]


def _only_picks(condition: tree.Node) -> bool:
    """Tell whether a filter asks for a place, or for what is there at all: it does not look at what it finds."""
    if isinstance(condition, tree.Comparison):
        return any(isinstance(side, tree.Literal) and side.value is None for side in (condition.left, condition.right))
    return not any(isinstance(part, tree.Name) for part in parts_of(condition))


def _exchange(node: Any, places: Mapping[int, tree.Literal]) -> Any:
    if isinstance(node, tuple):
        return tuple(_exchange(part, places) for part in node)
    if not isinstance(node, tree.Node):
        return node
    if (mark := places.get(id(node))) is not None:
        return mark
    return replace(node, **{field.name: _exchange(getattr(node, field.name), places) for field in fields(node)})
