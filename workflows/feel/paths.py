"""Evaluators of paths and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel import tree
from workflows.feel.numbers import as_int, as_number
from workflows.feel.properties import PROPERTIES
from workflows.feel.scope import Scope
from workflows.feel.values import KINDS, NUMBER, adopt, kind_of
from workflows.feel.weights import weight_of

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler
    from workflows.feel.limits import Run
    from workflows.feel.scope import Evaluator


def compile_path(node: tree.Path, compiler: Compiler) -> Evaluator:
    """The entry of a context, the property of a value; of a list, those of all its entries."""
    base, name = compiler.compile(node.base), node.name

    def follow(scope: Scope) -> Any:
        value = base(scope)
        if type(value) is dict:
            found = value.get(name)
            return found if type(found) in KINDS else adopt(found)
        return property_of(value, name, scope.run)

    return follow


def property_of(value: Any, name: str, run: Run) -> Any:
    """Return what `value.name` means; null if the value has nothing of that name."""
    kind = type(value)
    if kind is dict:
        return adopt(value.get(name))
    if kind is list:
        run.enter_call(len(value))
        found = [property_of(adopt(entry), name, run) for entry in value]
        run.leave_call()
        return found
    read = PROPERTIES.get((kind, name))
    return None if read is None else read(value)


def compile_filter(node: tree.Filter, compiler: Compiler) -> Evaluator:
    """The entry at a place, counted from 1 or from the end, or the entries for which the condition holds."""
    base = compiler.compile(node.base)
    place = _constant_place(node.condition)
    if place is not None:
        return lambda scope: entry_at(as_list(base(scope)), place)
    condition, weight = compiler.inner.compile(node.condition), weight_of(node.condition)

    def select(scope: Scope) -> Any:
        entries = as_list(base(scope))
        run = scope.run
        if not entries:
            return None if kind_of(condition(_around(None, scope))) == NUMBER else []
        chosen = []
        for entry in entries:
            run.charge(weight)
            answer = condition(_around(adopt(entry), scope))
            if answer is True:
                chosen.append(entry)
            elif kind_of(answer) == NUMBER:
                return entry_at(entries, answer)
        run.charge_list(len(chosen))
        return chosen

    return select


def _constant_place(node: tree.Node) -> Any:
    if isinstance(node, tree.Literal) and kind_of(node.value) == NUMBER:
        return node.value
    if isinstance(node, tree.Negation) and isinstance(node.operand, tree.Literal) and kind_of(node.operand.value) == NUMBER:
        return -node.operand.value
    return None


def _around(entry: Any, scope: Scope) -> Scope:
    """Open the scope of one entry: `item` is the entry, and a context's own entries have their names."""
    outer = Scope({"item": entry}, scope, scope.run)
    return Scope(entry, outer, scope.run) if type(entry) is dict else outer


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, null as an empty list, anything else as a list of one."""
    if type(value) is list:
        return value
    return [] if value is None else [value]


def entry_at(entries: list[Any], place: Any) -> Any:
    """Return the entry at a place counted from 1, or from the end with a negative place; null if there is none."""
    number = as_number(place)
    index = None if number is None else as_int(number)
    if index is None or index == 0 or abs(index) > len(entries):
        return None
    return adopt(entries[index - 1 if index > 0 else index])
