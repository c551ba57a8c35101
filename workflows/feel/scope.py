"""Where names are looked up while an expression is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.functions import BUILT_IN
from workflows.feel.values import KINDS, adopt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflows.feel.limits import Run

MISSING = object()


class Scope:
    """Values by name, and the scope around them."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        """Open a scope inside another one, or the outermost one."""
        self.values = values
        self.parent = parent
        self.run = run

    def find(self, name: str) -> Any:
        """Return the innermost value of that name, or `MISSING`."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.values.get(name, MISSING)
            if value is not MISSING:
                return value if type(value) in KINDS else adopt(value)
            scope = scope.parent
        return MISSING


if TYPE_CHECKING:
    Evaluator = Callable[[Scope], Any]
    Tester = Callable[[Scope, Any], bool | None]


def lookup(name: str) -> Evaluator:
    """Make the evaluator of a name in inner scopes; an unknown name is a built-in function or null."""
    built_in = BUILT_IN.get(name)

    def find(scope: Scope) -> Any:
        value = scope.find(name)
        return built_in if value is MISSING else value

    return find


def lookup_outermost(name: str) -> Evaluator:
    """Make the evaluator of a name where only the variables can hold it."""
    built_in = BUILT_IN.get(name)
    kinds = KINDS

    def find(scope: Scope) -> Any:
        value = scope.values.get(name, built_in)
        return value if type(value) in kinds else adopt(value)

    return find
