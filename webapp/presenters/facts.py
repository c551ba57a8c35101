"""The card of a task: the facts that a decider needs, and the flags that must not be overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from services import tasks
from webapp.presenters.texts import Texts
from webapp.presenters.values import show_value
from webapp.speech import gettext

_CODE = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)*")


_RISK_WORDS = {
    "LOW": lazy_gettext("Low"),
    "MEDIUM": lazy_gettext("Medium"),
    "HIGH": lazy_gettext("High"),
    "VERY_HIGH": lazy_gettext("Very high"),
    "UNACCEPTABLE": lazy_gettext("Unacceptable"),
}


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
    facts = [Fact(name=say_fact_name(name, names), value=show_named(value, names, zone)) for name, value in tasks.facts_of(card)]
    return Card(facts=facts, flags=[show_named(flag, names) for flag in tasks.flags_of(card)])


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


def say_codes(codes: Iterable[str], texts: Texts) -> dict[str, str]:
    """Say codes that are words in capitals in the reader's language, as far as it has words for them."""
    words = {code: str(_RISK_WORDS.get(code) or texts.word(code)) for code in set(codes) if _CODE.fullmatch(code)}
    return {code: said for code, said in words.items() if said}


def show_named(value: Any, names: Mapping[str, str], zone: tzinfo | None = None) -> Markup:
    """Show a value with names in the place of codes, and words in the place of WORDS."""
    if isinstance(value, list | tuple):
        return Markup(", ").join(show_named(inner, names, zone) for inner in value)
    if isinstance(value, str) and value in names:
        return escape(names[value])
    if isinstance(value, str) and len(value) > 3 and _CODE.fullmatch(value):
        return escape(value.replace("_", " ").capitalize())
    return show_value(value, zone)


def say_fact_name(name: str, names: Mapping[str, str]) -> str:
    """Say what a fact is called, as the diagram has it or by the name of the code that stands there."""
    text = names.get(name) or name.replace("_", " ").strip() or gettext("Fact")
    return text[:1].upper() + text[1:]
