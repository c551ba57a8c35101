"""Languages: which are offered, which one this request speaks, and how a sentence from the core is said in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from babel import Locale
from flask import Flask, request, session
from flask_babel import Babel, get_locale, gettext

from webapp.context import find_signed_in, settings
from webapp.presenters.moments import say_local_moment
from workflows.forms.rules import MomentText

NAMES = {"en": "English", "fr": "Français", "es": "Español", "ru": "Русский", "zh": "中文", "ar": "العربية"}
OFFERED = tuple(NAMES)
RIGHT_TO_LEFT = {"ar"}


class Sentence(Protocol):
    """An error: a sentence with named braces, which is also the key of its translation."""

    @property
    def sentence(self) -> str:
        """What is said."""

    @property
    def facts(self) -> Mapping[str, Any] | None:
        """What fills the braces."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language as the switch shows it."""

    code: str
    name: str
    direction: str
    is_current: bool


def init_languages(app: Flask) -> None:
    """Give an application its languages and the filters that speak them."""
    Babel(app, locale_selector=choose_locale, timezone_selector=choose_zone)
    app.jinja_env.filters["say"] = say
    app.jinja_env.filters["say_way_out"] = say_way_out
    app.jinja_env.globals.update(
        languages=languages, language=language, language_name=language_name, direction=direction, direction_of=direction_of
    )


def choose_zone() -> str:
    """Choose the clock of pages that belong to no area: the one of the reader's duty station, or of the house."""
    account = find_signed_in()
    return (account.zone if account else None) or settings().zone


def choose_locale() -> str:
    """Choose a language: as switched in this session, as kept in the profile, as the browser asks."""
    account = find_signed_in()
    for wish in (session.get("locale"), account.locale if account else None):
        if wish in OFFERED:
            return str(wish)
    return request.accept_languages.best_match(OFFERED, default=settings().locale) or "en"


def language() -> str:
    """Tell the code of the language that this page speaks, for its lang attribute."""
    return str((get_locale() or Locale("en")).language)


def direction() -> str:
    """Tell in which direction this page is written."""
    return direction_of(language())


def direction_of(code: str) -> str:
    """Tell in which direction a language is written."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def language_name() -> str:
    """Name the language of this page in itself."""
    return NAMES[language()]


def languages() -> list[Language]:
    """List the languages of the switch."""
    spoken = language()
    return [Language(code=code, name=NAMES[code], direction=direction_of(code), is_current=code == spoken) for code in OFFERED]


def say(spoken: Sentence | str) -> str:
    """Say an error or a problem in the language of this page."""
    if isinstance(spoken, str):
        return str(gettext(spoken))
    return _fill(gettext(spoken.sentence), spoken.facts)


def say_way_out(problem: Any) -> str:
    """Say what to do about a problem; empty where its sentence says so already."""
    return _fill(gettext(problem.way_out), problem.facts) if problem.way_out else ""


def _fill(text: str, facts: Mapping[str, Any] | None) -> str:
    return text.format(**{name: _say_fact(fact) for name, fact in facts.items()}) if facts else text


def _say_fact(fact: Any) -> Any:
    return say_local_moment(fact) if isinstance(fact, MomentText) else fact
