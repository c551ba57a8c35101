"""Built-in functions on contexts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.feel.functions.registry import Registry
from workflows.feel.values import adopt

if TYPE_CHECKING:
    from workflows.feel.limits import Run

FUNCTIONS = Registry()


@FUNCTIONS.builtin("get value(m: context, key: string)")
def get_value(_run: Run, context: dict[str, Any], key: str) -> Any:
    """The entry of that name, or null."""
    return adopt(context.get(key))


@FUNCTIONS.builtin("get value(context: context, keys: list)")
def get_value_along(run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    """The entry found by going from name to name, or null."""
    run.charge(len(keys))
    found: Any = context
    for key in keys:
        if type(found) is not dict or type(key) is not str:
            return None
        found = adopt(found.get(key))
    return found if keys else None


@FUNCTIONS.builtin("get entries(m: context)")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of all entries, each with `key` and `value`."""
    run.charge_list(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@FUNCTIONS.builtin("context put(context: context, key: string, value: any)")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A context with one entry set."""
    run.charge_list(len(context) + 1)
    return {**context, key: value}


@FUNCTIONS.builtin("context put(context: context, keys: list, value: any)")
def context_put_along(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    """A context with one entry set inside the contexts along the way."""
    if not keys or len(keys) > run.limits.depth or not all(type(key) is str for key in keys):
        return None
    run.charge_list(len(context) + 1)
    first, *rest = keys
    if not rest:
        return {**context, first: value}
    inside = adopt(context.get(first))
    if inside is not None and type(inside) is not dict:
        return None
    changed = context_put_along(run, inside or {}, rest, value)
    return None if changed is None else {**context, first: changed}


@FUNCTIONS.builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    """One context with the entries of all; a later one wins."""
    merged: dict[str, Any] = {}
    for context in map(adopt, contexts):
        if type(context) is not dict:
            return None
        run.charge_list(len(context))
        merged.update(context)
    return merged


@FUNCTIONS.builtin("context(entries: list)")
def context_of(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    """A context made of entries with `key` and `value`; null if a key is missing or comes twice."""
    run.charge_list(len(entries))
    made: dict[str, Any] = {}
    for entry in map(adopt, entries):
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made
