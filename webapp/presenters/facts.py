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
from services.cards import texts_in
from services.notices.wording import LONE_WORD, put_names, turn_arrows
from webapp.i18n import direction
from webapp.presenters.moments import say_subject
from webapp.presenters.roles import ROLE_NAMES
from webapp.presenters.texts import Texts
from webapp.presenters.values import show_value
from webapp.speech import comma, gettext

_CODE = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)*")
# Codes inside a text: of persons and areas and words of several parts anywhere, one word only where it stands between signs.
# What people write themselves is left alone by that, capitals and all.
_INSIDE = re.compile(
    r"(?<![\w@./-])(?:[a-z][\w-]*(?:\.[a-z0-9][\w-]*)+|[A-Z][A-Z0-9]*(?:[_-][A-Z][A-Z0-9]*)+)(?![\w@/-])"
    rf"|{LONE_WORD}"
)

#: So many letters has the code of a country.
_COUNTRY = 2
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


def read_card(card: Any, names: Mapping[str, str], zone: tzinfo | None = None, *, place: Mapping[str, str] | None = None) -> Card:
    """Read a card as the diagram wrote it: a context of facts, or a list of {label, value}; `flags` lists what stands out.

    Args:
        names: Names of persons and areas by code, to be read in their place.
        zone: The zone in which moments are shown; by default the reader's.
        place: What texts call the area that the task is about, and organisations, with the names in the reader's language. Two
            letters alone may be a word of somebody's.
    """
    place = {written: said for written, said in (place or {}).items() if len(written) > _COUNTRY}
    facts = [
        Fact(name=say_fact_name(put_names(name, place), names), value=show_named(_put_place(value, place), names, zone))
        for name, value in tasks.facts_of(card)
    ]
    return Card(facts=facts, flags=[show_named(_put_place(flag, place), names) for flag in tasks.flags_of(card)])


def _put_place(value: Any, place: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_put_place(each, place) for each in value]
    return put_names(value, place) if isinstance(value, str) else value


def collect_codes(value: Any) -> Iterator[str]:
    """Collect every text in a value that may be the code of something with a name."""
    for text in texts_in(value):
        yield from codes_inside(text) if " " in text else [text]


def codes_inside(text: str) -> list[str]:
    """Find what may be codes between the words of a text."""
    return [found[0] for found in _INSIDE.finditer(text)]


def say_inside(text: str, names: Mapping[str, str], place: Mapping[str, str] | None = None) -> str:
    """Write a text with names in the place of the codes inside it.

    Args:
        place: What the text may call the area that it is about, with its name.
    """
    head, sign, tail = text.rpartition(": ")
    whole = put_names(f"{head}{sign}{names.get(tail, tail)}" if head else text, place or {})
    return turn_arrows(_INSIDE.sub(lambda found: names.get(found[0], found[0]), whole), direction())


def say_codes(codes: Iterable[str], texts: Texts) -> dict[str, str]:
    """Say codes that are words in capitals in the reader's language, as far as it has words for them; roles have names."""
    words = ((code, _RISK_WORDS.get(code) or texts.word(code) or ROLE_NAMES.get(code)) for code in set(codes) if code.isupper())
    return {code: str(said) for code, said in words if said}


def say_answers(value: Any, texts: Texts) -> dict[str, str]:
    """Say what tables answered in words, wherever it stands by itself, or behind the last colon of a text."""
    written = {part for text in texts_in(value) for part in (text, text.rpartition(": ")[2]) if part}
    return {part: said for part in written if (said := texts.sentence(part)) != part}


def show_named(value: Any, names: Mapping[str, str], zone: tzinfo | None = None) -> Markup:
    """Show a value with names in the place of codes, and words in the place of WORDS."""
    if isinstance(value, list | tuple):
        return escape(comma()).join(show_named(inner, names, zone) for inner in value)
    if isinstance(value, str) and value in names:
        said = names[value]
        return escape(said[:1].upper() + said[1:] if value.isupper() else said)
    if isinstance(value, str) and len(value) > 3 and _CODE.fullmatch(value):
        return escape(value.replace("_", " ").capitalize())
    return show_value(say_inside(value, names) if isinstance(value, str) else value, zone)


def say_fact_name(name: str, names: Mapping[str, str]) -> str:
    """Say what a fact is called, as the diagram has it or by the name of the code that stands there."""
    text = names.get(name) or say_subject(say_inside(name, names)).replace("_", " ").strip() or gettext("Fact")
    return text[:1].upper() + text[1:]
