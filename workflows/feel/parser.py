"""Tokens into a tree: expressions by precedence, tests for decision tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel import tree
from workflows.feel.errors import FeelLimitError, FeelSyntaxError
from workflows.feel.lexer import END, NAME, SYMBOL, tokenize
from workflows.feel.limits import DEFAULT, Limits
from workflows.feel.operands import OperandParser

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflows.feel.tree import Node
    from workflows.feel.types import Type

OR, AND, COMPARE, ADD, MULTIPLY, POWER, INSTANCE = 1, 2, 3, 4, 5, 6, 7
_OPERATORS = {
    "+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER,
    "=": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
}  # fmt: skip
_WORD_OPERATORS = {"or": OR, "and": AND, "between": COMPARE, "in": COMPARE, "instance": INSTANCE}
_LONGEST_CHAIN = 400


def parse_tree(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None, limits: Limits = DEFAULT
) -> Node:
    """Read one expression.

    Raises:
        FeelSyntaxError: The text is not FEEL; says where.
        FeelLimitError: The text is too long or nests too deep.
    """
    return _parse(text, names, types, limits, tests=False)


def parse_tests_tree(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None, limits: Limits = DEFAULT
) -> Node:
    """Read a cell of a decision table's input; raises like `parse_tree`."""
    return _parse(text, names, types, limits, tests=True)


def parse_type(text: str, types: Mapping[str, Type] | None = None) -> Type:
    """Read a type such as `list<number>`; `types` are those with names of their own. Raises like `parse_tree`."""
    parser = Parser(text, tokenize(text), names=(), types=types or {}, limits=DEFAULT)
    made = parser.type()
    parser.expect_end()
    return made


def _parse(text: str, names: Iterable[str], types: Mapping[str, Type] | None, limits: Limits, *, tests: bool) -> Node:
    if len(text) > limits.source_chars:
        raise FeelLimitError("An expression may have at most {chars} characters.", text=text, chars=limits.source_chars)
    parser = Parser(text, tokenize(text, limits.tokens), names=names, types=types or {}, limits=limits)
    try:
        return parser.whole_tests() if tests else parser.whole_expression()
    except RecursionError:
        raise FeelLimitError("This expression nests too deep.", text=text) from None


class Parser(OperandParser):
    """Reads one text. Operators are here; literals, brackets and the forms that begin with a word are in `OperandParser`."""

    def whole_expression(self) -> Node:
        """Read the text as one expression."""
        node = self.expression()
        self.expect_end()
        return node

    def whole_tests(self) -> Node:
        """Read the text as unary tests; an empty one and `-` accept everything."""
        start = self.token.start
        if self.token.kind == END or (self.token.text == "-" and self.peek().kind == END):
            return tree.Tests(position=start, tests=())
        if self.token.text == "not" and self.peek().text == "(":
            negated = self._negated_tests()
            if negated is not None:
                return tree.Tests(position=start, tests=negated, negated=True)
        tests = self.tests()
        self.expect_end()
        return tree.Tests(position=start, tests=tests)

    def _negated_tests(self) -> tuple[Node, ...] | None:
        """Read `not(…)` around all tests; None, with nothing read, where it is the beginning of an expression."""
        depth, scopes = self.depth, self.known.scopes
        self.advance(2)
        try:
            tests = self.tests()
            if self.accept(")") and self.token.kind == END:
                return tests
        except FeelSyntaxError:
            self.known.leave_scopes(scopes)
        self.depth, self.place, self.token = depth, 0, self.tokens[0]
        return None

    def expect_end(self) -> None:
        """Refuse whatever is left."""
        if self.token.kind == END:
            return
        self.refuse_mistaken()
        raise self.error("The expression should end here, but “{found}” follows.", found=self.token.text)

    def expression(self, lowest: int = OR) -> Node:
        """Read an expression whose operators bind at least as tight as `lowest`."""
        self.deeper()
        left = self.prefix()
        chain = 0
        while True:
            binding = self._binding()
            if binding < lowest:
                break
            chain += 1
            if chain > _LONGEST_CHAIN:
                raise FeelLimitError(
                    "More than {count} operators stand in a row here.",
                    text=self.text,
                    position=self.token.start,
                    count=_LONGEST_CHAIN,
                )
            left = self._operation(left, binding)
        self.shallower()
        return left

    def _binding(self) -> int:
        token = self.token
        if token.kind == NAME:
            return _WORD_OPERATORS.get(token.text, 0)
        return _OPERATORS.get(token.text, 0) if token.kind == SYMBOL else 0

    def _operation(self, left: Node, binding: int) -> Node:
        operator = self.token.text
        if binding in (OR, AND):
            return self._logical(left, operator, binding)
        if operator == "instance":
            return self._instance_of(left)
        self.advance()
        if operator == "between":
            return self._between(left)
        if operator == "in":
            return tree.In(position=left.position, operand=left, tests=self.in_tests())
        self._refuse_double_equals(operator)
        right = self.expression(binding + 1)
        made = tree.Comparison if binding == COMPARE else tree.Arithmetic
        return made(position=left.position, operator=operator, left=left, right=right)

    def _refuse_double_equals(self, operator: str) -> None:
        if operator == "=" and self.token.text == "=":
            raise self.error("FEEL compares with a single =.")

    def _logical(self, left: Node, word: str, binding: int) -> Node:
        parts = [left]
        while self.token.kind == NAME and self.token.text == word:
            self.advance()
            parts.append(self.expression(binding + 1))
        made = tree.Conjunction if binding == AND else tree.Disjunction
        return made(position=left.position, parts=tuple(parts))

    def _instance_of(self, left: Node) -> Node:
        self.advance()
        self.expect("of")
        return tree.InstanceOf(position=left.position, operand=left, type=self.type())

    def _between(self, left: Node) -> Node:
        low = self.expression(ADD)
        self.expect("and")
        high = self.expression(ADD)
        return tree.Between(position=left.position, operand=left, low=low, high=high)
