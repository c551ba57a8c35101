"""A tree back into text: what it prints, the parser reads as the same tree.

Only the brackets that are needed are written. Where names could be taken for something else (`date and time(…)` may be a
function, or two names joined), the text is written once more with every name in backquotes and every operand in brackets.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from workflows.feel import tree
from workflows.feel.conversion import temporal_text
from workflows.feel.errors import FeelError
from workflows.feel.functions import FUNCTION_WORDS
from workflows.feel.lexer import END, KEYWORDS, NAME, tokenize
from workflows.feel.limits import Limits
from workflows.feel.names import KnownNames, plain_words_at
from workflows.feel.numbers import text_of
from workflows.feel.parser import ADD, AND, COMPARE, MULTIPLY, OR, POWER, parse_tests_tree, parse_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.feel.types import Type

_BINDINGS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}
_PREFIX, _POSTFIX = 7, 9
_LONGEST_PLAIN_NUMBER = 60
_ROOMY = Limits(source_chars=10_000_000, tokens=1_000_000)
_FUNCTIONS = KnownNames((), FUNCTION_WORDS)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def print_expression(node: tree.Node) -> str:
    """Write an expression, or unary tests, as text."""
    plain = _Printer(cautious=False).write(node, 0)
    if _reads_as(plain, node):
        return plain
    return _Printer(cautious=True).write(node, 0)


def without_positions(node: tree.Node) -> tree.Node:
    """Return the same tree with all positions at 0, so that trees of different texts can be compared."""
    changes = {field.name: _unplaced(getattr(node, field.name)) for field in fields(node) if field.name != "position"}
    return replace(node, position=0, **changes)


def _unplaced(value: Any) -> Any:
    if isinstance(value, tree.Node):
        return without_positions(value)
    return tuple(map(_unplaced, value)) if isinstance(value, tuple) else value


def _reads_as(text: str, node: tree.Node) -> bool:
    read = parse_tests_tree if isinstance(node, tree.Tests) else parse_tree
    try:
        return without_positions(read(text, limits=_ROOMY)) == without_positions(node)
    except FeelError:
        return False


def _is_plain(name: str) -> bool:
    """Whether a name can stand without backquotes: words that the parser takes together, and as nothing else."""
    try:
        tokens = tokenize(name)
    except FeelError:
        return False  # a quotation mark, say, that nothing closes
    if any(token.kind != NAME or token.text in KEYWORDS for token in tokens if token.kind != END):
        return False
    known = _FUNCTIONS.longest_at(tokens, 0)
    count = plain_words_at(tokens, 0) if known is None else known[1]
    return count == len(tokens) - 1 and " ".join(name.split()) == name


class _Printer:
    """Writes parts; `level` is how tight an operator around the part binds."""

    def __init__(self, *, cautious: bool) -> None:
        self.cautious = cautious

    def write(self, node: tree.Node, level: int) -> str:
        """Write a part, in brackets if what stands around it binds tighter."""
        text, own = _WRITERS[type(node)](self, node)
        return f"({text})" if own < level or (self.cautious and level > 0 and own < _POSTFIX) else text

    def name(self, text: str) -> str:
        return text if not self.cautious and _is_plain(text) else f"`{text}`"

    def test(self, node: tree.Node) -> str:
        """Write a part where a comparison may stand without its left side."""
        if isinstance(node, tree.OpenRange):
            return self.open_range(node)[0].removeprefix("(").removesuffix(")")
        return self.write(node, 0)

    def tests(self, nodes: tuple[tree.Node, ...]) -> str:
        return ", ".join(map(self.test, nodes))

    def literal(self, node: tree.Literal) -> tuple[str, int]:
        value = node.value
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value], _POSTFIX
        if isinstance(value, str):
            return f'"{value.translate(_ESCAPES)}"', _POSTFIX
        if isinstance(value, int | Decimal):
            text = text_of(value)
            return (text if len(text) < _LONGEST_PLAIN_NUMBER else str(Decimal(value))), _POSTFIX
        return f'@"{temporal_text(value)}"', _POSTFIX

    def named(self, node: tree.Name) -> tuple[str, int]:
        return ("?" if node.text == "?" else self.name(node.text)), _POSTFIX

    def path(self, node: tree.Path) -> tuple[str, int]:
        return f"{self.write(node.base, _POSTFIX)}.{self.name(node.name)}", _POSTFIX

    def filter(self, node: tree.Filter) -> tuple[str, int]:
        return f"{self.write(node.base, _POSTFIX)}[{self.test(node.condition)}]", _POSTFIX

    def call(self, node: tree.Call) -> tuple[str, int]:
        arguments = [self.test(argument) for argument in node.arguments]
        if node.names is not None:
            arguments = [f"{self.name(name)}: {text}" for name, text in zip(node.names, arguments, strict=True)]
        return f"{self.write(node.function, _POSTFIX)}({', '.join(arguments)})", _POSTFIX

    def negation(self, node: tree.Negation) -> tuple[str, int]:
        return f"-{self.write(node.operand, _PREFIX)}", _PREFIX

    def arithmetic(self, node: tree.Arithmetic) -> tuple[str, int]:
        own = _BINDINGS[node.operator]
        return f"{self.write(node.left, own)} {node.operator} {self.write(node.right, own + 1)}", own

    def comparison(self, node: tree.Comparison) -> tuple[str, int]:
        return f"{self.write(node.left, COMPARE)} {node.operator} {self.write(node.right, ADD)}", COMPARE

    def conjunction(self, node: tree.Conjunction) -> tuple[str, int]:
        return " and ".join(self.write(part, COMPARE) for part in node.parts), AND

    def disjunction(self, node: tree.Disjunction) -> tuple[str, int]:
        return " or ".join(self.write(part, AND) for part in node.parts), OR

    def between(self, node: tree.Between) -> tuple[str, int]:
        ends = f"{self.write(node.low, ADD)} and {self.write(node.high, ADD)}"
        return f"{self.write(node.operand, COMPARE)} between {ends}", COMPARE

    def within(self, node: tree.In) -> tuple[str, int]:
        return f"{self.write(node.operand, COMPARE)} in ({self.tests(node.tests)})", COMPARE

    def instance_of(self, node: tree.InstanceOf) -> tuple[str, int]:
        """A type may be followed by signs of its own, so as an operand this always stands in brackets."""
        return f"{self.write(node.operand, _PREFIX + 1)} instance of {self.type(node.type)}", AND

    def if_(self, node: tree.If) -> tuple[str, int]:
        return f"if {self.write(node.condition, 0)} then {self.write(node.yes, 0)} else {self.write(node.no, 0)}", 0

    def iterations(self, iterations: tuple[tree.Iteration, ...]) -> str:
        return ", ".join(self.iteration(iteration) for iteration in iterations)

    def iteration(self, node: tree.Iteration) -> str:
        end = "" if node.end is None else f"..{self.write(node.end, ADD)}"
        return f"{self.name(node.name)} in {self.write(node.values, ADD if end else 0)}{end}"

    def for_(self, node: tree.For) -> tuple[str, int]:
        return f"for {self.iterations(node.iterations)} return {self.write(node.body, 0)}", 0

    def quantified(self, node: tree.Quantified) -> tuple[str, int]:
        word = "every" if node.every else "some"
        return f"{word} {self.iterations(node.iterations)} satisfies {self.write(node.body, 0)}", 0

    def function(self, node: tree.FunctionDefinition) -> tuple[str, int]:
        typed = (self.name(name) + (f": {self.type(wanted)}" if wanted else "") for name, wanted in node.parameters)
        body = "external {}" if node.body is None else self.write(node.body, 0)
        return f"function({', '.join(typed)}) {body}", 0

    def context(self, node: tree.ContextLiteral) -> tuple[str, int]:
        entries = (f"{self.key(name)}: {self.write(value, 0)}" for name, value in node.entries)
        return f"{{{', '.join(entries)}}}", _POSTFIX

    def key(self, name: str) -> str:
        return name if name and " " not in name and not self.cautious and _is_plain(name) else f'"{name.translate(_ESCAPES)}"'

    def list(self, node: tree.ListLiteral) -> tuple[str, int]:
        return f"[{self.tests(node.entries)}]", _POSTFIX

    def range(self, node: tree.RangeLiteral) -> tuple[str, int]:
        opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
        return f"{opening}{self.write(node.start, ADD)}..{self.write(node.end, ADD)}{closing}", _POSTFIX

    def open_range(self, node: tree.OpenRange) -> tuple[str, int]:
        return f"({node.operator} {self.write(node.operand, ADD)})", _POSTFIX

    def all_tests(self, node: tree.Tests) -> tuple[str, int]:
        if not node.tests:
            return "-", _POSTFIX
        text = self.tests(node.tests)
        if node.negated:
            return f"not({text})", _POSTFIX
        return (f"({text})" if len(node.tests) == 1 and text.startswith("not(") else text), _POSTFIX

    def type(self, wanted: Type) -> str:
        """Write a type."""
        if wanted.element is not None:
            return f"{wanted.name}<{self.type(wanted.element)}>"
        if wanted.entries is not None:
            return f"context<{', '.join(f'{self.name(name)}: {self.type(kind)}' for name, kind in wanted.entries)}>"
        if wanted.parameters is not None and wanted.result is not None:
            return f"function<{', '.join(map(self.type, wanted.parameters))}> -> {self.type(wanted.result)}"
        return wanted.name


_WRITERS = cast(
    "dict[type[tree.Node], Callable[[_Printer, tree.Node], tuple[str, int]]]",
    {
        tree.Literal: _Printer.literal,
        tree.Name: _Printer.named,
        tree.Path: _Printer.path,
        tree.Filter: _Printer.filter,
        tree.Call: _Printer.call,
        tree.Negation: _Printer.negation,
        tree.Arithmetic: _Printer.arithmetic,
        tree.Comparison: _Printer.comparison,
        tree.Conjunction: _Printer.conjunction,
        tree.Disjunction: _Printer.disjunction,
        tree.Between: _Printer.between,
        tree.In: _Printer.within,
        tree.InstanceOf: _Printer.instance_of,
        tree.If: _Printer.if_,
        tree.For: _Printer.for_,
        tree.Quantified: _Printer.quantified,
        tree.FunctionDefinition: _Printer.function,
        tree.ContextLiteral: _Printer.context,
        tree.ListLiteral: _Printer.list,
        tree.RangeLiteral: _Printer.range,
        tree.OpenRange: _Printer.open_range,
        tree.Tests: _Printer.all_tests,
    },
)
