"""The card of a task: the facts that a decider needs, and the flags that must not be overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from markupsafe import Markup, escape

from webapp.presenters.values import show_value
from webapp.speech import gettext

_FLAGS = frozenset({"flags", "red_flags", "warnings"})
_NAMES = ("label", "name", "fact", "title", "key")
_CODE = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact: what it is called and what it is."""

    name: str
    value: Markup


@dataclass(frozen=True, kw_only=True)
class Card:
    """Facts in their order, and flags."""

    facts: list[Fact]
    flags: list[Markup]


def read_card(card: Any, names: Mapping[str, str], zone: tzinfo | None = None) -> Card:
    """Read a card as the diagram wrote it: a context of facts, or a list of {label, value}; `flags` lists what stands out.

    Args:
        names: Names of persons and areas by code, to be read in their place.
        zone: The zone in which moments are shown; by default the reader's.
    """
    pairs = list(_pairs(card))
    flags = [show_named(flag, names) for name, value in pairs if name in _FLAGS for flag in _listed(value)]
    shown = [(name, value) for name, value in pairs if name not in _FLAGS and value not in (None, "", [])]
    return Card(
        facts=[Fact(name=_say_name(name, names), value=show_named(value, names, zone)) for name, value in shown], flags=flags
    )


def collect_codes(value: Any) -> Iterator[str]:
    """Collect every text in a value that may be the code of something with a name."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from collect_codes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from collect_codes(inner)
    elif isinstance(value, str) and " " not in value:
        yield value


def show_named(value: Any, names: Mapping[str, str], zone: tzinfo | None = None) -> Markup:
    """Show a value with names in the place of codes, and words in the place of WORDS."""
    if isinstance(value, list | tuple):
        return Markup(", ").join(show_named(inner, names, zone) for inner in value)
    if isinstance(value, str) and value in names:
        return escape(names[value])
    if isinstance(value, str) and len(value) > 3 and _CODE.fullmatch(value):
        return escape(value.replace("_", " ").capitalize())
    return show_value(value, zone)


def _pairs(card: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(card, Mapping):
        yield from ((str(name), value) for name, value in card.items())
    elif isinstance(card, list):
        for each in card:
            name = next((each[key] for key in _NAMES if each.get(key)), None) if isinstance(each, Mapping) else None
            if name is not None and "value" in each:
                yield ("flags", f"{name}: {each['value']}") if each.get("flag") else (str(name), each["value"])
            else:
                yield from _pairs(each)
    elif card not in (None, ""):
        yield gettext("Fact"), card


def _listed(value: Any) -> list[Any]:
    return [flag for flag in (value if isinstance(value, list) else [value]) if flag not in (None, "", False)]


def _say_name(name: str, names: Mapping[str, str]) -> str:
    text = names.get(name) or name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
