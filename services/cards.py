"""The card of a task as the diagram wrote it: facts by name, and the flags that must not be overlooked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: What a card calls the facts that stand out.
FLAG_NAMES = frozenset({"flags", "red_flags", "warnings"})
_LABELS = ("label", "name", "fact", "title", "key")


def flags_of(card: Any) -> list[str]:
    """Return the raw flags of a card, in its order; a card without any has nothing that stands out."""
    return [str(flag) for name, value in pairs_of(card) if name in FLAG_NAMES for flag in _listed(value)]


def facts_of(card: Any) -> list[tuple[str, Any]]:
    """Return the facts of a card that have a value, each with the name that the diagram gave it; "" where it gave none."""
    return [(name, value) for name, value in pairs_of(card) if name not in FLAG_NAMES and value not in (None, "", [])]


def pairs_of(card: Any) -> Iterator[tuple[str, Any]]:
    """Read a card, written as a context of facts or as a list of {label, value}; an entry with `flag: true` is a flag."""
    if isinstance(card, Mapping):
        yield from ((str(name), value) for name, value in card.items())
    elif isinstance(card, list):
        for each in card:
            yield from _pairs_of_entry(each)
    elif card not in (None, ""):
        yield "", card


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a value, however deep it stands."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


def _pairs_of_entry(entry: Any) -> Iterator[tuple[str, Any]]:
    name = next((entry[key] for key in _LABELS if entry.get(key)), None) if isinstance(entry, Mapping) else None
    if name is not None and "value" in entry:
        yield ("flags", f"{name}: {entry['value']}") if entry.get("flag") else (str(name), _with_reasons(entry))
    else:
        yield from pairs_of(entry)


def _with_reasons(entry: Mapping[Any, Any]) -> Any:
    """Return the value of a fact, and behind it the reasons that the diagram gives with it."""
    value, reasons = entry["value"], entry.get("reasons")
    return value if reasons in (None, "", []) else [value, *_listed(reasons)]


def _listed(value: Any) -> list[Any]:
    return [flag for flag in (value if isinstance(value, list) else [value]) if flag not in (None, "", False)]
