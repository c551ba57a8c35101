"""From the flat names of a page ("stops.0.area") to nested answers, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflows.errors import AnswersInvalid, Problem

_MOST_PARTS = 12


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Build nested answers from the names and values of a posted page.

    A name given twice becomes a list. Parts that are all numbers become a list in their numeric order, whatever gaps they have.

    Raises:
        AnswersInvalid: A name says that something is both a text and a group of texts.
    """
    root: dict[str, Any] = {}
    for name, value in pairs:
        *path, last = name.split(".")
        if len(path) >= _MOST_PARTS:
            raise _no_such_field(name)
        place = root
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise _no_such_field(name)
        present = place.get(last)
        if isinstance(present, dict):
            raise _no_such_field(name)
        place[last] = value if last not in place else [*(present if isinstance(present, list) else [present]), value]
    return {name: _with_lists(value) for name, value in root.items()}


def _no_such_field(name: str) -> AnswersInvalid:
    return AnswersInvalid([Problem(where=name, sentence="This form has no field called {name}.", facts={"name": name})])


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(part.isascii() and part.isdigit() for part in value):
        return [_with_lists(value[part]) for part in sorted(value, key=lambda part: (len(part.lstrip("0")), part.lstrip("0")))]
    return {part: _with_lists(inner) for part, inner in value.items()}


def flatten(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return answers, typed or raw, as flat names and texts that fill the page again."""
    return dict(_flat("", answers))


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _flat(f"{name}.{part}" if name else str(part), inner)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _flat(f"{name}.{number}", inner)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    else:
        yield name, "" if value is None else str(value)
