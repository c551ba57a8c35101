"""One difference, and what all comparisons share."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from workflows.errors import Problem

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
NOTHING = "—"
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference(Problem):
    """One thing that differs, as a sentence.

    Attributes:
        part: "process", "diagram", "table", "form" or "text".
        kind: "added", "removed" or "changed".
        file: The file in which it is.
    """

    part: str
    kind: str
    file: str = ""


def pairs(old: Mapping[Key, Value], new: Mapping[Key, Value]) -> Iterator[tuple[Key, Value | None, Value | None]]:
    """Go through everything that either has: what is gone first, then in the order of the new."""
    for key, value in old.items():
        if key not in new:
            yield key, value, None
    for key, value in new.items():
        yield key, old.get(key), value


def kind_of(old: object | None, new: object | None) -> str:
    """Say whether something came, went or changed."""
    return ADDED if old is None else REMOVED if new is None else CHANGED


def shown(value: Any) -> str:
    """Write a value for a sentence."""
    if value is None or value in ("", (), [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | frozenset | set):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(each)}" for name, each in value.items())
    return str(getattr(value, "text", value))
