"""Expressions and unary tests: parsed once, evaluated many times."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.compiler import Compiler
from workflows.feel.errors import FeelError, FeelLimitError
from workflows.feel.limits import DEFAULT, Limits, Run
from workflows.feel.parser import parse_tests_tree, parse_tree
from workflows.feel.scope import Scope
from workflows.feel.usage import free_names
from workflows.feel.verdicts import compile_tests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from workflows.feel.types import Type

_REMEMBERED = 4_096
_LONGEST_REMEMBERED = 500  # characters: long texts are parsed anew, so that the memory stays small


class Expression:
    """A parsed expression; it never changes and may be kept and shared."""

    __slots__ = ("_evaluator", "limits", "names", "text", "tree")

    def __init__(self, text: str, parsed: tree.Node, limits: Limits = DEFAULT) -> None:
        """Prepare a parsed text for evaluation.

        Raises:
            FeelLimitError: It nests too deep.
        """
        self.text = text
        self.tree = parsed
        self.limits = limits
        try:
            self._evaluator = Compiler().compile(parsed)
            self.names: frozenset[str] = free_names(parsed)
        except RecursionError:
            raise FeelLimitError("This expression nests too deep.", text=text) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, variables: Mapping[str, Any], *, now: datetime | None = None, run: Run | None = None) -> Any:
        """Return the expression's value.

        A name that is neither a variable nor a built-in function is null, and so is whatever does not fit together.

        Args:
            variables: JSON or FEEL values by name.
            now: The moment that `now()` and `today()` mean; without it they are null.
            run: A run under way whose budget and moment this evaluation shares.

        Raises:
            FeelLimitError: The evaluation costs more than its budget.
        """
        try:
            return self._evaluator(Scope(variables, None, run or Run(self.limits, now)))
        except FeelError as error:
            error.text = error.text or self.text
            raise
        except RecursionError:
            raise FeelLimitError("This expression nests too deep.", text=self.text) from None


class UnaryTests:
    """What an input cell of a decision table asks of a value.

    Attributes:
        check: From value, variables and run to true, false or null: `accepts` without its trimmings, for tables.
    """

    __slots__ = ("check", "limits", "names", "text", "tree")

    def __init__(self, text: str, parsed: tree.Node, limits: Limits = DEFAULT) -> None:
        """Prepare a parsed cell; raises as `Expression` does."""
        self.text = text
        self.tree = parsed
        self.limits = limits
        try:
            self.check = compile_tests(parsed)
            self.names: frozenset[str] = free_names(parsed) - {"?"}
        except RecursionError:
            raise FeelLimitError("This expression nests too deep.", text=text) from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"

    @property
    def accepts_everything(self) -> bool:
        """Whether the cell is empty or `-`."""
        return isinstance(self.tree, tree.Tests) and not self.tree.tests

    def accepts(self, value: Any, variables: Mapping[str, Any], *, now: datetime | None = None, run: Run | None = None) -> bool:
        """Tell whether the tests accept a value; where they cannot tell, they do not.

        Args:
            value: The input's value, which `?` stands for.
            variables: What else the tests may mention.
            now: As for `Expression.evaluate`.
            run: As for `Expression.evaluate`.

        Raises:
            FeelLimitError: The evaluation costs more than its budget.
        """
        try:
            return self.check(value, variables, run or Run(self.limits, now)) is True
        except FeelError as error:
            error.text = error.text or self.text
            raise
        except RecursionError:
            raise FeelLimitError("This expression nests too deep.", text=self.text) from None


def parse(
    text: str, names: Iterable[str] = (), *, types: Mapping[str, Type] | None = None, limits: Limits = DEFAULT
) -> Expression:
    """Read an expression, without the `=` that marks it in a diagram.

    Args:
        text: The expression.
        names: Known names, where they have signs in them (`a-b`) or words that FEEL uses itself.
        types: Types that have names of their own, for `instance of`.
        limits: How much the expression may cost.

    Raises:
        FeelSyntaxError: It is not FEEL; says where.
        FeelLimitError: It is too long or nests too deep.
    """
    if types is None and limits is DEFAULT and len(text) <= _LONGEST_REMEMBERED:
        return _parse_remembered(text, frozenset(names))
    return Expression(text, parse_tree(text, names=names, types=types, limits=limits), limits)


@lru_cache(maxsize=_REMEMBERED)
def _parse_remembered(text: str, names: Collection[str]) -> Expression:
    return Expression(text, parse_tree(text, names=names))


def parse_unary_tests(
    text: str, names: Iterable[str] = (), *, types: Mapping[str, Type] | None = None, limits: Limits = DEFAULT
) -> UnaryTests:
    """Read an input cell of a decision table; arguments and errors are those of `parse`."""
    if types is None and limits is DEFAULT and len(text) <= _LONGEST_REMEMBERED:
        return _parse_tests_remembered(text, frozenset(names))
    return UnaryTests(text, parse_tests_tree(text, names=names, types=types, limits=limits), limits)


@lru_cache(maxsize=_REMEMBERED)
def _parse_tests_remembered(text: str, names: Collection[str]) -> UnaryTests:
    return UnaryTests(text, parse_tests_tree(text, names=names))
